"""The metrics of the steps as a CSV file, plain or in Base64."""

import base64
import csv
import io
import json
from pathlib import Path
from typing import Any

from services.training.publishing.step_metrics import MAX_POINTS, describe_curve, name_result_file, write_step_metrics

HEADER = "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy"


def write_steps(path: Path, *steps: dict[str, Any]) -> Path:
    path.write_text("".join(f"\n{json.dumps(fields)}" for fields in steps))
    return path


def test_each_step_is_a_row_with_openais_columns(tmp_path: Path) -> None:
    steps = write_steps(
        tmp_path / "steps.jsonl",
        {"step": 1, "train_loss": 2.3456789, "train_mean_token_accuracy": 0.5, "percent": 50.0},
        {"step": 2, "train_loss": 1, "percent": 100.0},
        {"step": 2, "valid_loss": 1.5, "valid_mean_token_accuracy": 0.75},
    )
    assert write_step_metrics(steps, "csv").decode() == f"{HEADER}\n1,2.34568,0.5,,\n2,1,,1.5,0.75\n"


def test_the_base64_form_is_what_scripts_for_openai_decode(tmp_path: Path) -> None:
    steps = write_steps(tmp_path / "steps.jsonl", *({"step": step, "train_loss": 1 / step} for step in range(1, 301)))
    encoded = write_step_metrics(steps, "base64").decode()
    decoded = base64.b64decode(encoded.encode("utf-8"))
    assert decoded == write_step_metrics(steps, "csv")
    rows = list(csv.DictReader(io.StringIO(decoded.decode())))
    assert [int(row["step"]) for row in rows] == list(range(1, 301))


def test_of_a_step_that_was_repeated_after_a_crash_the_last_report_counts(tmp_path: Path) -> None:
    steps = write_steps(
        tmp_path / "steps.jsonl", {"step": 1, "train_loss": 3.0}, {"step": 2, "train_loss": 2.0}, {"step": 3, "train_loss": 1.0}
    )
    with steps.open("a") as file:
        file.write('\n{"step": 4, "tra')  # the worker was killed here
        file.write('\n{"step": 2, "train_loss": 2.5}\n{"step": 3, "train_loss": 1.5}')
    assert write_step_metrics(steps, "csv").decode().splitlines()[1:] == ["1,3.0,,,", "2,2.5,,,", "3,1.5,,,"]


def test_without_steps_there_is_only_the_header(tmp_path: Path) -> None:
    assert write_step_metrics(tmp_path / "none.jsonl", "csv").decode() == f"{HEADER}\n"


def test_two_jobs_never_share_a_file() -> None:
    assert name_result_file("ftjob-1") == "step_metrics_ftjob-1.csv" != name_result_file("ftjob-2")


def test_the_curve_of_a_long_training_has_few_points_its_end_and_every_validation(tmp_path: Path) -> None:
    steps = write_steps(
        tmp_path / "steps.jsonl",
        *({"step": step, "train_loss": 1 / step, "percent": 1.0} for step in range(1, 1002)),
        {"step": 500, "valid_loss": 0.25},
    )
    curve = describe_curve(steps)
    assert MAX_POINTS / 2 < len(curve) <= MAX_POINTS + 1
    assert curve[-1] == {"step": 1001, "train_loss": 0.001}
    assert {"step": 500, "train_loss": 0.002, "valid_loss": 0.25} in curve


def test_the_curve_of_a_short_training_has_every_step(tmp_path: Path) -> None:
    steps = write_steps(tmp_path / "steps.jsonl", *({"step": step, "train_loss": 1.0} for step in range(1, MAX_POINTS + 1)))
    assert [point["step"] for point in describe_curve(steps)] == list(range(1, MAX_POINTS + 1))
    assert describe_curve(tmp_path / "none.jsonl") == []

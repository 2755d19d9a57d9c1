"""The event file of a training, read by TensorBoard itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.training.tracking.event_file import write_event_file

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # TensorBoard's own


def write_steps(path: Path, *steps: dict[str, Any]) -> Path:
    path.write_text("".join(f"\n{json.dumps(fields)}" for fields in steps))
    return path


def read_scalars(folder: Path) -> dict[str, list[tuple[float, int, float]]]:
    """Return time, step and value of each scalar in the event files of a folder."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    return {tag: [(each.wall_time, each.step, each.value) for each in events.Scalars(tag)] for tag in events.Tags()["scalars"]}


def test_tensorboard_reads_every_step_once(tmp_path: Path) -> None:
    steps = write_steps(
        tmp_path / "steps.jsonl",
        {"step": 1, "total_steps": 3, "percent": 33.3, "seconds_left": 2.0, "train_loss": 2.0, "time": 100.5},
        {"step": 2, "train_loss": 1.5, "train_mean_token_accuracy": 0.5, "time": 101.5},
        {"step": 2, "train_loss": 1.25, "train_mean_token_accuracy": 0.75, "time": 201.5},
        {"step": 2, "valid_loss": 3.0, "time": 202.0},
        {"step": 3, "train_loss": 1.0, "time": 203.0},
    )
    (tmp_path / "run").mkdir()
    write_event_file(steps, tmp_path / "run" / "events.out.tfevents")
    assert read_scalars(tmp_path / "run") == {
        "train_loss": [(100.5, 1, 2.0), (202.0, 2, 1.25), (203.0, 3, 1.0)],
        "train_mean_token_accuracy": [(202.0, 2, 0.75)],
        "valid_loss": [(202.0, 2, 3.0)],
    }


def test_the_same_steps_make_the_same_bytes(tmp_path: Path) -> None:
    steps = write_steps(tmp_path / "steps.jsonl", *({"step": step, "train_loss": 1 / step, "time": 10.0 + step} for step in range(1, 5000)))
    for name in ("first", "second"):
        write_event_file(steps, tmp_path / name)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_steps_without_a_time_and_without_metrics_are_readable_too(tmp_path: Path) -> None:
    steps = write_steps(tmp_path / "steps.jsonl", {"step": 1, "train_loss": 2.0}, {"step": 2})
    (tmp_path / "run").mkdir()
    write_event_file(steps, tmp_path / "run" / "events.out.tfevents.ftjob-1")
    assert read_scalars(tmp_path / "run") == {"train_loss": [(0.0, 1, 2.0)]}

"""The metrics of the steps, read from the file that the training process writes."""

from pathlib import Path

from services.training.tracking.step_file import merge_steps, select_metrics
from services.training.trainer.process import keep_step


def test_a_step_has_what_was_reported_of_it_last(tmp_path: Path) -> None:
    steps = tmp_path / "steps.jsonl"
    for fields in ({"step": 1, "train_loss": 2.0}, {"step": 2, "train_loss": 1.5}, {"step": 2, "valid_loss": 1.7}):
        keep_step(steps, fields)
    keep_step(steps, {"step": 1, "train_loss": 2.5})  # the process resumed
    assert {step: select_metrics(fields) for step, fields in merge_steps(steps).items()} == {
        1: {"train_loss": 2.5},
        2: {"train_loss": 1.5, "valid_loss": 1.7},
    }
    assert list(merge_steps(steps)) == [1, 2]


def test_every_step_has_the_time_when_it_was_reported(tmp_path: Path) -> None:
    keep_step(tmp_path / "steps.jsonl", {"step": 1, "train_loss": 2.0})
    [fields] = merge_steps(tmp_path / "steps.jsonl").values()
    assert fields["time"] > 1.7e9


def test_a_line_that_a_killed_process_left_is_skipped(tmp_path: Path) -> None:
    steps = tmp_path / "steps.jsonl"
    steps.write_text('\n{"step": 1, "train_loss": 2.0}\n{"step": 2, "tra\n{"step": 2, "train_loss": 1.0}\n17')
    assert list(merge_steps(steps)) == [1, 2]


def test_nothing_was_reported_if_there_is_no_file(tmp_path: Path) -> None:
    assert merge_steps(tmp_path / "steps.jsonl") == {}


def test_only_what_was_measured_is_a_metric() -> None:
    fields = {"step": 3, "total_steps": 9, "percent": 33.3, "seconds_left": 4.0, "time": 1.0, "train_loss": 1, "note": "text", "none": None}
    assert select_metrics(fields) == {"train_loss": 1}

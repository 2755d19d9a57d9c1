"""Steps that are read while they are written, and reported once, whatever is repeated."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.training.tracking.step_file import NewSteps, StepReader
from services.training.trainer.process import keep_step


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    (tmp_path / "steps.jsonl").touch()
    return tmp_path / "steps.jsonl"


@pytest.fixture
def reader(steps: Path) -> Iterator[StepReader]:
    with steps.open("rb") as file:
        yield StepReader(file.fileno())


def numbers(reader: StepReader) -> list[int]:
    return [fields["step"] for fields in reader.read_new()]


def test_every_step_is_read_once_and_as_soon_as_it_is_complete(steps: Path, reader: StepReader) -> None:
    assert numbers(reader) == []
    keep_step(steps, {"step": 1, "train_loss": 2.0})
    assert numbers(reader) == [1]
    assert numbers(reader) == []
    with steps.open("a") as file:
        file.write('\n{"step": 2, "train_')
    assert numbers(reader) == []
    with steps.open("a") as file:
        file.write('loss": 1.0}')
    keep_step(steps, {"step": 3, "train_loss": 1.0})
    assert numbers(reader) == [2, 3]


def test_a_step_that_stays_incomplete_is_skipped(steps: Path, reader: StepReader) -> None:
    steps.write_text('\n{"step": 1, "train_loss": 2.0}\n{"step": 2, "note": "Käs')
    assert numbers(reader) == [1]
    keep_step(steps, {"step": 2, "train_loss": 1.0})
    assert numbers(reader) == [2]


def test_a_file_that_was_deleted_is_read_to_its_end(steps: Path, reader: StepReader) -> None:
    keep_step(steps, {"step": 1, "train_loss": 2.0})
    steps.unlink()
    assert numbers(reader) == [1]


def test_two_readers_of_one_file_do_not_share_a_position(steps: Path) -> None:
    keep_step(steps, {"step": 1, "train_loss": 2.0})
    descriptor = os.open(steps, os.O_RDONLY)
    try:
        assert [numbers(StepReader(descriptor)) for _ in range(2)] == [[1], [1]]
    finally:
        os.close(descriptor)


def test_steps_reported_again_after_a_resume_are_not_selected() -> None:
    new = NewSteps(-1, {})
    reported = [{"step": step, "train_loss": 1.0} for step in (1, 2, 3, 2, 3, 4)]
    assert [each.step for each in map(new.select, reported) if each] == [1, 2, 3, 4]


def test_a_validation_after_a_step_is_selected_beside_it() -> None:
    new = NewSteps(-1, {})
    reported = [{"step": 1, "train_loss": 2.0}, {"step": 1, "valid_loss": 3.0, "time": 5.5}, {"step": 1, "valid_loss": 3.0}]
    selected = [new.select(fields) for fields in reported]
    assert [each and each.values for each in selected] == [{"train_loss": 2.0}, {"valid_loss": 3.0}, None]
    assert [each and each.time for each in selected] == [0.0, 5.5, None]


def test_what_the_run_has_already_is_not_selected() -> None:
    by_floor, by_name = NewSteps(2, {}), NewSteps(-1, {"train_loss": 2, "valid_loss": 1})
    reported: list[dict[str, Any]] = [
        {"step": 1, "train_loss": 2.0},
        {"step": 2, "train_loss": 1.0},
        {"step": 2, "valid_loss": 1.5},
        {"step": 3, "train_loss": 1},
    ]
    assert [each and each.step for each in map(by_floor.select, reported)] == [None, None, None, 3]
    assert [each and each.values for each in map(by_name.select, reported)] == [None, None, {"valid_loss": 1.5}, {"train_loss": 1}]

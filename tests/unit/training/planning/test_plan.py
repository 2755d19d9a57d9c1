"""What worker and training process tell each other, and which checkpoint counts."""

from pathlib import Path

from services.training.planning.plan import (
    Message,
    find_checkpoint,
    finish_checkpoint,
    format_message,
    parse_message,
    read_plan,
    write_plan,
)
from tests.unit.training.cases import make_plan


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    assert read_plan(write_plan(plan)) == plan
    assert plan.total_steps == 6


def test_a_message_is_parsed_as_it_was_sent() -> None:
    message = Message("progress", {"step": 3, "train_loss": 0.5})
    assert parse_message(format_message(message)) == message


def test_what_libraries_print_is_no_message() -> None:
    for line in ("Loading weights: 100%", "", "[1, 2]", '{"kind": "other"}', '"progress"', '{"step": 1}', "{broken"):
        assert parse_message(line) is None


def test_training_goes_on_from_the_newest_checkpoint_that_was_finished(tmp_path: Path) -> None:
    for step in (9, 10, 100):
        (tmp_path / f"checkpoint-{step}").mkdir()
    assert find_checkpoint(tmp_path) is None
    finish_checkpoint(tmp_path / "checkpoint-9")
    finish_checkpoint(tmp_path / "checkpoint-10")
    assert find_checkpoint(tmp_path) == tmp_path / "checkpoint-10"


def test_without_a_folder_there_is_no_checkpoint(tmp_path: Path) -> None:
    assert find_checkpoint(tmp_path / "nothing") is None

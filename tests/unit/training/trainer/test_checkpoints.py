"""Only a complete checkpoint counts, of whichever attempt."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.training.trainer.checkpoints import (
    delete_attempts,
    find_checkpoint,
    list_attempt_folders,
    list_epoch_ends,
    make_attempt_folder,
    mark_complete,
    read_step,
    write_epoch,
)
from tests.unit.training.cases import make_plan


def write(attempt: Path, *steps: int) -> list[Path]:
    """Write incomplete checkpoints."""
    checkpoints = [attempt / f"checkpoint-{step}" for step in steps]
    for checkpoint in checkpoints:
        checkpoint.mkdir()
        (checkpoint / "weights").write_text("1")
    return checkpoints


def test_the_newest_complete_checkpoint_is_found(tmp_path: Path) -> None:
    ninth, tenth, _ = write(make_attempt_folder(tmp_path), 9, 10, 11)
    assert find_checkpoint(tmp_path) is None
    mark_complete(ninth)
    mark_complete(tenth)
    checkpoint = find_checkpoint(tmp_path)
    assert checkpoint == tenth
    assert read_step(checkpoint) == 10


def test_an_attempt_continues_from_the_checkpoint_of_an_earlier_one(tmp_path: Path) -> None:
    (late,) = write(make_attempt_folder(tmp_path), 8)
    mark_complete(late)
    (early,) = write(make_attempt_folder(tmp_path), 3)
    mark_complete(early)
    assert find_checkpoint(tmp_path) == late


def test_an_attempt_deletes_what_was_there_before_it_and_nothing_else(tmp_path: Path) -> None:
    earlier = make_attempt_folder(tmp_path)
    known = list_attempt_folders(tmp_path)
    (own,), (later,) = write(make_attempt_folder(tmp_path), 5), write(make_attempt_folder(tmp_path), 6)
    delete_attempts(known)
    assert (earlier.exists(), own.exists(), later.exists()) == (False, True, True)


def test_without_a_folder_there_is_no_checkpoint(tmp_path: Path) -> None:
    assert find_checkpoint(tmp_path / "nothing") is None
    assert list_attempt_folders(tmp_path / "nothing") == []


def test_adapters_are_kept_of_the_last_epochs_but_the_final_one() -> None:
    assert [list_epoch_ends(make_plan(epochs=epochs, steps_per_epoch=10)) for epochs in (1, 2, 3, 50)] == [[], [10], [10, 20], [480, 490]]


def test_an_epochs_adapter_appears_complete_and_replaces_that_of_an_earlier_attempt(tmp_path: Path) -> None:
    def write(text: str) -> Callable[[Path], None]:
        def write_text(folder: Path) -> None:
            (folder / "weights").write_text(text)

        return write_text

    def fail(folder: Path) -> None:
        (folder / "weights").write_text("inc")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        write_epoch(tmp_path, 10, fail)
    assert list(tmp_path.glob("step-*")) == []
    for text in ("first", "second"):
        write_epoch(tmp_path, 10, write(text))
        assert (tmp_path / "step-10" / "weights").read_text() == text

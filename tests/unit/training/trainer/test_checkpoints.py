"""Only a complete checkpoint counts, of whichever attempt."""

from pathlib import Path

from services.training.trainer.checkpoints import (
    delete_attempts,
    find_checkpoint,
    list_attempt_folders,
    make_attempt_folder,
    mark_complete,
    read_step,
)


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

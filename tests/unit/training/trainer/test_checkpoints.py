"""Only a complete checkpoint counts."""

from pathlib import Path

from services.training.trainer.checkpoints import find_checkpoint, mark_complete, read_step


def test_the_newest_complete_checkpoint_is_found(tmp_path: Path) -> None:
    for step in (9, 10, 100):
        (tmp_path / f"checkpoint-{step}").mkdir()
    assert find_checkpoint(tmp_path) is None
    mark_complete(tmp_path / "checkpoint-9")
    mark_complete(tmp_path / "checkpoint-10")
    checkpoint = find_checkpoint(tmp_path)
    assert checkpoint == tmp_path / "checkpoint-10"
    assert read_step(checkpoint) == 10


def test_without_a_folder_there_is_no_checkpoint(tmp_path: Path) -> None:
    assert find_checkpoint(tmp_path / "nothing") is None

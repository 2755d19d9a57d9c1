"""Checkpoints on disk: which of them are complete, and which is the newest."""

from pathlib import Path

from services.training.planning.job_folder import fsync

COMPLETE = "finished"  # a file in the folder of a checkpoint that was written to its end


def find_checkpoint(folder: Path) -> Path | None:
    """Return the newest complete checkpoint in `folder`, or None."""
    complete = [path for path in folder.glob("checkpoint-*") if (path / COMPLETE).exists()]
    return max(complete, key=read_step, default=None)


def read_step(checkpoint: Path) -> int:
    """Return the step at which a checkpoint was written."""
    return int(checkpoint.name.rsplit("-", 1)[1])


def mark_complete(checkpoint: Path) -> None:
    """Mark a checkpoint as complete, once its bytes are on the disk."""
    for file in checkpoint.iterdir():
        fsync(file)
    (checkpoint / COMPLETE).touch()

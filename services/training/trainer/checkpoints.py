"""Checkpoints on disk: which of them are complete, and which is the newest. A training resumes from it.

Each attempt at a training writes into a folder of its own. So a process of an earlier attempt, should one still run, cannot overwrite or
delete what a later one wrote.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from services.training.planning.job_folder import fsync
from shared.ids import new_id

COMPLETE = "finished"  # a file in the folder of a checkpoint that was written to its end


def make_attempt_folder(folder: Path) -> Path:
    """Make and return a folder in `folder` for the checkpoints of this process."""
    attempt = folder / new_id("attempt-")
    attempt.mkdir(parents=True)
    return attempt


def list_attempt_folders(folder: Path) -> list[Path]:
    """Return the folders that `make_attempt_folder` has made."""
    return list(folder.glob("attempt-*"))


def find_checkpoint(folder: Path) -> Path | None:
    """Return the newest complete checkpoint of any attempt in `folder`, or None."""
    complete = [path for path in folder.glob("attempt-*/checkpoint-*") if (path / COMPLETE).exists()]
    return max(complete, key=read_step, default=None)


def read_step(checkpoint: Path) -> int:
    """Return the step at which a checkpoint was written."""
    return int(checkpoint.name.rsplit("-", 1)[1])


def mark_complete(checkpoint: Path) -> None:
    """Mark a checkpoint as complete, once its bytes are on the disk."""
    for file in checkpoint.iterdir():
        fsync(file)
    (checkpoint / COMPLETE).touch()


def delete_attempts(attempts: Sequence[Path]) -> None:
    """Delete the checkpoints of attempts that are no longer needed."""
    for attempt in attempts:
        shutil.rmtree(attempt, ignore_errors=True)

"""Checkpoints on disk: which of them are complete, and which is the newest; and the adapters at the ends of epochs.

A training resumes from a checkpoint. An adapter at the end of an epoch has weights only, and is published like the final one.

Each attempt at a training writes into a folder of its own. So a process of an earlier attempt, should one still run, cannot overwrite or
delete what a later one wrote.
"""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from services.training.planning.job_folder import fsync
from services.training.planning.plan import Plan
from shared.ids import new_id

COMPLETE = "finished"  # a file in the folder of a checkpoint that was written to its end
KEPT_EPOCHS = 3  # how many epochs, at most, have their adapters published, the last one included


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


def list_epoch_ends(plan: Plan) -> list[int]:
    """Return the steps after which an adapter is kept: those that end an epoch before the last, whose adapter is the final one."""
    return [epoch * plan.steps_per_epoch for epoch in range(max(1, plan.epochs - KEPT_EPOCHS + 1), plan.epochs)]


def write_epoch(epochs: Path, step: int, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder, which appears as that of `step` once its bytes are on the disk, in place of an earlier attempt's."""
    hidden, target = epochs / new_id("."), epochs / f"step-{step}"
    hidden.mkdir(parents=True)
    write(hidden)
    for path in [*hidden.iterdir(), hidden]:
        fsync(path)
    shutil.rmtree(target, ignore_errors=True)
    hidden.rename(target)
    fsync(epochs)

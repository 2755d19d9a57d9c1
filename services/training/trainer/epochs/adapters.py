"""The adapters at the ends of epochs, on disk. They have weights only, so no training resumes from one; they are published instead."""

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

from services.training.planning.job_folder import fsync
from services.training.planning.plan import KEPT_EPOCHS, Plan
from shared.ids import new_id


def list_epoch_ends(plan: Plan) -> list[int]:
    """Return the steps after which an adapter is kept.

    With a validation file, each epoch may be the best, and the training may end after it. Otherwise, those of the last epochs are
    published, and the last of them is the final adapter.
    """
    epochs = range(1, plan.epochs + 1) if plan.validation else range(max(1, plan.epochs - KEPT_EPOCHS + 1), plan.epochs)
    return [epoch * plan.steps_per_epoch for epoch in epochs]


def find_epoch(epochs: Path, step: int) -> Path:
    """Return the folder of the adapter after `step`."""
    return epochs / f"step-{step}"


def write_epoch(epochs: Path, step: int, write: Callable[[Path], None]) -> None:
    """Let `write` fill a folder, which appears as that of `step` once its bytes are on the disk, in place of an earlier attempt's."""
    hidden, target = epochs / new_id("."), find_epoch(epochs, step)
    hidden.mkdir(parents=True)
    write(hidden)
    for path in [*hidden.iterdir(), hidden]:
        fsync(path)
    shutil.rmtree(target, ignore_errors=True)
    hidden.rename(target)
    fsync(epochs)


def delete_epochs(epochs: Path, steps: Collection[int]) -> None:
    """Delete the adapters after `steps`."""
    for step in steps:
        shutil.rmtree(find_epoch(epochs, step), ignore_errors=True)


def delete_later_epochs(epochs: Path, last_step: int) -> None:
    """Delete the adapters of later steps than `last_step`, and incomplete folders."""
    kept = [path for path in epochs.glob("step-*") if int(path.name.removeprefix("step-")) <= last_step]
    for path in epochs.iterdir() if epochs.exists() else ():
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)

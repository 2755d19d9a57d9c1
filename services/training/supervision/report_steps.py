"""Reports a training's steps to its job: percent, events with the losses, and a note if it resumes from a checkpoint."""

from collections.abc import Callable
from typing import Any

from services.training.planning.job_folder import JobFolder
from services.training.trainer.checkpoints import find_checkpoint, read_step
from shared.workers.job_context import JobContext

LOSSES = ("train_loss", "valid_loss")


def report_resume(context: JobContext, folder: JobFolder) -> None:
    """Add an event if the training will resume from a checkpoint."""
    if checkpoint := find_checkpoint(folder.checkpoints):
        context.add_event(f"Training resumes from the checkpoint at step {read_step(checkpoint)}.")


def make_step_reporter(context: JobContext, first_percent: float, last_percent: float) -> Callable[[dict[str, Any]], None]:
    """Return a function that reports the fields of a `progress` message.

    The training's own percent is mapped to the part of the job's percent from `first_percent` to `last_percent`.
    """

    def report(fields: dict[str, Any]) -> None:
        losses = ", ".join(f"{name.replace('_', ' ')} {fields[name]:.4f}" for name in LOSSES if name in fields)
        context.report_progress("training", first_percent + (last_percent - first_percent) * fields["percent"] / 100)
        context.add_event(f"Step {fields['step']}/{fields['total_steps']}: {losses}", type="metrics", data=fields)

    return report

"""Reports a training's steps to its job: percent, events with the losses in OpenAI's words or with answers, and a note if it resumes."""

import math
from collections.abc import Callable
from typing import Any

from services.training.planning.job_folder import JobFolder
from services.training.trainer.checkpoints import find_checkpoint, read_step
from shared.workers.job_context import JobContext

# The trainer validates on the whole file, never on a batch: what it measured there has both of OpenAI's names.
WHOLE_FILE = {"valid_loss": "full_valid_loss", "valid_mean_token_accuracy": "full_valid_mean_token_accuracy"}
MAX_EVENTS = 200
LOSSES = {"train_loss": "training loss", "full_valid_loss": "full validation loss"}


def report_resume(context: JobContext, folder: JobFolder) -> None:
    """Add an event if the training will resume from a checkpoint."""
    if checkpoint := find_checkpoint(folder.checkpoints):
        context.add_event(f"Training resumes from the checkpoint at step {read_step(checkpoint)}.")


def make_step_reporter(context: JobContext, first_percent: float, last_percent: float) -> Callable[[dict[str, Any]], None]:
    """Return a function that reports the fields of a `progress` or `answers` message.

    The training's own percent is mapped to the part of the job's percent from `first_percent` to `last_percent`. A long training gets an
    event for at most 200 of its steps, and for the first, the last and the validated ones; the training process keeps every step in the
    job's folder. The steps until the checkpoint of a pause have events, too; the function raises JobInterrupted once it has added one.
    """

    def report(fields: dict[str, Any]) -> None:
        if "answers" in fields:
            context.add_event(f"Answers to sample prompts after step {fields['step']}", data=fields)
            return
        if not _has_event(fields):
            return
        data = {**fields, **{full: fields[name] for name, full in WHOLE_FILE.items() if name in fields}}
        losses = ", ".join(f"{words}={data[name]:.2f}" for name, words in LOSSES.items() if name in data)
        context.add_event(f"Step {fields['step']}/{fields['total_steps']}: {losses}", type="metrics", data=data)
        context.report_progress("training", first_percent + (last_percent - first_percent) * fields["percent"] / 100)

    return report


def _has_event(fields: dict[str, Any]) -> bool:
    """Return whether the step is one of at most `MAX_EVENTS`, or the first or last, or one after which the training was validated."""
    step, total = fields["step"], fields["total_steps"]
    return step in (1, total) or step % math.ceil(total / MAX_EVENTS) == 0 or "valid_loss" in fields

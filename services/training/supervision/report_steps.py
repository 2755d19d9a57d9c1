"""Reports a training's steps to its job: percent, events with the losses in OpenAI's words, and a note if it resumes from a checkpoint."""

import json
from collections.abc import Callable
from typing import Any

from services.training.planning.job_folder import JobFolder
from services.training.trainer.checkpoints import find_checkpoint, read_step
from shared.workers.job_context import JobContext

# The trainer validates on the whole file, never on a batch: what it measured there has both of OpenAI's names.
WHOLE_FILE = {"valid_loss": "full_valid_loss", "valid_mean_token_accuracy": "full_valid_mean_token_accuracy"}
LOSSES = {"train_loss": "training loss", "full_valid_loss": "full validation loss"}


def report_resume(context: JobContext, folder: JobFolder) -> None:
    """Add an event if the training will resume from a checkpoint."""
    if checkpoint := find_checkpoint(folder.checkpoints):
        context.add_event(f"Training resumes from the checkpoint at step {read_step(checkpoint)}.")


def make_step_reporter(
    context: JobContext, folder: JobFolder, first_percent: float, last_percent: float
) -> Callable[[dict[str, Any]], None]:
    """Return a function that reports the fields of a `progress` message, and keeps them in the folder.

    The training's own percent is mapped to the part of the job's percent from `first_percent` to `last_percent`.
    """

    def report(fields: dict[str, Any]) -> None:
        context.report_progress("training", first_percent + (last_percent - first_percent) * fields["percent"] / 100)
        data = {**fields, **{full: fields[name] for name, full in WHOLE_FILE.items() if name in fields}}
        losses = ", ".join(f"{words}={data[name]:.2f}" for name, words in LOSSES.items() if name in data)
        _keep(folder, fields)
        context.add_event(f"Step {fields['step']}/{fields['total_steps']}: {losses}", type="metrics", data=data)

    return report


def _keep(folder: JobFolder, fields: dict[str, Any]) -> None:
    """Append the fields as a line. If the line before is incomplete, because its worker was killed, a new line begins."""
    with folder.steps.open("a") as file:
        file.write(f"\n{json.dumps(fields)}")

"""The metrics of a training's steps: those of one step, and of all as the first of a job's `result_files`, CSV with OpenAI's columns."""

import base64
import csv
import io
import math
from pathlib import Path
from typing import Any, Literal

from services.training.tracking.step_file import merge_steps

# OpenAI's columns, and what the trainer calls their values.
COLUMNS = {
    "step": "step",
    "train_loss": "train_loss",
    "train_accuracy": "train_mean_token_accuracy",
    "valid_loss": "valid_loss",
    "valid_mean_token_accuracy": "valid_mean_token_accuracy",
}
DECIMALS = 5
MAX_POINTS = 200
POINT = ("step", "train_loss", "valid_loss")
ResultFormat = Literal["csv", "base64"]


def name_result_file(job_id: str) -> str:
    """Return the name of the file. It has the job's id, so that no two jobs share a file."""
    return f"step_metrics_{job_id}.csv"


def write_step_metrics(steps: Path, format: ResultFormat) -> bytes:
    """Return the content of the file for the reported `steps`, a JSON object a line.

    What was reported twice for a step, because a worker resumed from an earlier checkpoint, counts as the last one has it. A value that was
    not measured at a step is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for fields in merge_steps(steps).values():
        writer.writerow(_format(fields.get(name)) for name in COLUMNS.values())
    content = text.getvalue().encode()
    return base64.b64encode(content) if format == "base64" else content


def find_step_metrics(steps: Path, step: int) -> dict[str, Any]:
    """Return what was measured at one of the reported `steps`: losses and accuracies by the trainer's names."""
    fields = merge_steps(steps).get(step, {})
    return {name: round(fields[name], DECIMALS) for name in COLUMNS.values() if name in fields and name != "step"}


def describe_curve(steps: Path) -> list[dict[str, float]]:
    """Return the losses of at most `MAX_POINTS` of the reported `steps`, evenly spaced, with the last one; and of every validated step."""
    merged = merge_steps(steps)
    every = math.ceil(len(merged) / MAX_POINTS) if merged else 1
    chosen = [fields for number, fields in enumerate(merged.values(), 1) if (len(merged) - number) % every == 0 or "valid_loss" in fields]
    return [{name: round(fields[name], DECIMALS) for name in POINT if name in fields} for fields in chosen]


def _format(value: float | None) -> float | str:
    return "" if value is None else round(value, DECIMALS)

"""The metrics of a training's steps, as the training process keeps them in the job's folder: a JSON object a line.

A step may occur twice, because a process resumed from an earlier checkpoint, or because the training was validated after it.
"""

import json
from pathlib import Path
from typing import Any

# Fields of a step that were not measured.
ABOUT_PROGRESS = ("step", "total_steps", "percent", "seconds_left", "time")


def merge_steps(steps: Path) -> dict[int, dict[str, Any]]:
    """Return the fields of each step, in the order of the steps; what was reported twice, as the last line has it."""
    merged: dict[int, dict[str, Any]] = {}
    for line in steps.read_text().splitlines() if steps.exists() else ():
        if fields := parse_step(line):
            merged[fields["step"]] = {**merged.get(fields["step"], {}), **fields}
    return dict(sorted(merged.items()))


def parse_step(line: str) -> dict[str, Any] | None:
    """Return the fields in a line, or None if it is empty or incomplete, because the process that wrote it was killed."""
    try:
        fields = json.loads(line)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def select_metrics(fields: dict[str, Any]) -> dict[str, float]:
    """Return what was measured at a step."""
    return {name: value for name, value in fields.items() if name not in ABOUT_PROGRESS and isinstance(value, int | float)}

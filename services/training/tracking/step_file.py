"""The metrics of a training's steps, as the training process keeps them in the job's folder: a JSON object a line.

A step may occur twice, because a process resumed from an earlier checkpoint, or because the training was validated after it. After a
takeover, a tracker may have steps that another worker reported.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class StepMetrics:
    """What was measured at a step, and when, in seconds since 1970; 0 if that is not known."""

    step: int
    time: float
    values: dict[str, float]


class StepReader:
    """Reads what is added to a file of steps, from its beginning. It needs only the open file, which may be deleted meanwhile."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._position = 0
        self._partial = b""

    def read_new(self) -> list[dict[str, Any]]:
        """Return the fields of the steps that are complete by now."""
        *complete, self._partial = (self._partial + self._read_bytes()).split(b"\n")
        if parse_step(self._partial.decode(errors="replace")):  # a line ends where the next begins
            complete.append(self._partial)
            self._partial = b""
        parsed = (parse_step(line.decode(errors="replace")) for line in complete)
        return [fields for fields in parsed if fields]

    def _read_bytes(self) -> bytes:
        size = os.fstat(self._descriptor).st_size
        content = os.pread(self._descriptor, size - self._position, self._position) if size > self._position else b""
        self._position += len(content)
        return content


class NewSteps:
    """Selects what a run does not have. It has everything up to the step `floor`, and each metric up to its step in `reported`."""

    def __init__(self, floor: int, reported: Mapping[str, int]) -> None:
        self._floor = floor
        self._reported = dict(reported)

    def select(self, fields: dict[str, Any]) -> StepMetrics | None:
        """Return what is new of a step, or None. What is returned counts as reported."""
        step = int(fields["step"])
        values = {name: value for name, value in select_metrics(fields).items() if step > max(self._floor, self._reported.get(name, -1))}
        self._reported |= dict.fromkeys(values, step)
        return StepMetrics(step, fields.get("time", 0.0), values) if values else None

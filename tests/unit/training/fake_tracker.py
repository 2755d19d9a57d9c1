"""A tracker's process without a tracker: the run is a file of JSON lines.

    python -m tests.unit.training.fake_tracker <behavior> <file of the run> <file descriptor of the steps>

Behaviors: `works`; `refuses` the run; `refuses_once` does so until it is started again; `hangs` before it opens the run; `dies` after the
first steps that it was sent; `slow` takes half a second for each step.
"""

import json
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.training.tracking import process
from services.training.tracking.messages import Outcome, RunDescription, TrackerMessage
from services.training.tracking.step_file import NewSteps, StepMetrics


class FakeRun:
    """A run that is open, in a file. It has what the file has."""

    def __init__(self, behavior: str, path: Path, description: RunDescription) -> None:
        self._behavior = behavior
        self._path = path
        is_first = not path.exists()
        self._write(opened=description.key, config=description.config, options=description.options)
        if behavior == "hangs":
            threading.Event().wait(600)
        if behavior == "refuses" or (behavior == "refuses_once" and is_first):
            raise PermissionError(f"No project for the key {os.environ.get('WANDB_API_KEY')}.\nMore lines follow.")
        self._description = description

    def _write(self, **fields: Any) -> None:
        with self._path.open("a") as file:
            file.write(f"{json.dumps(fields)}\n")

    def describe_place(self) -> TrackerMessage:
        return TrackerMessage("started", "somewhere", f"https://tracker.example/{self._description.key}")

    def find_new(self) -> NewSteps:
        lines = map(json.loads, self._path.read_text().splitlines())
        return NewSteps(max((line["step"] for line in lines if "step" in line), default=-1), {})

    def report(self, steps: Sequence[StepMetrics]) -> None:
        for each in steps:
            if self._behavior == "slow":
                threading.Event().wait(0.5)
            self._write(step=each.step, values=each.values)
        if self._behavior == "dies":
            os._exit(9)

    def finish(self, outcome: Outcome) -> None:
        self._write(status=outcome.status, summary=outcome.summary)


def main(behavior: str, path: str) -> None:
    process.open_run = lambda description: FakeRun(behavior, Path(path), description)
    process.POLL_SECONDS = 0.05
    process.main()


if __name__ == "__main__":
    main(sys.argv.pop(1), sys.argv.pop(1))

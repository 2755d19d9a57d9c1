"""The process of one tracker: `python -m services.training.tracking.process <file descriptor of the steps>`.

The first line of its standard input describes the run; a second one, later, says how the job ended. It reads the steps from the job's
folder, where the training process writes them: nothing waits for it, and it misses nothing, however slow its tracker is. It ends at once
if its input ends, because the worker is gone or has lost the job.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import Protocol, TextIO

from services.training.tracking.errors import describe_error
from services.training.tracking.messages import Outcome, RunDescription, TrackerMessage, format_message
from services.training.tracking.step_file import NewSteps, StepMetrics, StepReader

POLL_SECONDS = 1.0
GONE = 3  # exit code: nobody wants this process any more

Tell = Callable[[TrackerMessage], None]


class Run(Protocol):
    """A run that is open in a tracker. Every call may raise whatever the tracker's library raises."""

    def describe_place(self) -> TrackerMessage:
        """Return where the run is."""

    def find_new(self) -> NewSteps:
        """Return what the run does not have."""

    def report(self, steps: Sequence[StepMetrics]) -> None:
        """Add steps to the run."""

    def finish(self, outcome: Outcome) -> None:
        """Store how the job ended."""


class Ending:
    """Learns from the process's input how the job ended."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._known = threading.Event()
        self.outcome: Outcome | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        if line := self._lines.readline():
            self.outcome = Outcome(**json.loads(line))
            self._known.set()
            self._lines.read()
        os._exit(GONE)

    def wait(self, seconds: float) -> Outcome | None:
        """Return how the job ended; None if that is not known after some seconds."""
        self._known.wait(seconds)
        return self.outcome


def main() -> None:
    """Report the job's steps until it ends; exit with 0, or with 1 after a `failed` message."""
    output = _reserve_output()
    os.nice(5)
    description = RunDescription(**json.loads(sys.stdin.readline()))
    ending = Ending(sys.stdin)

    def tell(message: TrackerMessage) -> None:
        output.write(format_message(message) + "\n")
        output.flush()

    try:
        follow(open_run(description), StepReader(int(sys.argv[1])), ending, tell)
    except Exception as error:
        tell(TrackerMessage("failed", describe_error(error)))
        raise


def follow(run: Run, steps: StepReader, ending: Ending, tell: Tell) -> None:
    """Report every step to the run, and at last how the job ended."""
    tell(run.describe_place())
    new, outcome = run.find_new(), None
    while outcome is None:
        outcome = ending.wait(POLL_SECONDS)  # what was written before the end is read after it
        selected = [each for each in map(new.select, steps.read_new()) if each]
        if selected:
            run.report(selected)
            tell(TrackerMessage("reported", step=selected[-1].step))
    run.finish(outcome)
    tell(TrackerMessage("finished"))


def open_run(description: RunDescription) -> Run:
    """Return the run in its tracker. Only its own library is imported."""
    if description.type == "wandb":
        from services.training.tracking.wandb_run import WandbRun

        return WandbRun(description)
    from services.training.tracking.mlflow_run import MlflowRun

    return MlflowRun(description)


def _reserve_output() -> TextIO:
    """Return the standard output, for messages only; the output of libraries goes to the standard error from now on."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return output


if __name__ == "__main__":
    main()

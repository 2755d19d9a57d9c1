"""Tracks a job in the experiment trackers that it names: opens its runs once its parameters are known, and closes them when it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.training.tracking.description import describe_runs
from services.training.tracking.messages import Outcome, RunDescription, Status
from services.training.tracking.report import COMMAND, Reporter
from shared.contracts.fine_tuning import TrainingSpec
from shared.contracts.integrations import TITLES
from shared.errors import DatabaseUnavailable, TandemError
from shared.workers.job_context import JobContext, JobInterrupted


@dataclass(frozen=True)
class TrackingSettings:
    """Which trackers this worker reports to, and the folder where runs stay if a tracker works offline."""

    kept: Path = Path()
    enabled: frozenset[str] = frozenset()
    command: tuple[str, ...] = COMMAND


NO_TRACKING = TrackingSettings()


class Tracking:
    """The runs of one job, whose steps are in the file `steps`."""

    def __init__(self, context: JobContext, steps: Path, settings: TrackingSettings) -> None:
        self._context = context
        self._steps = steps
        self._settings = settings
        self._reporters: list[Reporter] | None = None

    def start(self) -> None:
        """Open the runs, unless that was done. The job's spec has what it trains with. This waits for nothing."""
        if self._reporters is None:
            job = self._context.job
            runs = describe_runs(job.id, TrainingSpec.model_validate(job.spec))
            self._reporters = [self._open(run) for run in runs if self._is_enabled(run)]

    def _open(self, run: RunDescription) -> Reporter:
        return Reporter(run, self._steps, self._settings.kept, self._context.add_event, self._settings.command)

    def _is_enabled(self, run: RunDescription) -> bool:
        """Return whether this worker reports to the run's tracker; if not, the job learns it."""
        if run.type in self._settings.enabled:
            return True
        problem = f"The training is not reported to {TITLES[run.type]}, because the worker that trains it is not set up for that"
        self._context.add_event(f"{problem} (TANDEM_INTEGRATIONS). The metrics are in the job's events and `result_files`.", level="warn")
        return False

    def finish(self, status: Status, **summary: Any) -> None:
        """Close the runs with how the job ended. What is still to be sent is sent later."""
        for reporter in self._reporters or ():
            reporter.finish(Outcome(status, summary))

    def abandon(self) -> None:
        """Stop reporting at once. If the job goes on, the next worker continues the runs."""
        for reporter in self._reporters or ():
            reporter.abandon()


@contextmanager
def track(context: JobContext, steps: Path, settings: TrackingSettings) -> Iterator[Tracking]:
    """Yield the job's tracking, whose runs learn at the end if the job does not succeed."""
    tracking = Tracking(context, steps, settings)
    try:
        yield tracking
    except JobInterrupted:
        _end_interrupted(tracking, context.interrupt_reason)
        raise
    except DatabaseUnavailable:
        tracking.abandon()
        raise
    except Exception as error:
        tracking.finish("failed", error=error.message if isinstance(error, TandemError) else f"{type(error).__name__}: {error}")
        raise


def _end_interrupted(tracking: Tracking, reason: str | None) -> None:
    if reason == "cancelled":
        tracking.finish("cancelled")
    elif reason == "paused":
        tracking.finish("paused")
    else:
        tracking.abandon()

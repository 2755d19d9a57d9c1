"""What the supervision of the training process needs to know of a calibration: until when it may run. There is no job, and no database."""

import threading
import time
from typing import Any

from shared.records.database import Database
from shared.records.jobs import Job
from shared.workers.job_context import LEASE_SECONDS, JobContext


class CalibrationContext(JobContext):
    """A calibration, which ends when a job has `arrived`, when the worker is `stopping`, and after `seconds`."""

    def __init__(self, database: Database, arrived: threading.Event, stopping: threading.Event, seconds: float) -> None:
        super().__init__(database, Job(cancel_requested=False, takeovers=0), "calibration", stopping)
        self._arrived = arrived
        self._end = time.monotonic() + seconds

    @property
    def has_timed_out(self) -> bool:
        """Whether the calibration has had all of its time."""
        return time.monotonic() > self._end

    @property
    def interrupt_reason(self) -> str | None:
        """Why the calibration must end, or None."""
        return "cancelled" if self._arrived.is_set() or self.has_timed_out else super().interrupt_reason

    @property
    def lease_deadline(self) -> float:
        """Until when the training process may run, if it hears nothing else: nobody can claim a calibration, so every look moves it."""
        return time.monotonic() // 1 + LEASE_SECONDS

    def add_event(self, message: str, *, level: str = "info", type: str = "message", data: dict[str, Any] | None = None) -> None:
        """Nobody reads the events of a calibration."""

    def _set_takeovers(self, takeovers: int) -> None:
        """Count without a database."""
        self.job.takeovers = takeovers

"""What a flow may do to its job while it runs: report progress, add events, and learn that it must end."""

import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.errors import DatabaseUnavailable
from shared.log import get_logger
from shared.records import jobs
from shared.records.database import Database

LEASE_SECONDS = 30.0
RETRY_SECONDS = 1.0

T = TypeVar("T")

log = get_logger(__name__)


class JobInterrupted(Exception):
    """The flow must end now; `JobContext.interrupt_reason` says why."""


class JobContext:
    """One claimed job. A flow calls it, and so does the thread that renews the lease.

    `claimed_at` is when the claim began, in seconds of `time.monotonic()`; by default, now.
    """

    def __init__(self, database: Database, job: jobs.Job, owner: str, stopping: threading.Event, claimed_at: float | None = None) -> None:
        self.job = job
        self._database = database
        self._owner = owner
        self._stopping = stopping
        self._cancelled = threading.Event()
        self._paused = threading.Event()
        self._lost = threading.Event()
        self._deferral: tuple[float, str] | None = None
        self._failure_advice = ""
        self._lease_deadline = (time.monotonic() if claimed_at is None else claimed_at) + LEASE_SECONDS
        if job.cancel_requested:
            self._cancelled.set()

    @property
    def interrupt_reason(self) -> str | None:
        """Why the flow must end: `lost` (the lease), `cancelled`, `stopping` (the worker), `paused`, `deferred`, or None."""
        reasons = {"lost": self._lost, "cancelled": self._cancelled, "stopping": self._stopping, "paused": self._paused}
        requested = next((reason for reason, event in reasons.items() if event.is_set()), None)
        return requested or ("deferred" if self._deferral else None)

    @property
    def lease_deadline(self) -> float:
        """Until when no other worker can claim the job, in seconds of `time.monotonic()`. Every renewal moves it."""
        return self._lease_deadline

    def raise_if_interrupted(self) -> None:
        """Raise JobInterrupted if the flow must end. Call it between steps and in loops."""
        if self.interrupt_reason:
            raise JobInterrupted(self.interrupt_reason)

    def defer(self, seconds: float, stage: str) -> NoReturn:
        """End the flow, because the job has to wait: it returns to the queue, and no worker claims it for so many seconds.

        `stage` says what it waits for. Raises JobInterrupted.
        """
        self.raise_if_interrupted()
        self._deferral = (seconds, stage)
        raise JobInterrupted("deferred")

    def report_progress(self, stage: str, percent: float) -> None:
        """Store stage and percent (0-100). Raises JobInterrupted if the flow must end."""
        self.raise_if_interrupted()
        if not self._store(lambda session: jobs.set_progress(session, self.job.id, self._owner, stage, percent)):
            self._pause_or_abandon()
        self.raise_if_interrupted()

    def save_spec(self, spec: dict[str, Any]) -> None:
        """Store a spec in which the flow has resolved more. Raises JobInterrupted if the flow must end."""
        self.raise_if_interrupted()
        if not self._store(lambda session: jobs.set_spec(session, self.job.id, self._owner, spec)):
            self._pause_or_abandon()
        self.job.spec = spec
        self.raise_if_interrupted()

    def add_event(self, message: str, *, level: str = "info", type: str = "message", data: dict[str, Any] | None = None) -> None:
        """Append an event to the job, unless another worker has claimed it."""
        event = {"level": level, "type": type, "data": data}
        if not self._store(lambda session: jobs.add_own_event(session, self.job.id, self._owner, message, **event)):
            self.abandon()

    def renew_lease(self) -> None:
        """Renew the lease, and read whether the job was canceled."""
        started = time.monotonic()
        with self._database.session() as session:
            is_held = self._renew(session)
        self._use_lease(is_held, started)

    def confirm_lease(self) -> None:
        """Renew the lease before something that must not happen twice. Raises JobInterrupted if the flow must end."""
        self.raise_if_interrupted()
        started = time.monotonic()
        self._use_lease(self._store(self._renew), started)
        self.raise_if_interrupted()

    def write(self, write: Callable[[Session], object]) -> None:
        """Store what the flow has made, in a transaction that renews the lease: no other worker can claim the job before it ends.

        Raises JobInterrupted if the flow must end. Only if the lease was lost, nothing is stored.
        """
        self.raise_if_interrupted()
        self.write_result(write)
        self.raise_if_interrupted()

    def write_result(self, write: Callable[[Session], object]) -> None:
        """Store the result of the flow like `write`, but also if the job was canceled or paused meanwhile, or the worker is stopping.

        Raises JobInterrupted if the lease was lost; then nothing is stored.
        """
        started = time.monotonic()

        def renew_and_write(session: Session) -> bool:
            is_held = self._renew(session)
            if is_held:
                write(session)
            return is_held

        self._use_lease(self._store(renew_and_write), started)
        if self._lost.is_set():
            raise JobInterrupted("lost")

    def _renew(self, session: Session) -> bool:
        if not jobs.renew(session, self.job.id, self._owner, LEASE_SECONDS):
            return False
        of_job = select(jobs.Job.cancel_requested, jobs.Job.status).where(jobs.Job.id == self.job.id)
        for is_cancelled, status in session.execute(of_job):
            if is_cancelled:
                self._cancelled.set()
            if status != "running":
                self._paused.set()
        return True

    def _use_lease(self, is_held: bool, renewed_at: float) -> None:
        if is_held:
            self._lease_deadline = renewed_at + LEASE_SECONDS
        else:
            self.abandon()

    def record_advance(self) -> None:
        """Record that the work so far is safe: a next worker continues behind it, so takeovers until now no longer count."""
        self._set_takeovers(0)

    def record_interruption(self) -> int:
        """Record that the work must be repeated from its last safe point; return how often that happened in a row, takeovers included.

        It is stored as a takeover, because a restarted worker would not know of it.
        """
        self._set_takeovers(self.job.takeovers + 1)
        return self.job.takeovers

    def _set_takeovers(self, takeovers: int) -> None:
        self.job.takeovers = takeovers
        self._store(lambda session: jobs.set_takeovers(session, self.job.id, self._owner, takeovers))

    def _pause_or_abandon(self) -> None:
        """Find out why the job is not running any more."""
        if self._store(lambda session: jobs.holds(session, self.job.id, self._owner)):
            self._paused.set()
        else:
            self.abandon()

    def abandon(self) -> None:
        """Stop working on the job, because another worker has it or may claim it soon."""
        self._lost.set()

    def advise_after_failure(self, advice: str) -> None:
        """If the job fails now, end the event about the failure with `advice`, which says what to do next."""
        self._failure_advice = advice

    def fail(self, error: dict[str, Any]) -> None:
        """Store that the job failed, and why, unless another worker has claimed it."""
        event = f"The job failed: {error['message']} {self._failure_advice}".rstrip()
        self.finish("failed", event, level="error", error=error)

    def finish(self, status: str, event: str, level: str = "info", **values: Any) -> None:
        """Store how the job ended, unless another worker has claimed it."""

        def write(session: Session) -> None:
            if jobs.finish(session, self.job.id, self._owner, status, **values):
                jobs.add_event(session, self.job.id, event, level=level)

        self._store(write)

    def requeue(self) -> None:
        """Return the job to the queue; if it is paused, only release it."""
        self._store(lambda session: jobs.give_back(session, self.job.id, self._owner))

    def put_back(self) -> None:
        """Return the job to the queue as `defer` said; if it was paused or lost meanwhile, only release it."""
        seconds, stage = self._deferral or (0.0, "queued")

        def write(session: Session) -> None:
            if not jobs.defer(session, self.job.id, self._owner, seconds, stage):
                jobs.put_away(session, self.job.id, self._owner)

        self._store(write)

    def put_away(self) -> None:
        """Release the job, which is paused."""
        self._store(lambda session: jobs.put_away(session, self.job.id, self._owner))

    def _store(self, write: Callable[[Session], T]) -> T:
        """Write in one transaction; while the database is down, try again until the lease ends.

        Raises:
            JobInterrupted: if the database was down for too long. The worker that claims the job next continues it.
        """
        deadline = time.monotonic() + LEASE_SECONDS
        while True:
            try:
                with self._database.session() as session:
                    return write(session)
            except DatabaseUnavailable as error:
                log.warning("could not write to the database", problem=error.message)
                if self._lost.wait(RETRY_SECONDS) or self._stopping.is_set() or time.monotonic() > deadline:
                    self.abandon()
                    raise JobInterrupted("lost") from error

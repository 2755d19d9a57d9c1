"""A worker's part of a job's life: claim it, keep the lease alive, run the flow, store how it ended.

Shared by every worker; knows nothing of what a flow does. Whatever happens, the job ends with a stated reason or goes back to the queue.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from shared.errors import DatabaseUnavailable, TandemError
from shared.log import get_logger
from shared.records import jobs
from shared.records.database import Database

LEASE_SECONDS = 30.0
HEARTBEAT_SECONDS = 5.0
RETRY_SECONDS = 1.0

T = TypeVar("T")

log = get_logger(__name__)


class JobInterrupted(Exception):
    """The flow must end now: cancelled, worker stopping, or lease lost (see `JobContext.reason`)."""


class JobContext:
    """What a flow may do to its job: report progress, add events, and learn that it must end."""

    def __init__(self, database: Database, job: jobs.Job, owner: str, stopping: threading.Event) -> None:
        self.job = job
        self._database = database
        self._owner = owner
        self._stopping = stopping
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        if job.cancel_requested:
            self._cancelled.set()

    @property
    def interrupt_reason(self) -> str | None:
        """Why the flow must end: `lost`, `cancelled`, `stopping`, or None."""
        for reason, event in (("lost", self._lost), ("cancelled", self._cancelled), ("stopping", self._stopping)):
            if event.is_set():
                return reason
        return None

    def raise_if_interrupted(self) -> None:
        """Raise JobInterrupted where the flow must end; call it between steps and in loops."""
        if self.interrupt_reason:
            raise JobInterrupted(self.interrupt_reason)

    def report_progress(self, stage: str, percent: float) -> None:
        """Store stage and percent (0-100)."""
        self.raise_if_interrupted()
        if not self._store(lambda session: jobs.set_progress(session, self.job.id, self._owner, stage, percent)):
            self.abandon()
        self.raise_if_interrupted()

    def add_event(self, message: str, *, level: str = "info", type: str = "message", data: dict[str, Any] | None = None) -> None:
        """Append an event to the job."""
        self._store(lambda session: jobs.add_event(session, self.job.id, message, level=level, type=type, data=data))

    def renew_lease(self) -> None:
        """Renew the lease and read whether the job was cancelled."""
        with self._database.session() as session:
            if not jobs.renew(session, self.job.id, self._owner, LEASE_SECONDS):
                self.abandon()
                return
            job = session.get(jobs.Job, self.job.id)
            if job is not None and job.cancel_requested:
                self._cancelled.set()

    def abandon(self) -> None:
        """Take it that another worker has the job, or may have it soon."""
        self._lost.set()

    def finish(self, status: str, event: str, level: str = "info", **values: Any) -> None:
        """Store how the job ended, unless another worker holds it by now."""

        def write(session: Session) -> None:
            if jobs.finish(session, self.job.id, self._owner, status, **values):
                jobs.add_event(session, self.job.id, event, level=level)

        self._store(write)

    def requeue(self) -> None:
        """Return the job to the queue."""

        def write(session: Session) -> None:
            if jobs.requeue(session, self.job.id, self._owner):
                jobs.add_event(session, self.job.id, "The worker stopped; the job goes on with the next one.", level="warn")

        self._store(write)

    def _store(self, write: Callable[[Session], T]) -> T:
        """Write in one transaction, again and again while the database is gone and the lease lasts.

        Raises:
            JobInterrupted: the database was gone for too long; whoever claims the job next goes on with it.
        """
        deadline = time.monotonic() + LEASE_SECONDS
        while True:
            try:
                with self._database.session() as session:
                    return write(session)
            except DatabaseUnavailable as error:
                log.warning("not stored", problem=error.message)
                if self._lost.wait(RETRY_SECONDS) or self._stopping.is_set() or time.monotonic() > deadline:
                    self.abandon()
                    raise JobInterrupted("lost") from error


Flow = Callable[[jobs.Job, JobContext], dict[str, Any]]


def run_job(database: Database, job_id: str, owner: str, flow: Flow, stopping: threading.Event) -> None:
    """Run `flow` on the job where it can be claimed; return once its end (or its return to the queue) is stored."""
    with database.session() as session:
        job = jobs.claim(session, job_id, owner, LEASE_SECONDS)
    if job is None:
        return
    with structlog.contextvars.bound_contextvars(job_id=job.id, request_id=job.request_id):
        context = JobContext(database, job, owner, stopping)
        with _beating(context):
            _run(flow, job, context)


def _run(flow: Flow, job: jobs.Job, context: JobContext) -> None:
    try:
        store_end = _outcome(flow, job, context)
        store_end()
    except (JobInterrupted, DatabaseUnavailable) as error:
        log.warning("the job is left to its lease; whoever claims it next goes on with it", problem=str(error))


def _outcome(flow: Flow, job: jobs.Job, context: JobContext) -> Callable[[], None]:
    """Run the flow; return what stores how it ended."""
    try:
        _refuse_endless(job)
        context.raise_if_interrupted()
        result = flow(job, context)
        return partial(context.finish, "succeeded", "The job has successfully completed.", result=result, percent=100.0)
    except JobInterrupted:
        return partial(_interrupted, context)
    except DatabaseUnavailable:
        raise
    except TandemError as error:
        return partial(_failed, context, error.code or error.type, error.message, error.param)
    except MemoryError:
        return partial(_failed, context, "out_of_memory", "The worker ran out of memory. Use a smaller batch or shorter examples.", None)
    except Exception as error:
        log.exception("job failed")
        return partial(_failed, context, "server_error", f"{type(error).__name__}: {error}", None)


def _refuse_endless(job: jobs.Job) -> None:
    if job.takeovers > jobs.MAX_TAKEOVERS:
        raise TandemError(f"Given up: {job.takeovers} workers in a row died while working on this job.", code="worker_died")


def _interrupted(context: JobContext) -> None:
    if context.interrupt_reason == "cancelled":
        context.finish("cancelled", "The job was cancelled.")
    elif context.interrupt_reason == "stopping":
        context.requeue()


def _failed(context: JobContext, code: str, message: str, param: str | None) -> None:
    context.finish("failed", f"The job failed: {message}", level="error", error={"code": code, "message": message, "param": param})


@contextmanager
def _beating(context: JobContext) -> Iterator[None]:
    done = threading.Event()

    def keep() -> None:
        last = time.monotonic()
        while not done.wait(HEARTBEAT_SECONDS) and context.interrupt_reason != "lost":
            last = _beat(context, last)

    thread = threading.Thread(target=keep, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(context: JobContext, last: float) -> float:
    """Beat; return when it last succeeded. After a lease's length without success, another worker may have the job."""
    try:
        context.renew_lease()
        return time.monotonic()
    except Exception as error:
        since = time.monotonic() - last
        log.warning("heartbeat failed", seconds_since_last=round(since, 1), problem=str(error))
        if since > LEASE_SECONDS:
            context.abandon()
        return last

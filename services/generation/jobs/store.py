"""Jobs on this side: stored, rung for, listed, cancelled, deleted. The workers' side is `shared.workers.job_runner`.

A job is stored first and rung for afterwards; where the broker is gone it waits in the database, and the sweeper rings again.
"""

import threading
import time
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from shared.errors import Conflict, NotFound, TandemError
from shared.log import get_logger, request_id
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent

T = TypeVar("T")
WORDS = {jobs.FINE_TUNING: "fine-tuning job", jobs.COMPARISON: "comparison"}

log = get_logger(__name__)


class Notifier(Protocol):
    """Wakes the workers of a kind of job; raises TandemError where it cannot."""

    def notify(self, kind: str, job_id: str) -> None:
        """Tell the workers that the job waits."""


class Jobs:
    """The jobs of every project."""

    def __init__(self, database: Database, notifier: Notifier) -> None:
        self._database = database
        self._notifier = notifier

    def submit(self, kind: str, project_id: str, spec: dict[str, Any], event: str) -> Job:
        """Store a job with its first event, and wake the workers."""
        with self._database.session() as session:
            job = jobs.submit(session, kind, project_id, spec, request_id())
            jobs.add_event(session, job.id, event)
        self._ring(job)
        return job

    def find(self, kind: str, project_id: str, job_id: str) -> Job:
        """Return the project's job, or raise NotFound."""
        with self._database.session() as session:
            return _find(session, kind, project_id, job_id)

    def list_jobs(self, kind: str, project_id: str, limit: int, after: str | None) -> tuple[list[Job], bool]:
        """Return up to `limit` jobs, newest first, after the job `after`; and whether there are more.

        Raises:
            NotFound: there is no job `after`, or no more.
        """
        with self._database.session() as session:
            query = select(Job).where(Job.project_id == project_id, Job.kind == kind)
            if after:
                last = _find(session, kind, project_id, after, param="after")
                same_second = and_(Job.created_at == last.created_at, Job.id < last.id)
                query = query.where(or_(Job.created_at < last.created_at, same_second))
            return _page(session, query.order_by(Job.created_at.desc(), Job.id.desc()), limit)

    def list_events(self, kind: str, project_id: str, job_id: str, limit: int, after: str | None) -> tuple[list[JobEvent], bool]:
        """Return up to `limit` events of a job, newest first, after the event `after`; and whether there are more."""
        with self._database.session() as session:
            _find(session, kind, project_id, job_id)
            query = select(JobEvent).where(JobEvent.job_id == job_id)
            if after:
                query = query.where(JobEvent.number < _find_event(session, job_id, after).number)
            return _page(session, query.order_by(JobEvent.number.desc()), limit)

    def cancel(self, kind: str, project_id: str, job_id: str) -> Job:
        """Cancel a job: at once where it waits, else its worker ends it within seconds. Twice is no error.

        Raises:
            NotFound: the project has no such job.
            Conflict: it ended otherwise.
        """
        with self._database.session() as session:
            job = _find(session, kind, project_id, job_id)
            if job.status in jobs.UNFINISHED and not job.cancel_requested:
                jobs.add_event(session, job.id, "The job was asked to end.")
            jobs.request_cancel(session, job)
            if job.status in ("succeeded", "failed"):
                raise Conflict(f"The {WORDS[kind]} '{job_id}' cannot be cancelled; it has already {job.status}.")
            return job

    def delete(self, kind: str, project_id: str, job_id: str) -> None:
        """Remove a job with its events and answers; a worker that still holds it loses its lease and stops."""
        with self._database.session() as session:
            session.delete(_find(session, kind, project_id, job_id))

    def ring_for_waiting(self) -> None:
        """Wake the workers for every job that nobody works on; end those among them that were asked to end."""
        with self._database.session() as session:
            jobs.finish_cancelled(session)
            waiting = jobs.list_claimable(session)
        for job in waiting:
            if not self._ring(job):
                return

    def _ring(self, job: Job) -> bool:
        try:
            self._notifier.notify(job.kind, job.id)
        except TandemError as error:
            log.warning("the workers could not be told; they will be told again", job_id=job.id, problem=error.message)
            return False
        return True


class Sweeper:
    """A thread that rings for waiting jobs every `seconds`."""

    def __init__(self, job_list: Jobs, seconds: float) -> None:
        self._jobs = job_list
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin; the first round is at once."""
        self._thread.start()

    def stop(self) -> None:
        """End, after the round that runs."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._jobs.ring_for_waiting()
            except TandemError as error:
                log.warning("waiting jobs could not be looked up", problem=error.message)
            except Exception:
                log.exception("a round of the sweeper failed")
            self._stopped.wait(self._seconds)


def estimate_finish(job: Job) -> int | None:
    """Return when a running job will be done (seconds since 1970), by its speed so far; None where that says nothing."""
    if job.status != "running" or not job.started_at or job.percent <= 0:
        return None
    now = time.time()
    return int(now + (now - job.started_at) * (100 - job.percent) / job.percent)


def _find(session: Session, kind: str, project_id: str, job_id: str, param: str | None = None) -> Job:
    job = jobs.find(session, kind, project_id, job_id)
    if job is None:
        raise NotFound(f"There is no {WORDS[kind]} '{job_id}'.", param=param)
    return job


def _find_event(session: Session, job_id: str, event_id: str) -> JobEvent:
    event = session.scalar(select(JobEvent).where(JobEvent.job_id == job_id, JobEvent.id == event_id))
    if event is None:
        raise NotFound(f"There is no event '{event_id}' of this job.", param="after")
    return event


def _page(session: Session, query: Select[T], limit: int) -> tuple[list[T], bool]:
    rows = list(session.scalars(query.limit(limit + 1)))
    return rows[:limit], len(rows) > limit

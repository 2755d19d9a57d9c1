"""Jobs as the API sees them: submitted, listed, canceled, deleted. The workers' side is `shared.workers.job_runner`.

A job is stored first, then the workers are notified. If the broker is gone, the job waits in the database until the sweeper notifies
them again.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle, islice
from typing import Any, Protocol

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from services.generation.contracts.metadata_filter import MetadataFilter
from services.generation.jobs.select_by_metadata import select_by_metadata
from shared.contracts.paging import PageRequest, Slice
from shared.errors import Conflict, NotFound, TandemError
from shared.log import get_logger, request_id
from shared.records import jobs
from shared.records.database import Database
from shared.records.evaluation import comparisons
from shared.records.jobs import Job, JobEvent
from shared.records.pages import Listing, fetch_page
from shared.records.training_devices import Device, Speed, find_speed, list_devices, request_calibration
from shared.records.unfinished import advise_unfinished

PATH_PARAMETERS = {jobs.FINE_TUNING: "job_id", jobs.COMPARISON: "comparison_id", jobs.DATASET: "dataset_id", jobs.EVAL_RUN: "run_id"}
NOUNS = {jobs.FINE_TUNING: "fine-tuning job", jobs.COMPARISON: "comparison", jobs.DATASET: "dataset", jobs.EVAL_RUN: "run"}
ENDS = {"succeeded": "succeeded", "failed": "failed", "cancelled": "been canceled"}
MESSAGES_PER_ROUND = 8  # for each kind of job; so many idle workers start at once

log = get_logger(__name__)


class Notifier(Protocol):
    """Notifies the workers of a kind of job."""

    def notify(self, kind: str, job_id: str) -> None:
        """Notify the workers that the job waits. Raises TandemError if they cannot be reached."""


class JobStore:
    """The jobs of every project."""

    def __init__(self, database: Database, notifier: Notifier) -> None:
        self._database = database
        self._notifier = notifier

    def submit(self, kind: str, project_id: str, spec: dict[str, Any], event: str) -> Job:
        """Store a job with its first event, and notify the workers."""

        def make(session: Session) -> Job:
            job = jobs.submit(session, kind, project_id, spec, request_id())
            jobs.add_event(session, job.id, event)
            return job

        return self.submit_from(make)

    def submit_from(self, make: Callable[[Session], Job]) -> Job:
        """Store the job that `make` makes, with all that it stores in the same transaction, and notify the workers."""
        with self._database.session() as session:
            job = make(session)
        self._notify(job.kind, job.id)
        return job

    def find(self, kind: str, project_id: str, job_id: str) -> Job:
        """Return a job. Raises NotFound if the project has no such job."""
        with self._database.session() as session:
            return _find(session, kind, project_id, job_id)

    def list_jobs(self, kind: str, project_id: str, page: PageRequest, metadata: MetadataFilter | None = None) -> Slice[Job]:
        """Return the requested jobs, if `metadata` is given only those that it selects.

        Raises:
            InvalidRequest: if `after` or `before` names no such job.
        """
        selected = select_by_metadata(metadata, self._database.engine.dialect.name) if metadata else []
        own = select(Job).where(Job.project_id == project_id, Job.kind == kind, *selected)
        with self._database.session() as session:
            return fetch_page(session, Listing(own, Job.id, (Job.created_at, Job.number, Job.id)), page)

    def list_events(self, kind: str, project_id: str, job_id: str, page: PageRequest) -> Slice[JobEvent]:
        """Return the requested events of a job.

        Raises:
            NotFound: if the project has no such job.
            InvalidRequest: if `after` or `before` names no event of the job.
        """
        own = select(JobEvent).where(JobEvent.job_id == job_id)
        with self._database.session() as session:
            _find(session, kind, project_id, job_id)
            return fetch_page(session, Listing(own, JobEvent.id, (JobEvent.number,)), page)

    def list_metrics(self, job_id: str) -> list[dict[str, Any]]:
        """Return the data of all events of a job that have metrics, oldest first."""
        with self._database.session() as session:
            return [data for data in session.scalars(_select_metrics(job_id).order_by(JobEvent.number)) if data]

    def find_seconds_left(self, rows: Iterable[Job]) -> dict[str, float]:
        """Return how long the running jobs among `rows` still train, by id, as their newest events with metrics say."""
        running = [job.id for job in rows if job.status == "running"]
        with self._database.session() as session:
            newest = {job_id: session.scalar(_select_metrics(job_id).order_by(JobEvent.number.desc()).limit(1)) or {} for job_id in running}
        return {job_id: data["seconds_left"] for job_id, data in newest.items() if "seconds_left" in data}

    def cancel(self, kind: str, project_id: str, job_id: str) -> Job:
        """Cancel a job: a queued one immediately, a running one within seconds. It is not an error to cancel a job twice.

        Raises:
            NotFound: if the project has no such job.
            Conflict: if the job has succeeded or failed.
        """
        with self._database.session() as session:
            job = _found(jobs.find_for_update(session, kind, project_id, job_id), kind, job_id)
            if job.status in jobs.UNFINISHED and not job.cancel_requested:
                jobs.add_event(session, job.id, "Cancellation was requested.")
            jobs.request_cancel(session, job)
            if job.status in ("succeeded", "failed"):
                raise Conflict(f"The {NOUNS[kind]} '{job_id}' cannot be canceled; it has already {_name_end(job)}.")
            return job

    def pause(self, kind: str, project_id: str, job_id: str) -> Job:
        """Pause a job: a worker that runs it puts its work away within seconds. It is not an error to pause a job twice.

        Raises:
            NotFound: if the project has no such job.
            Conflict: if the job has ended or is being canceled, or its files are still being checked.
        """
        with self._database.session() as session:
            job = _found(jobs.find_for_update(session, kind, project_id, job_id), kind, job_id)
            if jobs.pause(session, job_id):
                jobs.add_event(session, job_id, "The job was paused.")
            elif job.status != jobs.PAUSED or job.cancel_requested:
                raise Conflict(f"The {NOUNS[kind]} '{job_id}' cannot be paused; {_describe_end(job)}.")
            session.refresh(job)
            return job

    def resume(self, kind: str, project_id: str, job_id: str) -> Job:
        """Return a paused job to the queue, and notify the workers.

        Raises:
            NotFound: if the project has no such job.
            Conflict: if the job is not paused.
        """
        with self._database.session() as session:
            job = _found(jobs.find_for_update(session, kind, project_id, job_id), kind, job_id)
            if not jobs.resume(session, job_id):
                raise Conflict(f"The {NOUNS[kind]} '{job_id}' cannot be resumed, because it is not paused; its status is '{job.status}'.")
            jobs.add_event(session, job_id, "The job was resumed.")
            session.refresh(job)
        self._notify(job.kind, job.id)
        return job

    def list_questions(self, comparison_id: str) -> list[dict[str, Any]]:
        """Return the questions of a comparison, by number."""
        with self._database.session() as session:
            return comparisons.list_questions(session, comparison_id)

    def delete(self, kind: str, project_id: str, job_id: str, remove: Callable[[Session, Job], None] = Session.delete) -> None:
        """Delete a job, by `remove`, with its events and answers. A worker that runs it loses its lease and stops.

        Raises:
            NotFound: if the project has no such job. Of several deletions at the same moment, one does not raise.
        """
        with self._database.session() as session:
            remove(session, _found(jobs.find_for_update(session, kind, project_id, job_id), kind, job_id))

    def list_devices(self, base: str) -> list[tuple[Device, Speed | None]]:
        """Return the devices on which the workers can train a base model now, and how fast each did it last, if that is known."""
        with self._database.session() as session:
            return [(device, find_speed(session, device)) for device in list_devices(session, base)]

    def request_calibrations(self, devices: Sequence[tuple[Device, Speed | None]]) -> dict[Device, str]:
        """Let the workers measure the speeds that are not known; return the devices on which that has just failed, each with the reason."""
        unknown = [device for device, speed in devices if speed is None]
        if not unknown:
            return {}
        with self._database.session() as session:
            outcomes = {device: request_calibration(session, device) for device in unknown}
        return {device: problem for device, problem in outcomes.items() if problem}

    def check_file_unused(self, project_id: str, file_id: str) -> None:
        """Raise Conflict if a fine-tuning job that has not ended was created with this file: a worker reads it only when the job starts."""
        unfinished = select(Job).where(Job.project_id == project_id, Job.kind == jobs.FINE_TUNING, Job.status.in_(jobs.UNFINISHED))
        with self._database.session() as session:
            user = next((job for job in session.scalars(unfinished) if file_id in _list_files(job)), None)
        if user:
            problem = f"The file '{file_id}' is used by '{user.id}', whose status is '{user.status}'."
            raise Conflict(f"{problem} {advise_unfinished(user.status)}", param="file_id", code="file_in_use")

    def notify_waiting(self) -> None:
        """Notify the workers that jobs wait, after ending those whose cancellation was requested.

        A message for each job, up to a few for each kind: a worker that gets one works until no job waits. If a job cannot run on every
        worker, there are always a few, so that one of them reaches a worker that can run it.
        """
        with self._database.session() as session:
            jobs.finish_cancelled(session)
            waiting = jobs.list_claimable(session)
        for kind in dict.fromkeys(job.kind for job in waiting):
            for job_id in _choose_messages([job for job in waiting if job.kind == kind]):
                if not self._notify(kind, job_id):
                    return

    def _notify(self, kind: str, job_id: str) -> bool:
        try:
            self._notifier.notify(kind, job_id)
        except TandemError as error:
            log.warning("the workers could not be notified; the sweeper notifies them again", job_id=job_id, problem=error.message)
            return False
        return True


def _choose_messages(waiting: Sequence[Row[tuple[str, str, bool]]]) -> Iterable[str]:
    """Return the job ids of a round's messages for one kind; `waiting` as from `jobs.list_claimable`."""
    job_ids = [job.id for job in waiting]
    return islice(cycle(job_ids) if any(job.is_choosy for job in waiting) else job_ids, MESSAGES_PER_ROUND)


def _name_end(job: Job) -> str:
    """Return how a job ended, as the API calls it."""
    return "completed" if (job.kind, job.status) == (jobs.EVAL_RUN, "succeeded") else job.status


def _list_files(job: Job) -> tuple[Any, Any]:
    return job.spec.get("training_file"), job.spec.get("validation_file")


def _describe_end(job: Job) -> str:
    if job.status == jobs.VALIDATING and not job.cancel_requested:
        return "its files are still being checked. Wait until its status is 'queued', or cancel it"
    return "it is being canceled" if job.cancel_requested and job.status in jobs.UNFINISHED else f"it has already {ENDS[job.status]}"


def _select_metrics(job_id: str) -> Select[Any]:
    return select(JobEvent.data).where(JobEvent.job_id == job_id, JobEvent.type == "metrics")


def _find(session: Session, kind: str, project_id: str, job_id: str) -> Job:
    return _found(jobs.find(session, kind, project_id, job_id), kind, job_id)


def _found(job: Job | None, kind: str, job_id: str) -> Job:
    if job is None:
        raise NotFound(f"There is no {NOUNS[kind]} '{job_id}'.", param=PATH_PARAMETERS[kind])
    return job

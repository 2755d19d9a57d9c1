"""The fine-tuning jobs whose files are still to be checked, in the database, shared by any number of front doors.

A job is claimed under a lease, as workers do with theirs. If a front door dies, another one checks the files again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from services.generation.contracts.fine_tuning import DeviceType
from services.generation.jobs.queue import QueuePlace, name_device, name_priority, warn_about_workers
from shared.contracts.fine_tuning import TrainingSpec
from shared.datasets.checks.warn import Note
from shared.errors import TandemError
from shared.ids import new_id
from shared.records import jobs, leases
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, VALIDATING, Job

FILES_VALID = Note("info", "Files validated, moving job to queued state")


@dataclass(frozen=True)
class ClaimedCheck:
    """A job whose files are to be checked. `takeovers` counts the front doors that died over it."""

    id: str
    project_id: str
    base: str
    spec: TrainingSpec
    takeovers: int
    request_id: str | None
    device: DeviceType = "auto"


class CheckQueue:
    """The jobs of every project. A lease that is not renewed for `lease_seconds` expires."""

    def __init__(self, database: Database, lease_seconds: float) -> None:
        self.lease_seconds = lease_seconds
        self._database = database
        self._owner = new_id("door_")

    def claim(self) -> ClaimedCheck | None:
        """Claim the job that waits the longest; return None if none waits."""
        waiting = select(Job).where(Job.kind == FINE_TUNING, Job.status == VALIDATING, leases.is_free(Job))
        with self._database.session() as session:
            for job in session.scalars(waiting.order_by(Job.created_at, Job.number, Job.id)):
                if claimed := self._claim(session, job):
                    return claimed
        return None

    def renew(self, id: str) -> bool:
        """Renew the lease; return False if it is lost, or the job was canceled."""
        with self._database.session() as session:
            return jobs.renew(session, id, self._owner, self.lease_seconds)

    def report(self, id: str, percent: float) -> bool:
        """Store how much of the files is checked; return False if the lease is lost, or the job was canceled."""
        own = update(Job).where(*_validating(id), Job.lease_owner == self._owner)
        with self._database.session() as session:
            reported: Any = session.execute(own.values(percent=round(percent, 1)).execution_options(synchronize_session=False))
            return bool(reported.rowcount)

    def move_to_queue(self, claimed: ClaimedCheck, notes: Sequence[Note]) -> bool:
        """Move a job whose files are valid to the queue, with `notes` on the files; return False if it was canceled or is another's."""
        values: dict[str, Any] = {"status": "queued", "stage": "queued", "percent": 0.0, "takeovers": 0}
        with self._database.session() as session:
            if not leases.release(session, Job, *_validating(claimed.id), owner=self._owner, **values):
                return False
            place = _find_place(session.get_one(Job, claimed.id))
            for note in (*notes, FILES_VALID, *warn_about_workers(session, place)):
                jobs.add_event(session, claimed.id, note.message, level=note.level)
        return True

    def fail(self, id: str, error: TandemError) -> None:
        """End the job as failed, unless it was canceled or is another's."""
        described = {"code": error.code or error.type, "message": error.message, "param": error.param}
        with self._database.session() as session:
            if jobs.finish(session, id, self._owner, "failed", error=described):
                jobs.add_event(session, id, f"The job failed: {error.message}", level="error")

    def give_back(self, id: str, seconds: float = 0.0) -> None:
        """Let another front door, or this one, check the job again, not before `seconds` from now."""
        with self._database.session() as session:
            if seconds:
                leases.defer(session, Job, *_validating(id), owner=self._owner, seconds=seconds)
            else:
                leases.release(session, Job, *_validating(id), owner=self._owner)

    def _claim(self, session: Session, job: Job) -> ClaimedCheck | None:
        # A lease that was given back has no owner. One of this front door has expired because the database was away.
        takeovers = job.takeovers + (job.lease_owner not in (None, self._owner))
        unchanged = (*_validating(job.id), Job.takeovers == job.takeovers)
        if not leases.claim(session, Job, *unchanged, owner=self._owner, seconds=self.lease_seconds, takeovers=takeovers):
            return None
        spec = TrainingSpec.model_validate(job.spec)
        return ClaimedCheck(job.id, job.project_id, job.base or spec.model, spec, takeovers, job.request_id, name_device(job.device))


def _validating(id: str) -> tuple[ColumnElement[bool], ...]:
    return Job.id == id, Job.status == VALIDATING


def _find_place(job: Job) -> QueuePlace:
    return QueuePlace(job.base or job.spec["model"], name_priority(job.priority), name_device(job.device))

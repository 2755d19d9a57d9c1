"""Which job is next: a fair order of the jobs that wait, and limits for the jobs that run at the same time.

Projects take turns, so one that submits fifty jobs does not hold up another that submits one. A priority orders the jobs of one project.
Knows nothing of what a job does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from shared.records import jobs, leases
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.projects import DEFAULT_PROJECT, Project

WAITS_FOR_PROJECT, WAITS_FOR_DEVICE = "waiting_for_project", "waiting_for_device"


@dataclass(frozen=True)
class WorkerDevice:
    """Where a worker runs its jobs. `type` is `cpu` or `gpu`. Workers that share a device have the same `name` for it.

    `max_jobs` is how many jobs may run there at the same time; None if there is no limit.
    """

    type: str
    name: str
    max_jobs: int | None = None


@dataclass(frozen=True)
class Claimant:
    """A worker that runs jobs of some `kinds`. A lease lasts `seconds`; `max_per_project` is None if projects have no limit.

    It runs the jobs of its `bases`, the base models that it has, and of its `device`, and those that do not ask for any. A worker without
    these runs only the latter.
    """

    owner: str
    kinds: Collection[str]
    seconds: float
    max_per_project: int | None = None
    device: WorkerDevice | None = None
    bases: Collection[str] = ()


@dataclass(frozen=True)
class WaitingJob:
    """What the queue needs to know of a job that no worker holds."""

    id: str
    project_id: str
    kind: str


def claim_next(database: Database, claimant: Claimant) -> Job | None:
    """Claim the job that is next; return None if none waits, or none may run now. A job that waits because of a limit says so.

    Each attempt is a transaction of its own: one that locked several projects could wait for another in a circle. A project that has no
    room for one of its jobs is not asked again, because each question writes.
    """
    with database.session() as session:
        waiting = list_waiting(session, claimant)
    device = claimant.device.name if claimant.device else None
    full: set[tuple[str, str]] = set()
    for job in waiting:
        if (job.project_id, job.kind) in full:
            continue
        with database.session() as session:
            if not _has_room_on_device(session, job, claimant.device):
                return None
            if not _has_room(session, job, claimant):
                full.add((job.project_id, job.kind))
            elif claimed := jobs.claim(session, job.id, claimant.owner, claimant.seconds, device):
                return claimed
    return None


def list_waiting(session: Session, claimant: Claimant) -> list[WaitingJob]:
    """Return the jobs that no worker holds and that this one can run, the next one first.

    Jobs whose worker died come first. Then it is the turn of the project with the fewest running jobs, and among those, of the one whose
    last job began the longest ago, or whose oldest job waits the longest. Within a project, jobs are ordered by priority, then by age.
    """
    is_running = (Job.status == "running") & ~leases.is_free(Job)
    is_waiting = _is_waiting(claimant)
    of_project = (
        select(
            Job.project_id,
            func.sum(case((is_running, 1), else_=0)).label("running"),
            func.max(Job.started_at).label("last_start"),
            func.min(case((is_waiting, Job.created_at))).label("oldest"),
        )
        .where(Job.kind.in_(claimant.kinds), Job.project_id.in_(select(Job.project_id).where(is_waiting)))
        .group_by(Job.project_id)
        .subquery()
    )
    # Columns of a project before those of a job: a priority must not get one project ahead of another.
    turn = (of_project.c.running, func.coalesce(of_project.c.last_start, 0), of_project.c.oldest, Job.project_id)
    order = (Job.status != "running", *turn, Job.priority.desc(), Job.created_at, Job.number, Job.id)
    waiting = select(Job.id, Job.project_id, Job.kind).join(of_project, of_project.c.project_id == Job.project_id)
    return [WaitingJob(*row) for row in session.execute(waiting.where(is_waiting).order_by(*order))]


def _is_waiting(claimant: Claimant) -> ColumnElement[bool]:
    """Return the condition that no worker holds a job that this one can run."""
    is_for_device = or_(Job.device.is_(None), Job.device == claimant.device.type) if claimant.device else Job.device.is_(None)
    is_of_base = or_(Job.base.is_(None), Job.base.in_(claimant.bases))
    return and_(Job.kind.in_(claimant.kinds), Job.status.in_(jobs.CLAIMABLE), leases.is_free(Job), is_of_base, is_for_device)


def _has_room(session: Session, job: WaitingJob, claimant: Claimant) -> bool:
    """Return whether the project may have one more running job. If not, its waiting jobs of this kind say so.

    With a limit, this locks the project until the transaction ends, so that no two workers count at the same moment.
    """
    limit = claimant.max_per_project
    if limit is None:
        return True
    _lock(session, job.project_id)
    if _count(session, Job.project_id == job.project_id, Job.kind == job.kind, Job.status == "running", Job.id != job.id) < limit:
        return True
    reason = f"The job is waiting, because the project may run only {_number(limit)} of this kind at a time."
    _explain(session, WAITS_FOR_PROJECT, reason, Job.project_id == job.project_id, Job.kind == job.kind)
    return False


def _has_room_on_device(session: Session, job: WaitingJob, device: WorkerDevice | None) -> bool:
    """Return whether one more job may run on the worker's device. If not, the job, which is next, says so.

    A job that was paused counts until its worker has put it away. With a limit, this locks the default project, as every worker with such
    a limit does first: there is no row for a device, and no circle of workers that wait for one another.
    """
    if device is None or device.max_jobs is None:
        return True
    _lock(session, DEFAULT_PROJECT)
    if _count(session, Job.runs_on == device.name, Job.id != job.id) < device.max_jobs:
        return True
    reason = f"The job is waiting, because the device '{device.name}' may run only {_number(device.max_jobs)} at a time."
    _explain(session, WAITS_FOR_DEVICE, reason, Job.id == job.id)
    return False


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    """Return how many jobs that a worker holds meet the conditions."""
    held = select(func.count()).select_from(Job).where(*conditions, Job.status.in_(jobs.UNFINISHED), leases.is_held(Job))
    return session.scalar(held) or 0


def _number(limit: int) -> str:
    return "1 job" if limit == 1 else f"{limit} jobs"


def _explain(session: Session, stage: str, reason: str, *which: ColumnElement[bool]) -> None:
    """Show in the stage of jobs, and once in their events, why they wait."""
    conditions = (*which, Job.status == "queued", Job.stage == "queued", leases.is_free(Job))
    jobs.lock_jobs(session, *conditions)
    new = update(Job).where(*conditions).values(stage=stage)
    changed: Any = session.scalars(new.returning(Job.id).execution_options(synchronize_session=False))
    for job_id in changed.all():
        jobs.add_event(session, job_id, reason)


def _lock(session: Session, project_id: str) -> None:
    """Lock the project until the transaction ends. The lock is an update that changes nothing."""
    session.execute(update(Project).where(Project.id == project_id).values(id=Project.id))

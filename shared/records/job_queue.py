"""Which job is next: a fair order of the jobs that wait, and a limit for the jobs of a project that run at the same time.

Projects take turns, so one that submits fifty jobs does not hold up another that submits one. Knows nothing of what a job does.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from shared.records import jobs, leases
from shared.records.database import Database
from shared.records.jobs import Job
from shared.records.projects import Project


@dataclass(frozen=True)
class Claimant:
    """A worker that runs jobs of some `kinds`. A lease lasts `seconds`; `max_per_project` is None if projects have no limit."""

    owner: str
    kinds: Collection[str]
    seconds: float
    max_per_project: int | None = None


@dataclass(frozen=True)
class WaitingJob:
    """What the queue needs to know of a job that no worker holds."""

    id: str
    project_id: str
    kind: str


def claim_next(database: Database, claimant: Claimant) -> Job | None:
    """Claim the job that is next; return None if none waits, or none may run now.

    Each attempt is a transaction of its own: one that locked several projects could wait for another in a circle. A project that has no
    room for one of its jobs is not asked again, because each question writes.
    """
    with database.session() as session:
        waiting = list_waiting(session, claimant.kinds)
    full: set[tuple[str, str]] = set()
    for job in waiting:
        if (job.project_id, job.kind) in full:
            continue
        with database.session() as session:
            if not _has_room(session, job, claimant):
                full.add((job.project_id, job.kind))
            elif claimed := jobs.claim(session, job.id, claimant.owner, claimant.seconds):
                return claimed
    return None


def list_waiting(session: Session, kinds: Collection[str]) -> list[WaitingJob]:
    """Return the jobs that no worker holds, the next one first.

    Jobs whose worker died come first. Then it is the turn of the project with the fewest running jobs, and among those, of the one whose
    last job began the longest ago. Jobs of one project keep their order.
    """
    is_running = (Job.status == "running") & ~leases.is_free(Job)
    is_waiting = (Job.kind.in_(kinds), Job.status.in_(jobs.CLAIMABLE), leases.is_free(Job))
    of_project = (
        select(Job.project_id, func.sum(case((is_running, 1), else_=0)).label("running"), func.max(Job.started_at).label("last_start"))
        .where(Job.kind.in_(kinds), Job.project_id.in_(select(Job.project_id).where(*is_waiting)))
        .group_by(Job.project_id)
        .subquery()
    )
    turn = (Job.status != "running", of_project.c.running, func.coalesce(of_project.c.last_start, 0), Job.created_at, Job.id)
    waiting = select(Job.id, Job.project_id, Job.kind).join(of_project, of_project.c.project_id == Job.project_id)
    return [WaitingJob(*row) for row in session.execute(waiting.where(*is_waiting).order_by(*turn))]


def _has_room(session: Session, job: WaitingJob, claimant: Claimant) -> bool:
    """Return whether the project may have one more running job.

    With a limit, this locks the project until the transaction ends, so that no two workers count at the same moment.
    """
    if claimant.max_per_project is None:
        return True
    session.execute(update(Project).where(Project.id == job.project_id).values(id=Project.id))
    running = select(func.count()).where(
        Job.project_id == job.project_id, Job.kind == job.kind, Job.status == "running", ~leases.is_free(Job), Job.id != job.id
    )
    return (session.scalar(running) or 0) < claimant.max_per_project

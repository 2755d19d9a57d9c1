"""Jobs in a test database."""

import time

from sqlalchemy import select, update

from shared.records import jobs
from shared.records.database import Database


def submit(database: Database, kind: str = jobs.FINE_TUNING) -> str:
    """Submit a job and return its id."""
    with database.session() as session:
        return jobs.submit(session, kind, "default", {"model": "m"}, "req_1").id


def load(database: Database, job_id: str) -> jobs.Job:
    """Return the job as it is stored."""
    with database.session() as session:
        job = session.get(jobs.Job, job_id)
        assert job is not None
        return job


def expire(database: Database, job_id: str) -> None:
    """Let the job's lease expire."""
    with database.session() as session:
        session.execute(update(jobs.Job).where(jobs.Job.id == job_id).values(lease_expires_at=time.time() - 1))


def messages(database: Database, job_id: str) -> list[str]:
    """Return the messages of the job's events."""
    with database.session() as session:
        return list(session.scalars(select(jobs.JobEvent.message).where(jobs.JobEvent.job_id == job_id)))

"""Requests of training workers that an engine sleeps, so that a training gets the memory of the GPU that both use.

The workers make them, and the front doors fulfill them. A request counts only as long as the worker that made it holds its job: if the
worker dies, its lease ends, and the front doors wake the engine. Knows nothing of GPUs and of how an engine sleeps.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, ForeignKey, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records import leases
from shared.records.database import Record
from shared.records.jobs import Job


class EngineSleep(Record):
    """A request that the engine at `engine_url` sleeps for a job. `problem` says why it cannot."""

    __tablename__ = "engine_sleeps"
    engine_url: Mapped[str] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    owner: Mapped[str | None]
    requested_at: Mapped[float]
    is_asleep: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(Text, default=None)


@dataclass(frozen=True)
class SleepState:
    """What became of a request."""

    is_asleep: bool
    problem: str | None


def request_sleep(session: Session, engine_url: str, job_id: str) -> None:
    """Store that the engine shall sleep while the worker that holds the job now holds it. Requests that no longer count are deleted."""
    withdraw(session, job_id)
    owner = session.scalars(select(Job.lease_owner).where(Job.id == job_id)).one()
    session.execute(
        delete(EngineSleep).where(EngineSleep.engine_url == engine_url, ~_counts()).execution_options(synchronize_session=False)
    )
    session.add(EngineSleep(engine_url=engine_url, job_id=job_id, owner=owner, requested_at=database_time(session)))


def withdraw(session: Session, job_id: str) -> None:
    """Delete the job's request, so that the engine wakes unless another job needs it asleep."""
    session.execute(delete(EngineSleep).where(EngineSleep.job_id == job_id).execution_options(synchronize_session=False))


def find_state(session: Session, job_id: str) -> SleepState | None:
    """Return what became of the job's request, or None if there is none."""
    row = session.execute(select(EngineSleep.is_asleep, EngineSleep.problem).where(EngineSleep.job_id == job_id)).first()
    return SleepState(*row) if row else None


def find_age(session: Session, engine_url: str) -> float | None:
    """Return how long ago, in seconds, the first request was made that counts for the engine; None if there is none."""
    first = session.scalar(select(func.min(EngineSleep.requested_at)).where(EngineSleep.engine_url == engine_url, _counts()))
    return None if first is None else max(0.0, database_time(session) - first)


def report_sleep(session: Session, engine_url: str, problem: str | None) -> None:
    """Store that the engine sleeps, or, with a `problem`, that it cannot."""
    is_asleep = problem is None
    is_news = or_(EngineSleep.is_asleep.is_(not is_asleep), EngineSleep.problem.is_distinct_from(problem))
    of_engine = update(EngineSleep).where(EngineSleep.engine_url == engine_url, is_news)
    session.execute(of_engine.values(is_asleep=is_asleep, problem=problem).execution_options(synchronize_session=False))


def database_time(session: Session) -> float:
    """Return the time on the clock of the database, in seconds since 1970."""
    return float(session.scalar(select(leases.database_now())) or 0)


def _counts() -> ColumnElement[bool]:
    """Return the condition that the worker that made a request holds its job."""
    is_held = (Job.id == EngineSleep.job_id, Job.lease_owner == EngineSleep.owner, ~leases.is_free(Job))
    return select(Job.id).where(*is_held).exists()

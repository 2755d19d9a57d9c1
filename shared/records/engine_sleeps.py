"""Requests of training workers that an engine sleeps, so that a training gets the memory of the GPU that both use.

The workers make them, and the front doors fulfill them. A request counts only as long as the worker that made it holds its job: if the
worker dies, its lease ends, and the front doors wake the engine. Knows nothing of GPUs and of how an engine sleeps.
"""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, ForeignKey, Text, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records import leases
from shared.records.database import Record
from shared.records.jobs import Job

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = ("localhost", "::1")
PORTS = {"http": 80, "https": 443}


class EngineSleep(Record):
    """A request that the engine at `engine_url`, as `normalize_url` spells it, sleeps for a job. `problem` says why it cannot."""

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


def normalize_url(url: str) -> str:
    """Return the URL of an engine as all spellings of it are stored: `HTTP://localhost:8002/` is `http://127.0.0.1:8002`.

    The worker and the front doors have it from settings of their own. Something that is not a URL is returned as it is.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return url
    if not host:
        return url
    host = LOOPBACK if host in LOOPBACK_NAMES else f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"


def request_sleep(session: Session, engine_url: str, job_id: str) -> None:
    """Store that the engine shall sleep while the worker that holds the job now holds it. Requests that no longer count are deleted."""
    withdraw(session, job_id)
    engine_url = normalize_url(engine_url)
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
    of_engine = EngineSleep.engine_url == normalize_url(engine_url)
    first = session.scalar(select(func.min(EngineSleep.requested_at)).where(of_engine, _counts()))
    return None if first is None else max(0.0, database_time(session) - first)


def list_unknown(session: Session, engine_urls: Collection[str]) -> list[str]:
    """Return the URLs of engines that shall sleep and that are not in `engine_urls`, as long as nothing was reported about them."""
    known = [normalize_url(url) for url in engine_urls]
    unanswered = (EngineSleep.is_asleep.is_(False), EngineSleep.problem.is_(None))
    return list(
        session.scalars(select(EngineSleep.engine_url).distinct().where(EngineSleep.engine_url.not_in(known), *unanswered, _counts()))
    )


def report_sleep(session: Session, engine_url: str, problem: str | None) -> None:
    """Store that the engine sleeps, or, with a `problem`, that it cannot."""
    is_asleep = problem is None
    is_news = or_(EngineSleep.is_asleep.is_(not is_asleep), EngineSleep.problem.is_distinct_from(problem))
    of_engine = update(EngineSleep).where(EngineSleep.engine_url == normalize_url(engine_url), is_news)
    session.execute(of_engine.values(is_asleep=is_asleep, problem=problem).execution_options(synchronize_session=False))


def database_time(session: Session) -> float:
    """Return the time on the clock of the database, in seconds since 1970."""
    return float(session.scalar(select(leases.database_now())) or 0)


def _counts() -> ColumnElement[bool]:
    """Return the condition that the worker that made a request holds its job."""
    is_held = (Job.id == EngineSleep.job_id, Job.lease_owner == EngineSleep.owner, ~leases.is_free(Job))
    return select(Job.id).where(*is_held).exists()

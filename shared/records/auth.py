"""Projects and API keys: who is calling, and for which project.

With no keys set everything is project `default`. With keys set, a key belongs to one project; workers carry a key of
their own and name the project they act for. Keys are stored as SHA-256 (they are random, so no slow hash is needed).
"""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.errors import AuthenticationFailed
from shared.records.database import Database, Record

DEFAULT_PROJECT = "default"


class Project(Record):
    """What every other row belongs to."""

    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[int]


class ApiKey(Record):
    """A key's SHA-256 and its project."""

    __tablename__ = "api_keys"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    created_at: Mapped[int]


@dataclass(frozen=True)
class Caller:
    """Who is calling: the project, and whether it is a worker acting for it."""

    project_id: str
    is_worker: bool = False


class Authenticator:
    """Tells who is calling from two headers, without a database call (the keys are read once)."""

    def __init__(self, projects: dict[str, str], worker_key: str | None, *, enabled: bool) -> None:
        self._projects = projects
        self._worker = hash_key(worker_key) if worker_key else None
        self._enabled = enabled

    def authenticate(self, authorization: str | None, project: str | None = None) -> Caller:
        """Return the caller behind `Authorization: Bearer …` (and a worker's project header).

        Raises:
            AuthenticationFailed: keys are set, and this one is missing or unknown.
        """
        if not self._enabled:
            return Caller(DEFAULT_PROJECT)
        scheme, _, key = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise AuthenticationFailed("No API key was sent. Send it as 'Authorization: Bearer <key>'.")
        hashed = hash_key(key.strip())
        if hashed == self._worker and project:
            return Caller(project, is_worker=True)
        if hashed not in self._projects:
            raise AuthenticationFailed("This API key is not known. Keys are set with TANDEM_KEYS.")
        return Caller(self._projects[hashed])


def hash_key(key: str) -> str:
    """Return the hexadecimal SHA-256 of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def open_authenticator(database: Database, keys: dict[str, str], worker_key: str | None) -> Authenticator:
    """Bring the stored keys into line with `keys` (key to project), and return what checks calls against them."""
    with database.session() as session:
        _store(session, keys)
        stored = {row.sha256: row.project_id for row in session.scalars(select(ApiKey))}
    return Authenticator(stored, worker_key, enabled=bool(keys))


def _store(session: Session, keys: dict[str, str]) -> None:
    now = int(time.time())
    for project in {DEFAULT_PROJECT, *keys.values()}:
        _add(session, Project(id=project, created_at=now))
    hashed = {hash_key(key): project for key, project in keys.items()}
    session.execute(delete(ApiKey).where(ApiKey.sha256.not_in(hashed)))
    for sha256, project in hashed.items():
        _add(session, ApiKey(sha256=sha256, project_id=project, created_at=now))
        session.execute(update(ApiKey).where(ApiKey.sha256 == sha256).values(project_id=project))


def _add(session: Session, row: Record) -> None:
    """Insert a row, unless it is there, be it since a moment ago by another process that starts."""
    with suppress(IntegrityError), session.begin_nested():
        session.add(row)

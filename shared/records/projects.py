"""Projects and the API keys that belong to them. Keys are stored as SHA-256: they are random, so a slow hash adds nothing."""

import hashlib
import time
from contextlib import suppress

from sqlalchemy import ForeignKey, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.records.database import Database, Record

DEFAULT_PROJECT = "default"


class Project(Record):
    """A project. Every other row belongs to one."""

    __tablename__ = "projects"
    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[int]


class ApiKey(Record):
    """The SHA-256 of an API key, and the key's project."""

    __tablename__ = "api_keys"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    created_at: Mapped[int]


def hash_key(key: str) -> str:
    """Return the hexadecimal SHA-256 of an API key."""
    return hashlib.sha256(key.encode()).hexdigest()


def sync_keys(database: Database, keys: dict[str, str]) -> dict[str, str]:
    """Make the stored keys match `keys` (API key to project); return the project of each key's SHA-256.

    Creates the projects that are missing, the default project included. Deletes the keys that are no longer in `keys`.
    """
    now = int(time.time())
    projects = {hash_key(key): project for key, project in keys.items()}
    with database.session() as session:
        for project in {DEFAULT_PROJECT, *projects.values()}:
            _insert_if_missing(session, Project(id=project, created_at=now))
        session.execute(delete(ApiKey).where(ApiKey.sha256.not_in(projects)))
        for sha256, project in projects.items():
            _insert_if_missing(session, ApiKey(sha256=sha256, project_id=project, created_at=now))
            session.execute(update(ApiKey).where(ApiKey.sha256 == sha256).values(project_id=project))
        return {row.sha256: row.project_id for row in session.scalars(select(ApiKey))}


def list_projects_with_keys(session: Session) -> set[str]:
    """Return the projects that have an API key."""
    return set(session.scalars(select(ApiKey.project_id).distinct()))


def _insert_if_missing(session: Session, row: Record) -> None:
    """Insert a row. Another process that starts at the same moment may insert it first."""
    with suppress(IntegrityError), session.begin_nested():
        session.add(row)

"""Holds: files that someone needs, who says until when. A held file is not deleted, and does not expire.

A hold ends by itself, so that a holder that is gone keeps no file forever. Knows nothing of who the holders are.
"""

import time
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import File, FileHold
from shared.errors import Conflict, NotFound


def is_held() -> ColumnElement[bool]:
    """Return the condition that someone needs a file now."""
    return exists().where(FileHold.file_id == File.id, FileHold.until > time.time())


def hold(session: Session, file_id: str, holder: str, until: float) -> None:
    """Hold a file, or hold it longer. Raises NotFound if it was deleted."""
    if not lock(session, file_id):
        raise NotFound(f"There is no file '{file_id}'.", param="file_id")
    session.merge(FileHold(file_id=file_id, holder=holder, until=until))


def release(session: Session, file_id: str, holder: str) -> None:
    """End a hold, if there is one."""
    session.execute(delete(FileHold).where(FileHold.file_id == file_id, FileHold.holder == holder))


def lock(session: Session, file_id: str) -> bool:
    """Keep others from holding or deleting a file until the transaction ends; return whether it exists.

    The lock is an update that changes nothing: PostgreSQL locks the row, SQLite the database.
    """
    unchanged = update(File).where(File.id == file_id).values(bytes=File.bytes)
    locked: Any = session.execute(unchanged.execution_options(synchronize_session=False))
    return bool(locked.rowcount)


def check_not_held(session: Session, file_id: str) -> None:
    """Raise Conflict if someone needs the file, which is locked."""
    holder = session.scalar(select(FileHold.holder).where(FileHold.file_id == file_id, FileHold.until > time.time()).limit(1))
    if holder is not None:
        problem = f"The file '{file_id}' is used by '{holder}'. Cancel it, or wait until it ends."
        raise Conflict(problem, param="file_id", code="file_in_use")

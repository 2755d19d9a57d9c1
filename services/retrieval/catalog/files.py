"""Records of uploaded files. One whose time is over is as good as deleted, also while its bytes are still on their way out."""

import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from services.retrieval.catalog.pages import Cursor, Listing, Slice, cut, depart
from services.retrieval.catalog.records import File
from shared.errors import NotFound

NAMED = 5


def add(session: Session, file: File) -> None:
    """Store a new file's record."""
    session.add(file)
    session.flush()


def find(session: Session, project: str, file_id: str) -> File:
    """Return the project's file.

    Raises:
        NotFound: there is none of this id in the project.
    """
    return find_all(session, project, [file_id])[file_id]


def find_all(session: Session, project: str, file_ids: Collection[str]) -> dict[str, File]:
    """Return the project's files of these ids, in their order.

    Raises:
        NotFound: there is none of one of the ids in the project.
    """
    rows = session.scalars(select(File).where(File.id.in_(file_ids), File.project_id == project, lasting()))
    found = {file.id: file for file in rows}
    missing = [file_id for file_id in file_ids if file_id not in found]
    if missing:
        others = f", nor {len(missing) - 1} more of those named: {', '.join(missing[1:NAMED])}" if len(missing) > 1 else ""
        raise NotFound(f"There is no file '{missing[0]}'{others}.", param="file_id")
    return {file_id: found[file_id] for file_id in file_ids}


def hold(session: Session, file_ids: Collection[str]) -> dict[str, File]:
    """Return those of the files that exist; they are not deleted before the transaction ends, which must have written already."""
    rows = session.scalars(select(File).where(File.id.in_(file_ids)).with_for_update(read=True).execution_options(populate_existing=True))
    return {file.id: file for file in rows}


def lasting(now: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Return the condition that a file's time is not over; `now` where the statement is made once."""
    return or_(File.expires_at.is_(None), File.expires_at > (time.time() if now is None else now))


def listed(session: Session, project: str, purpose: str | None, cursor: Cursor) -> Slice[File]:
    """Return a part of the project's files."""
    listing = Listing(select(File).where(File.project_id == project), File.created_at, File.id, project)
    shown = () if purpose is None else (File.purpose == purpose,)
    return cut(session, listing, cursor, lasting(), *shown)


def known(session: Session, file_ids: Iterable[str]) -> set[str]:
    """Return those of the ids that files have, in whichever project."""
    return set(session.scalars(select(File.id).where(File.id.in_(set(file_ids)))))


def expired(session: Session, now: float, limit: int) -> Sequence[str]:
    """Return the ids of files whose time is over."""
    return session.scalars(select(File.id).where(File.expires_at <= now).order_by(File.expires_at).limit(limit)).all()


def delete(session: Session, file_id: str) -> None:
    """Delete a file's record, if it is still there."""
    file = session.get(File, file_id)
    if file is not None:
        depart(session, file.project_id, {file_id: file.created_at})
        # Not by the session, which does not expect that somebody else deletes it at the same moment.
        session.execute(sql_delete(File).where(File.id == file_id))

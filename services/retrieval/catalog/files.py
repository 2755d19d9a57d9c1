"""Records of uploaded files. An expired file that nobody holds counts as deleted, even while its bytes are still being deleted."""

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from services.retrieval.catalog.file_holds import check_not_held, is_held, lock
from services.retrieval.catalog.pages import Listing, fetch_page, record_deleted
from services.retrieval.catalog.records import File
from shared.contracts.paging import PageRequest, Slice
from shared.errors import NotFound

MAX_NAMED = 5


def add(session: Session, file: File) -> None:
    """Store the record of a new file."""
    session.add(file)
    session.flush()


def find(session: Session, project: str, file_id: str) -> File:
    """Return a file of the project.

    Raises:
        NotFound: if the project has no file with this id.
    """
    return find_all(session, project, {file_id: "file_id"})[file_id]


def find_all(session: Session, project: str, fields: Mapping[str, str]) -> dict[str, File]:
    """Return the project's files whose ids are the keys of `fields`, in this order. The values are the fields that name the files.

    Raises:
        NotFound: if the project has no file with one of the ids.
    """
    rows = session.scalars(select(File).where(File.id.in_(fields), File.project_id == project, or_(not_expired(), is_held())))
    by_id = {file.id: file for file in rows}
    missing = [file_id for file_id in fields if file_id not in by_id]
    if missing:
        raise NotFound(_describe_missing(missing), param=fields[missing[0]])
    return {file_id: by_id[file_id] for file_id in fields}


def _describe_missing(file_ids: Sequence[str]) -> str:
    if len(file_ids) == 1:
        return f"There is no file '{file_ids[0]}'."
    named = ", ".join(f"'{file_id}'" for file_id in file_ids[:MAX_NAMED])
    return f"{len(file_ids)} of the files do not exist: {named}{', …' if len(file_ids) > MAX_NAMED else ''}."


def get_for_share(session: Session, file_ids: Collection[str]) -> dict[str, File]:
    """Return the files that exist, locked against deletion until the transaction ends. The transaction must have written already."""
    rows = session.scalars(select(File).where(File.id.in_(file_ids)).with_for_update(read=True).execution_options(populate_existing=True))
    return {file.id: file for file in rows}


def not_expired(now: ColumnElement[Any] | None = None) -> ColumnElement[bool]:
    """Match files that have not expired. Pass `now` as a bind parameter if the statement is built only once."""
    return or_(File.expires_at.is_(None), File.expires_at > (time.time() if now is None else now))


def list_page(session: Session, project: str, purpose: str | None, page: PageRequest) -> Slice[File]:
    """Return a page of the project's files."""
    listing = Listing(select(File).where(File.project_id == project), File.created_at, File.id, project)
    has_purpose = () if purpose is None else (File.purpose == purpose,)
    return fetch_page(session, listing, page, or_(not_expired(), is_held()), *has_purpose)


def find_existing_ids(session: Session, file_ids: Iterable[str]) -> set[str]:
    """Return which of the ids belong to a file, in any project."""
    return set(session.scalars(select(File.id).where(File.id.in_(set(file_ids)))))


def find_expired_ids(session: Session, now: float, limit: int) -> Sequence[str]:
    """Return the ids of files that had expired at `now`, and that nobody holds."""
    return session.scalars(select(File.id).where(File.expires_at <= now, ~is_held()).order_by(File.expires_at).limit(limit)).all()


def delete(session: Session, file_id: str) -> None:
    """Delete a file's record.

    Raises:
        NotFound: if it is gone. Of several deletions at the same moment, one does not raise.
        Conflict: if someone holds it.
    """
    lock(session, file_id)
    check_not_held(session, file_id)
    file = session.get(File, file_id)
    if file is not None:
        record_deleted(session, file.project_id, {file_id: file.created_at})
    # Not with `session.delete`, which does not say whether another transaction deleted it first.
    deleted: Any = session.execute(sql_delete(File).where(File.id == file_id))
    if not deleted.rowcount:
        raise NotFound(_describe_missing([file_id]), param="file_id")

"""Records of uploaded files."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.retrieval.catalog.pages import Cursor, Slice, cut
from services.retrieval.catalog.records import File
from shared.errors import NotFound


def add(session: Session, file: File) -> None:
    """Store a new file's record."""
    session.add(file)
    session.flush()


def find(session: Session, project: str, file_id: str) -> File:
    """Return the project's file.

    Raises:
        NotFound: there is none of this id in the project.
    """
    file = session.get(File, file_id)
    if file is None or file.project_id != project:
        raise NotFound(f"There is no file '{file_id}'.", param="file_id")
    return file


def listed(session: Session, project: str, purpose: str | None, cursor: Cursor) -> Slice[File]:
    """Return a part of the project's files."""
    rows = select(File).where(File.project_id == project)
    shown = () if purpose is None else (File.purpose == purpose,)
    return cut(session, rows, (File.created_at, File.id), cursor, *shown)


def known(session: Session, file_ids: Iterable[str]) -> set[str]:
    """Return those of the ids that files have, in whichever project."""
    return set(session.scalars(select(File.id).where(File.id.in_(set(file_ids)))))


def delete(session: Session, file_id: str) -> None:
    """Delete a file's record, if it is still there."""
    file = session.get(File, file_id)
    if file is not None:
        session.delete(file)

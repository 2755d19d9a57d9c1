"""Records of file batches: files that were attached to a store by one call. How far they are, their attachments tell."""

import time
from collections import Counter
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments
from services.retrieval.catalog.pages import Cursor, Slice
from services.retrieval.catalog.records import IN_PROGRESS, Attachment, BatchMember, FileBatch, Store
from shared.errors import NotFound


def add(session: Session, batch: FileBatch, file_ids: Collection[str]) -> None:
    """Store a new batch of these files."""
    session.add(batch)
    session.flush()
    if file_ids:
        session.execute(insert(BatchMember), [{"batch_id": batch.id, "file_id": file_id} for file_id in file_ids])


def find(session: Session, store_id: str, batch_id: str) -> FileBatch:
    """Return the store's batch.

    Raises:
        NotFound: there is none of this id in the store.
    """
    batch = session.get(FileBatch, batch_id)
    if batch is None or batch.vector_store_id != store_id:
        raise NotFound(f"There is no file batch '{batch_id}' in vector store '{store_id}'.", param="batch_id")
    return batch


def counts(session: Session, batch: FileBatch) -> Counter[str]:
    """Return how many of the batch's files, those that are still in the store, are in which status."""
    mine = (*attachments.shown(batch.vector_store_id), _member(batch))
    rows = session.execute(select(Attachment.status, func.count()).where(*mine).group_by(Attachment.status))
    return Counter({status: int(number) for status, number in rows})


def listed(session: Session, batch: FileBatch, status: str | None, cursor: Cursor) -> Slice[Attachment]:
    """Return a part of the batch's files; the cursor's ids are those of files."""
    return attachments.listed(session, batch.vector_store_id, status, cursor, _member(batch))


def cancel(session: Session, store: Store, batch: FileBatch) -> None:
    """Cancel those of the batch's files that are in progress in its store, which is held; where none is, the batch stays as it is."""
    if counts(session, batch)[IN_PROGRESS]:
        batch.cancelled_at = batch.cancelled_at or time.time()
        attachments.cancel(session, store, _member(batch))


def _member(batch: FileBatch) -> ColumnElement[bool]:
    return Attachment.file_id.in_(select(BatchMember.file_id).where(BatchMember.batch_id == batch.id))

"""Records of file batches: files that were attached to a store by one request. Their progress is that of their attachments."""

import time
from collections import Counter
from collections.abc import Collection

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments
from services.retrieval.catalog.records import IN_PROGRESS, Attachment, BatchMember, FileBatch, Store
from shared.contracts.paging import PageRequest, Slice
from shared.errors import NotFound


def add(session: Session, batch: FileBatch, file_ids: Collection[str]) -> None:
    """Store a new batch of these files."""
    session.add(batch)
    session.flush()
    if file_ids:
        session.execute(insert(BatchMember), [{"batch_id": batch.id, "file_id": file_id} for file_id in file_ids])


def find(session: Session, store_id: str, batch_id: str) -> FileBatch:
    """Return a batch of the store.

    Raises:
        NotFound: if the store has no batch with this id.
    """
    batch = session.get(FileBatch, batch_id)
    if batch is None or batch.vector_store_id != store_id:
        raise NotFound(f"There is no file batch '{batch_id}' in vector store '{store_id}'.", param="batch_id")
    return batch


def count_files(session: Session, batch: FileBatch) -> Counter[str]:
    """Return how many of the batch's files have each status; files that have left the store do not count."""
    conditions = (*attachments.visible_in(batch.vector_store_id), _is_member(batch))
    rows = session.execute(select(Attachment.status, func.count()).where(*conditions).group_by(Attachment.status))
    return Counter({status: int(count) for status, count in rows})


def list_page(session: Session, batch: FileBatch, status: str | None, page: PageRequest) -> Slice[Attachment]:
    """Return a page of the batch's files; `after` and `before` are file ids."""
    return attachments.list_page(session, batch.vector_store_id, status, page, _is_member(batch))


def cancel(session: Session, store: Store, batch: FileBatch) -> None:
    """Cancel the batch's files that are in progress. The store must be locked. If none is in progress, nothing changes."""
    if count_files(session, batch)[IN_PROGRESS]:
        batch.cancelled_at = batch.cancelled_at or time.time()
        attachments.cancel(session, store, _is_member(batch))


def _is_member(batch: FileBatch) -> ColumnElement[bool]:
    return Attachment.file_id.in_(select(BatchMember.file_id).where(BatchMember.batch_id == batch.id))

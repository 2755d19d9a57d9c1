"""Records of vector stores."""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, or_, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from services.retrieval.catalog.pages import Listing, fetch_page, record_deleted
from services.retrieval.catalog.records import COMPLETED, DAY, DELETING, Attachment, BatchMember, FileBatch, Reembedding, Store
from shared.contracts.paging import PageRequest, Slice
from shared.errors import InvalidRequest, NotFound

TOUCH_SECONDS = 60.0


@dataclass(frozen=True)
class FileFigures:
    """How many files of a store have each status, the bytes their chunks use, and the seconds of work that indexing them took.

    `indexing_seconds` counts the indexed files only, and is None if it is unknown for one of them.
    """

    statuses: Counter[str]
    usage_bytes: int
    indexing_seconds: float | None


def add(session: Session, store: Store) -> None:
    """Store the record of a new vector store."""
    session.add(store)
    session.flush()


def find(session: Session, project: str, store_id: str) -> Store:
    """Return a vector store of the project.

    Raises:
        NotFound: if the project has no vector store with this id.
    """
    store = session.get(Store, store_id)
    if store is None or store.project_id != project:
        raise _not_found(store_id)
    return store


def _not_found(store_id: str) -> NotFound:
    return NotFound(f"There is no vector store '{store_id}'.", param="vector_store_id")


def find_active(session: Session, project: str, store_id: str) -> Store:
    """Return a vector store of the project that has not expired.

    Raises:
        NotFound: if the project has no vector store with this id.
        InvalidRequest: if it has expired.
    """
    store = find(session, project, store_id)
    if store.has_expired:
        problem = f"Vector store '{store_id}' has expired: it was not used for {store.expires_days} days (its 'expires_after')."
        advice = "Create a new vector store and attach the files again; they still exist."
        raise InvalidRequest(f"{problem} {advice}", param="vector_store_id", code="vector_store_expired")
    return store


def lock(session: Session, store_ids: Collection[str]) -> None:
    """Lock these stores until the transaction ends: no other transaction can switch them or change several of their attachments.

    A transaction that does either calls this before any other write, so that two transactions never wait for each other.
    """
    for store_id in sorted(store_ids):
        # A write, because SQLite has no row locks: from here on no other transaction can write.
        locked = sql_update(Store).where(Store.id == store_id).values(edition=Store.edition)
        session.execute(locked.execution_options(synchronize_session=False))


def get_for_update(session: Session, store_id: str) -> Store:
    """Lock the store, and return it in its current state.

    Raises:
        NotFound: if it was deleted in the meantime.
    """
    lock(session, [store_id])
    store = session.get(Store, store_id, populate_existing=True)
    if store is None:
        raise _not_found(store_id)
    return store


def find_for_search(session: Session, project: str, store_ids: Sequence[str]) -> list[Store]:
    """Return the project's vector stores, each once, and record that they are in use. The first is in the path, the others in a field.

    Raises:
        NotFound, InvalidRequest: like `find_active`.
    """
    positions = {store_id: store_ids.index(store_id) for store_id in store_ids}
    stores = [_find_listed(session, project, store_id, position) for store_id, position in positions.items()]
    # Checked here first, so that most searches write nothing. In the order of `lock`.
    for store_id in sorted(store.id for store in stores if store.last_active_at < time.time() - TOUCH_SECONDS):
        touch(session, store_id)
    return stores


def _find_listed(session: Session, project: str, store_id: str, position: int) -> Store:
    try:
        return find_active(session, project, store_id)
    except (NotFound, InvalidRequest) as error:
        raise (error if position == 0 else error.with_param(f"vector_store_ids[{position - 1}]")) from None


def list_page(session: Session, project: str, page: PageRequest) -> Slice[Store]:
    """Return a page of the project's vector stores."""
    return fetch_page(session, Listing(select(Store).where(Store.project_id == project), Store.created_at, Store.id, project), page)


def find_expired_ids(session: Session, now: float, limit: int, *, has_files: bool = False) -> Sequence[str]:
    """Return the ids of stores that had expired at `now`; with `has_files`, only of those that still have files."""
    expires_at = Store.last_active_at + Store.expires_days * DAY
    with_files = select(Attachment.id).where(Attachment.vector_store_id == Store.id, Attachment.status != DELETING).exists()
    rows = select(Store.id).where(expires_at <= now, *((with_files,) if has_files else ()))
    return session.scalars(rows.order_by(expires_at).limit(limit)).all()


def count_files(session: Session, store_ids: Sequence[str]) -> dict[str, FileFigures]:
    """Return the figures of each store's files, in its current edition."""
    keys = (Attachment.vector_store_id, Attachment.status)
    seconds = Attachment.indexing_seconds
    sums = (func.sum(Attachment.usage_bytes).label("bytes"), func.sum(seconds).label("seconds"))
    counts = (func.count().label("files"), func.count(seconds).label("timed"))
    in_edition = (Store.id == Attachment.vector_store_id) & (Store.edition == Attachment.edition)
    conditions = (Attachment.vector_store_id.in_(store_ids), Attachment.status != DELETING)
    by_store: dict[str, list[Any]] = {store_id: [] for store_id in store_ids}
    figures = select(*keys, *sums, *counts).join(Store, in_edition).where(*conditions).group_by(*keys)
    for row in session.execute(figures):
        by_store[row.vector_store_id].append(row)
    return {store_id: _summarize(rows) for store_id, rows in by_store.items()}


def _summarize(rows: Sequence[Any]) -> FileFigures:
    indexed = [row for row in rows if row.status == COMPLETED]
    is_known = all(row.timed == row.files for row in indexed)
    return FileFigures(
        statuses=Counter({row.status: row.files for row in rows}),
        usage_bytes=sum(int(row.bytes) for row in rows),
        indexing_seconds=sum((row.seconds for row in indexed), 0.0) if is_known else None,
    )


def update(session: Session, store: Store, values: dict[str, Any]) -> None:
    """Set fields of a store, which must be locked (`get_for_update`)."""
    for name, value in values.items():
        setattr(store, name, value)
    store.last_active_at = time.time()
    session.flush()


def touch(session: Session, store_id: str) -> None:
    """Record that the store is in use, at most once a minute. A store that has expired stays expired."""
    now = time.time()
    is_active = or_(Store.expires_days.is_(None), Store.last_active_at + Store.expires_days * DAY > now)
    is_due = Store.last_active_at < now - TOUCH_SECONDS
    session.execute(sql_update(Store).where(Store.id == store_id, is_due, is_active).values(last_active_at=now))


def delete(session: Session, store_id: str) -> None:
    """Delete a store's record and those of its batches and re-embeddings. Lock it before (`lock`).

    Raises:
        NotFound: if it is gone. Of several deletions at the same moment, one does not raise.
    """
    store = session.get(Store, store_id, populate_existing=True)
    if store is None:
        raise _not_found(store_id)
    record_deleted(session, store.project_id, {store_id: store.created_at})
    batches = select(FileBatch.id).where(FileBatch.vector_store_id == store_id)
    session.execute(sql_delete(BatchMember).where(BatchMember.batch_id.in_(batches)))
    session.execute(sql_delete(FileBatch).where(FileBatch.vector_store_id == store_id))
    session.execute(sql_delete(Reembedding).where(Reembedding.vector_store_id == store_id))
    session.execute(sql_delete(Store).where(Store.id == store_id))

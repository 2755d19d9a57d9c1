"""Records of vector stores."""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog.pages import Cursor, Listing, Slice, cut, depart
from services.retrieval.catalog.records import DAY, DELETING, Attachment, BatchMember, FileBatch, Reembedding, Store
from shared.errors import InvalidRequest, NotFound


def add(session: Session, store: Store) -> None:
    """Store a new vector store's record."""
    session.add(store)
    session.flush()


def find(session: Session, project: str, store_id: str) -> Store:
    """Return the project's vector store.

    Raises:
        NotFound: there is none of this id in the project.
    """
    store = session.get(Store, store_id)
    if store is None or store.project_id != project:
        raise NotFound(f"There is no vector store '{store_id}'.", param="vector_store_id")
    return store


def find_active(session: Session, project: str, store_id: str) -> Store:
    """Return the project's vector store, to be used.

    Raises:
        NotFound: there is none of this id in the project.
        InvalidRequest: it has expired.
    """
    store = find(session, project, store_id)
    if store.has_expired:
        problem = f"Vector store '{store_id}' has expired: it was not used for {store.expires_days} days, as its expires_after says."
        raise InvalidRequest(f"{problem} Make a new one; the files are still there.", param="vector_store_id", code="vector_store_expired")
    return store


def lock(session: Session, store_ids: Collection[str]) -> None:
    """Let nobody else, until the transaction ends, change more than one attachment of these stores at a time, or move them.

    Whoever does so calls this before writing anything else; so two who change the same rows never wait for each other.
    """
    for store_id in sorted(store_ids):
        # A write, so that SQLite, which knows no row locks, lets nobody else write from here on.
        held = update(Store).where(Store.id == store_id).values(edition=Store.edition)
        session.execute(held.execution_options(synchronize_session=False))


def hold(session: Session, store_id: str) -> Store:
    """Lock the store, and return it as it is now.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    lock(session, [store_id])
    store = session.get(Store, store_id, populate_existing=True)
    if store is None:
        raise NotFound(f"There is no vector store '{store_id}'.", param="vector_store_id")
    return store


def find_searched(session: Session, project: str, store_ids: Sequence[str]) -> list[Store]:
    """Return the project's vector stores, each once, and note that they are used.

    Raises:
        NotFound, InvalidRequest: like `find_active`.
    """
    found = [find_active(session, project, store_id) for store_id in dict.fromkeys(store_ids)]
    for store in found:
        # Asked here first, so that most searches write nothing.
        if store.last_active_at < time.time() - 60:
            touch(session, store.id)
    return found


def listed(session: Session, project: str, cursor: Cursor) -> Slice[Store]:
    """Return a part of the project's vector stores."""
    return cut(session, Listing(select(Store).where(Store.project_id == project), Store.created_at, Store.id, project), cursor)


def expired(session: Session, now: float, limit: int, *, full: bool = False) -> Sequence[str]:
    """Return the ids of stores whose time was over at `now`; of those only that have files, where `full` is asked for."""
    over = Store.last_active_at + Store.expires_days * DAY
    has_files = select(Attachment.id).where(Attachment.vector_store_id == Store.id, Attachment.status != DELETING).exists()
    return session.scalars(select(Store.id).where(over <= now, *((has_files,) if full else ())).order_by(over).limit(limit)).all()


def counts(session: Session, store_ids: Sequence[str]) -> dict[str, tuple[Counter[str], int]]:
    """Return, for each store, how many of its files are in which status, and the bytes its chunks use."""
    columns = (Attachment.vector_store_id, Attachment.status, func.count(), func.coalesce(func.sum(Attachment.usage_bytes), 0))
    active = (Store.id == Attachment.vector_store_id) & (Store.edition == Attachment.edition)
    mine = (Attachment.vector_store_id.in_(store_ids), Attachment.status != DELETING)
    found: dict[str, tuple[Counter[str], int]] = {store_id: (Counter(), 0) for store_id in store_ids}
    for store_id, status, number, size in session.execute(select(*columns).join(Store, active).where(*mine).group_by(*columns[:2])):
        statuses, total = found[store_id]
        statuses[status] += number
        found[store_id] = (statuses, total + int(size))
    return found


def change(session: Session, store: Store, values: dict[str, Any]) -> None:
    """Set fields of a store."""
    for name, value in values.items():
        setattr(store, name, value)
    store.last_active_at = time.time()
    session.flush()


def touch(session: Session, store_id: str) -> None:
    """Note that the store was used, at most once a minute; what has expired stays so."""
    now = time.time()
    lasting = or_(Store.expires_days.is_(None), Store.last_active_at + Store.expires_days * DAY > now)
    session.execute(update(Store).where(Store.id == store_id, Store.last_active_at < now - 60, lasting).values(last_active_at=now))


def delete(session: Session, store_id: str) -> None:
    """Delete a store's record and those of its batches, if they are still there."""
    store = session.get(Store, store_id)
    if store is None:
        return
    depart(session, store.project_id, {store_id: store.created_at})
    batches = select(FileBatch.id).where(FileBatch.vector_store_id == store_id)
    session.execute(sql_delete(BatchMember).where(BatchMember.batch_id.in_(batches)))
    session.execute(sql_delete(FileBatch).where(FileBatch.vector_store_id == store_id))
    session.execute(sql_delete(Reembedding).where(Reembedding.vector_store_id == store_id))
    # Not by the session, which does not expect that somebody else deletes it at the same moment.
    session.execute(sql_delete(Store).where(Store.id == store_id))

"""Records of vector stores."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog.pages import Cursor, Slice, cut
from services.retrieval.catalog.records import DELETING, Attachment, Store
from shared.errors import NotFound


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


def listed(session: Session, project: str, cursor: Cursor) -> Slice[Store]:
    """Return a part of the project's vector stores."""
    return cut(session, select(Store).where(Store.project_id == project), (Store.created_at, Store.id), cursor)


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
    """Note that the store was used, at most once a minute."""
    now = time.time()
    session.execute(update(Store).where(Store.id == store_id, Store.last_active_at < now - 60).values(last_active_at=now))


def delete(session: Session, store_id: str) -> None:
    """Delete a store's record, if it is still there."""
    store = session.get(Store, store_id)
    if store is not None:
        session.delete(store)

"""Lists, a page at a time: `after` and `before` are ids, and the order is that of creation.

The row that `after` names may be deleted before the next page is requested. Its position is kept for a day (`DeletedPosition`).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import DeletedPosition
from shared.contracts.paging import NOT_IN_LIST, PageRequest, Slice
from shared.errors import InvalidRequest
from shared.records.pages import Key, fetch_slice

Row = TypeVar("Row")
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: its rows, the columns `created` and `id` that order them, and the `name` under which deleted positions are stored."""

    rows: Select[Row]
    created: Any
    id: Any
    name: str


def fetch_page(session: Session, listing: Listing[Row], page: PageRequest, *conditions: ColumnElement[bool]) -> Slice[Row]:
    """Return the requested part of the list, of the rows that match `conditions`.

    The row that `after` or `before` names need not match them, nor exist: it may have changed or been deleted since.

    Raises:
        InvalidRequest: if `after` or `before` names a row that was never in the list, or was deleted from it more than a day ago.
    """
    after, before = (_find_key(session, listing, param, id) for param, id in (("after", page.after), ("before", page.before)))
    return fetch_slice(session, listing.rows.where(*conditions), (listing.created, listing.id), page, after, before)


def _find_key(session: Session, listing: Listing[Any], param: str, id: str | None) -> Key | None:
    """Return where in the list the row is, or was."""
    if id is None:
        return None
    row = session.execute(listing.rows.where(listing.id == id).with_only_columns(listing.created)).first()
    if row is not None:
        return row[0], id
    deleted = session.get(DeletedPosition, f"{listing.name}/{id}")
    if deleted is None:
        problem = f"'{param}' names '{id}', which is not in this list or was deleted from it more than a day ago."
        raise InvalidRequest(f"{problem} List again without '{param}'.", param=param, code=NOT_IN_LIST)
    return deleted.created_at, id


def record_deleted(session: Session, name: str, created_at: Mapping[str, float]) -> None:
    """Store the positions of rows that are being deleted from the list `name`: when each id was created."""
    if not created_at:
        return
    insert = INSERTS[session.get_bind().dialect.name](DeletedPosition)
    new = {"created_at": insert.excluded.created_at, "deleted_at": insert.excluded.deleted_at}
    now = time.time()
    rows = [{"id": f"{name}/{id}", "created_at": created, "deleted_at": now} for id, created in created_at.items()]
    session.execute(insert.on_conflict_do_update(index_elements=[DeletedPosition.id], set_=new), rows)


def delete_old_positions(session: Session, before: float) -> None:
    """Delete the positions of rows that were deleted before that moment (seconds since 1970)."""
    session.execute(delete(DeletedPosition).where(DeletedPosition.deleted_at < before))

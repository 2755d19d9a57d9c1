"""Lists with a cursor: `after` and `before` are ids, the order is that of creation.

A row that a cursor names may be deleted before the next page is asked for. Where it stood is kept for a day (`Departed`).
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, delete, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.retrieval.catalog.records import Departed
from shared.contracts.wire import Order
from shared.errors import InvalidRequest

Row = TypeVar("Row")
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Cursor:
    """Which part of a list is asked for; `after` and `before` are values of the list's id column."""

    limit: int
    order: Order = "desc"
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class Slice(Generic[Row]):
    """Some rows of a list, and whether there are more behind them."""

    rows: Sequence[Row]
    has_more: bool


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: its rows, the columns `created` and `id` that order them, and its `name`, under which deleted rows are remembered."""

    rows: Select[Row]
    created: Any
    id: Any
    name: str


def cut(session: Session, listing: Listing[Row], cursor: Cursor, *shown: ColumnElement[bool]) -> Slice[Row]:
    """Return the part of the list that `cursor` asks for, of those rows that are `shown`.

    The cursor's own row need not be shown, or be there: it may have changed or been deleted since it was.

    Raises:
        InvalidRequest: the cursor names a row that never was in the list, or was deleted from it long ago.
    """
    created, id = listing.created, listing.id
    backwards = cursor.before is not None and cursor.after is None
    ascending = (cursor.order == "asc") != backwards
    start = _start(session, listing, cursor)
    rows = listing.rows.where(*shown)
    if start is not None:
        here = tuple_(created, id)
        rows = rows.where(here > tuple_(*start) if ascending else here < tuple_(*start))
    sorting = (created.asc(), id.asc()) if ascending else (created.desc(), id.desc())
    found: list[Row] = list(session.scalars(rows.order_by(*sorting).limit(cursor.limit + 1)))
    kept = found[: cursor.limit]
    return Slice(kept[::-1] if backwards else kept, has_more=len(found) > cursor.limit)


def _start(session: Session, listing: Listing[Any], cursor: Cursor) -> tuple[float, str] | None:
    """Return where the asked part begins (or ends), None for the whole list."""
    param, place = ("after", cursor.after) if cursor.after is not None else ("before", cursor.before)
    if place is None:
        return None
    row = session.execute(listing.rows.where(listing.id == place).with_only_columns(listing.created)).first()
    if row is not None:
        return row[0], place
    gone = session.get(Departed, f"{listing.name}/{place}")
    if gone is None:
        problem = f"'{param}' names '{place}', which is not in this list, or was deleted from it more than a day ago."
        raise InvalidRequest(f"{problem} List again without it.", param=param)
    return gone.created_at, place


def depart(session: Session, name: str, places: Mapping[str, float]) -> None:
    """Remember where rows stood that are being deleted from the list `name`: when each of the ids was created."""
    if not places:
        return
    insert = INSERTS[session.get_bind().dialect.name](Departed)
    new = {"created_at": insert.excluded.created_at, "departed_at": insert.excluded.departed_at}
    now = time.time()
    rows = [{"id": f"{name}/{id}", "created_at": created, "departed_at": now} for id, created in places.items()]
    session.execute(insert.on_conflict_do_update(index_elements=[Departed.id], set_=new), rows)


def forget_departed(session: Session, before: float) -> None:
    """Forget the rows that were deleted before that moment (seconds since 1970)."""
    session.execute(delete(Departed).where(Departed.departed_at < before))

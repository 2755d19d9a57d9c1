"""Lists with a cursor: `after` and `before` are ids, the order is that of creation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import Session

from shared.contracts.wire import Order
from shared.errors import InvalidRequest

Row = TypeVar("Row")


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


def cut(session: Session, rows: Select[Row], by: tuple[Any, Any], cursor: Cursor, *shown: ColumnElement[bool]) -> Slice[Row]:
    """Return the part of `rows` that `cursor` asks for, of those that are `shown`; `by` are the columns created and id, their order.

    The cursor's own row need not be shown: it may have changed since it was.

    Raises:
        InvalidRequest: the cursor names a row that is not among `rows`, or not any more.
    """
    created, id = by
    backwards = cursor.before is not None and cursor.after is None
    ascending = (cursor.order == "asc") != backwards
    start = _start(session, rows, created, id, cursor)
    rows = rows.where(*shown)
    if start is not None:
        here = tuple_(created, id)
        rows = rows.where(here > tuple_(*start) if ascending else here < tuple_(*start))
    sorting = (created.asc(), id.asc()) if ascending else (created.desc(), id.desc())
    found: list[Row] = list(session.scalars(rows.order_by(*sorting).limit(cursor.limit + 1)))
    kept = found[: cursor.limit]
    return Slice(kept[::-1] if backwards else kept, has_more=len(found) > cursor.limit)


def _start(session: Session, rows: Select[Any], created: Any, id: Any, cursor: Cursor) -> Any:
    """Return where the asked part begins (or ends), None for the whole list."""
    param, place = ("after", cursor.after) if cursor.after is not None else ("before", cursor.before)
    if place is None:
        return None
    start = session.execute(rows.where(id == place).with_only_columns(created, id)).first()
    if start is None:
        raise InvalidRequest(
            f"'{param}' names '{place}', which is not in this list, or was deleted from it. List again without it.", param=param
        )
    return start

"""Reads a list a page at a time, by the values of the columns that order it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from shared.contracts.paging import PageRequest, Slice, not_in_list
from shared.records.large_rows import count_fitting

Row = TypeVar("Row")
Key = tuple[Any, ...]
"""The values of a row in the columns that order its list."""


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: its rows, the columns of their ids and of their keys. Keys are unique and grow with the time of creation.

    If rows may be large, `size` is the expression of the bytes of a row: a page then ends before it has too many.
    """

    rows: Select[Row]
    id: Any
    key: tuple[Any, ...]
    size: ColumnElement[int] | None = None


def count_next(session: Session, number: Any, *conditions: ColumnElement[bool]) -> int:
    """Return the `number` of a new row among those that meet the conditions. It orders rows of the same second.

    Without a lock, two rows that are created at the same moment may get the same one.
    """
    return (session.scalar(select(func.max(number)).where(*conditions)) or 0) + 1


def fetch_page(session: Session, listing: Listing[Row], page: PageRequest) -> Slice[Row]:
    """Return the requested part of the list.

    Raises:
        InvalidRequest: if `after` or `before` names no row of the list.
    """
    after, before = (_find_key(session, listing, param, id) for param, id in (("after", page.after), ("before", page.before)))
    return fetch_slice(session, listing.rows, listing.key, page, after, before, listing.size)


def fetch_slice(
    session: Session,
    rows: Select[Row],
    key: Sequence[Any],
    page: PageRequest,
    after: Key | None,
    before: Key | None,
    size: ColumnElement[int] | None = None,
) -> Slice[Row]:
    """Return the first `page.limit` of the rows that follow the key `after` and precede `before`; the last ones if only `before` is set.

    With `size`, the bytes of a row, there are fewer if they are large.
    """
    is_backwards = before is not None and after is None
    has_growing_keys = page.order == "asc"
    for limit, is_start in ((after, True), (before, False)):
        if limit is not None:
            rows = rows.where(tuple_(*key) > tuple_(*limit) if has_growing_keys == is_start else tuple_(*key) < tuple_(*limit))
    sorting = [column.asc() if has_growing_keys != is_backwards else column.desc() for column in key]
    shown, has_more = _fetch_first(session, rows.order_by(*sorting), page.limit, size)
    return Slice(shown[::-1] if is_backwards else shown, has_more=has_more)


def _fetch_first(session: Session, rows: Select[Row], limit: int, size: ColumnElement[int] | None) -> tuple[list[Row], bool]:
    """Return the first rows, and whether more follow."""
    if size is not None:
        count, has_more = count_fitting(session, rows, size, limit)
        return list(session.scalars(rows.limit(count))), has_more
    fetched: list[Row] = list(session.scalars(rows.limit(limit + 1)))
    return fetched[:limit], len(fetched) > limit


def _find_key(session: Session, listing: Listing[Any], param: str, id: str | None) -> Key | None:
    if id is None:
        return None
    row = session.execute(listing.rows.where(listing.id == id).with_only_columns(*listing.key)).first()
    if row is None:
        raise not_in_list(param, id)
    return tuple(row)

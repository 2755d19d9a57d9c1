"""Reads rows that may be large, so many at a time that they do not fill the memory: a limit of bytes beside one of rows.

The number of bytes is that of the stored JSON. What Python makes of it takes several times as much.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, literal
from sqlalchemy.orm import Session

MAX_BYTES = 16 * 1024**2  # of rows that are read together; a single one may be larger


def count_bytes(*columns: Any) -> ColumnElement[int]:
    """Return the expression of how many bytes the JSON in some columns of a row has. Stored JSON is ASCII."""
    total: ColumnElement[int] = literal(0)
    for column in columns:
        total = total + func.coalesce(func.length(cast(column, Text)), 0)
    return total


def count_fitting(session: Session, rows: Select[Any], size: ColumnElement[int], max_rows: int) -> tuple[int, bool]:
    """Return how many of the first rows to read together, and whether more follow: at most `max_rows`, and at least one if there is one.

    `rows` has an order, and `size` is the expression of the bytes of a row.
    """
    sizes = session.scalars(rows.with_only_columns(size, maintain_column_froms=True).limit(max_rows + 1)).all()
    count = _count_first(sizes[:max_rows])
    return count, len(sizes) > count


def read_fitting(session: Session, rows: Select[Any], size: ColumnElement[int], max_rows: int) -> Sequence[Row[Any]]:
    """Return the first rows, as many as `count_fitting` counts."""
    count, _ = count_fitting(session, rows, size, max_rows)
    return session.execute(rows.limit(count)).all() if count else []


def split_by_size(ids: Sequence[str], sizes: Mapping[str, int]) -> Iterator[Sequence[str]]:
    """Yield ids in their order, as many together as may be read together. `sizes` has the bytes of their rows; others have none."""
    start = 0
    while start < len(ids):
        count = _count_first([sizes.get(id, 0) for id in ids[start:]])
        yield ids[start : start + count]
        start += count


def _count_first(sizes: Sequence[int]) -> int:
    """Return how many of the first rows have at most `MAX_BYTES` together, but at least one if there is one."""
    return max(sum(total <= MAX_BYTES for total in accumulate(sizes)), min(1, len(sizes)))

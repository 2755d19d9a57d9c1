"""Points read back portion by portion; the same in both indexes, whose records look alike."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.retrieval.index.points import DENSE, KEYWORDS, Point, Sparse

Portion = tuple[Sequence[Any], Any]
"""Some records, and where the next ones begin; None behind the last."""


def scroll(read: Callable[[Any], Portion]) -> Iterator[list[Point]]:
    """Yield the points of every portion; `read` returns the one that begins at an offset, at first None."""
    offset = None
    while True:
        records, offset = read(offset)
        if records:
            yield [_point(record) for record in records]
        if offset is None:
            return


def dense(record: Any) -> list[float]:
    """Return a record's vector."""
    return list(record.vector[DENSE])


def _point(record: Any) -> Point:
    keywords = record.vector.get(KEYWORDS)
    sparse = Sparse(list(keywords.indices), list(keywords.values)) if keywords else Sparse([], [])
    return Point(str(record.id), dense(record), sparse, record.payload or {})

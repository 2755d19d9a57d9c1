"""Reading points back, a batch at a time; the records of both indexes have the same shape."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from services.retrieval.index.points import DENSE, KEYWORDS, Point, SparseVector

Batch = tuple[Sequence[Any], Any]
"""Some records, and the offset of the next ones; None after the last."""


def scroll(read_batch: Callable[[Any], Batch]) -> Iterator[list[Point]]:
    """Yield the points of every batch; `read_batch` returns the batch at an offset, None for the first."""
    offset = None
    while True:
        records, offset = read_batch(offset)
        if records:
            yield [to_stored_point(record) for record in records]
        if offset is None:
            return


def dense_vector(record: Any) -> list[float]:
    """Return a record's dense vector."""
    return list(record.vector[DENSE])


def to_stored_point(record: Any) -> Point:
    """Return a record, with vectors and fields, as the point that was stored."""
    keywords = record.vector.get(KEYWORDS)
    sparse = SparseVector(list(keywords.indices), list(keywords.values)) if keywords else SparseVector([], [])
    return Point(str(record.id), dense_vector(record), sparse, record.payload or {})

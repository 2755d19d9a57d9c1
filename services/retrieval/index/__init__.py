"""Step 4 of ingesting, and the second of searching: points in a space, found by vector or by keyword.

    edge.py         Qdrant Edge, in this process
    server.py       a Qdrant server
    points.py       what a point is, and its fields; the same in both
    attributes.py   how a point holds the attributes of its file
    conditions.py   filters as conditions; the same in both
    scroll.py       points read back portion by portion; the same in both
    bm25.py         texts to sparse vectors, made here for both

A *space* is one collection: the points of one embedder. Thousands of vector stores share it, told apart by a tenant field.
Both answer the same tests (`tests/contract/test_index.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from services.retrieval.index.points import Hit, Point, Query, Sparse, Stored
from shared.contracts.filters import Filter

__all__ = ["Hit", "Index", "Point", "Query", "Sparse", "Stored"]


class Index(Protocol):
    """What keeps and finds points. Every call may raise Unavailable (naming the setting) or StorageFull.

    A space that does not exist yet has no points: nothing is found, counted or deleted in it.
    """

    exclusive: bool
    """Whether no other process can use the index while this one has it."""

    def prepare(self, space: str, dimension: int) -> None:
        """Make sure that the space exists. Raises Conflict where its vectors have another dimension."""

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        """Store points; one with the same id is replaced."""

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        """Delete the points whose fields have these values; when this returns none of them can be found."""

    def count(self, space: str, where: Mapping[str, str]) -> int:
        """Return how many points have these values."""

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        """Give the points with these values other attributes instead of theirs; when this returns, filters see the new ones."""

    def scroll(self, space: str, where: Mapping[str, str], portion: int = 256) -> Iterator[list[Point]]:
        """Yield the points with these values whole, as they can be stored again, so many at a time, in the order of their ids.

        Points that are stored or deleted meanwhile may come or not.
        """

    def search(
        self,
        space: str,
        tenant: str,
        query: Query,
        filter: Filter | None,
        limit: int,
        without: Sequence[str] = (),
        only: str | None = None,
    ) -> tuple[list[Hit], list[Hit]]:
        """Return the nearest points by the query's vector and by its keywords, best first.

        A list is empty where the query has no such part. Scores are the cosine and the BM25 sum. Points of the attachments
        `without` are left out before the lists are cut to `limit`; `only` is an attachment, to search nothing else.
        """

    def read(self, space: str, ids: Sequence[str]) -> dict[str, Stored]:
        """Return what is stored with those of the points that exist."""

    def vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        """Return the vectors, of length 1, of those of the points that exist."""

    def settle(self) -> None:
        """Make what was written durable and quick to search; called when no more is coming for now."""

    def check(self) -> None:
        """Raise Unavailable unless the index answers."""

    def close(self) -> None:
        """Let go of everything."""

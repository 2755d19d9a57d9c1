"""The index: stores points, and finds them by vector or by keyword. A step of ingesting and of searching.

Everything above may import this room: `ingestion`, `search`, `lifecycle` and the wiring. It knows chunks, but no files or stores.

    edge.py        Qdrant Edge, in this process
    edge_client.py the same in a child process, as the service uses it
    edge_server.py that process
    server.py      a Qdrant server
    points.py      what a point is, and its fields; the same in both
    attributes.py  how a point stores the attributes of its file
    filters.py     the API's filters as Qdrant's; the same in both
    scroll.py      reading points back, a batch at a time; the same in both
    bm25.py        text to sparse vectors; the same in both

A *space* is one collection: the points of one embedder. Thousands of vector stores share it, separated by a tenant field.
Both indexes pass the same tests (`tests/contract/test_index.py`).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from services.retrieval.index.points import Hit, Point, Query, SparseVector, StoredChunk
from shared.contracts.filters import Filter

__all__ = ["Hit", "Index", "Point", "Query", "SparseVector", "StoredChunk"]


class Index(Protocol):
    """Stores and finds points. Every method may raise Unavailable (naming the setting) or StorageFull.

    A space that does not exist yet counts as empty: nothing is found, counted or deleted in it.
    """

    is_exclusive: bool
    """Whether no other process can use the index while this one has it open."""

    def ensure_space(self, space: str, dimension: int) -> None:
        """Create the space unless it exists.

        Raises:
            Conflict: if it exists and its vectors have another dimension.
        """

    def upsert(self, space: str, points: Sequence[Point]) -> None:
        """Store points; a point with the same id is replaced."""

    def delete(self, space: str, where: Mapping[str, str]) -> None:
        """Delete the points whose fields have these values. Once this returns, no search finds them."""

    def count(self, space: str, where: Mapping[str, str]) -> int:
        """Return how many points have these values."""

    def set_attributes(self, space: str, where: Mapping[str, str], attributes: Mapping[str, Any] | None) -> None:
        """Replace the attributes of the points with these values. Once this returns, filters use the new ones."""

    def scroll(self, space: str, where: Mapping[str, str], batch_size: int = 256) -> Iterator[list[Point]]:
        """Yield the points with these values in batches, ordered by id, complete enough to be stored again.

        Points that are stored or deleted in the meantime may or may not be included.
        """

    def search(
        self,
        space: str,
        tenant: str,
        query: Query,
        filter: Filter | None,
        limit: int,
        exclude: Sequence[str] = (),
        attachment_id: str | None = None,
        corpus: Sequence[str] = (),
        keyword_limit: int | None = None,
    ) -> tuple[list[Hit], list[Hit]]:
        """Return the nearest points by the query's vector and those that match its keywords, best first.

        A list is empty if the query has no such part. Scores are the cosine and the BM25 sum. `exclude` are attachments whose points
        are left out before the lists are cut to `limit`, or, for keywords, to `keyword_limit`. With `attachment_id`, only that
        attachment is searched. How rare a word is, is counted over all points of the tenants in `corpus`, by default of `tenant`,
        whatever the filters are. Only a Qdrant server before 1.19 counts over the whole space.
        """

    def fetch_chunks(self, space: str, ids: Sequence[str]) -> dict[str, StoredChunk]:
        """Return the chunks of the points that exist, by point id."""

    def fetch_vectors(self, space: str, ids: Sequence[str]) -> dict[str, list[float]]:
        """Return the vectors, of length 1, of the points that exist, by point id."""

    def optimize(self) -> None:
        """Make all writes durable and quick to search. Call it when no more writes are expected for now."""

    def check(self) -> None:
        """Raise Unavailable if the index does not respond."""

    def close(self) -> None:
        """Release files and connections."""

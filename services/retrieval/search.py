"""Flow 2, retrieval's half: question → vector and keywords → hits → one ranking → threshold → chunks.

Knows nothing of HTTP. What the scores mean is said in `fuse.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from services.retrieval.catalog import attachments
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.chunk import Chunk
from services.retrieval.fuse import fuse, keyword_score, ranked, vector_score
from services.retrieval.index import Hit, Index, Query, Sparse, Stored
from shared.contracts.search import SearchMode, SearchRequest
from shared.database import Database

CANDIDATES = 100


class EmbedsQuery(Protocol):
    """What turns a question into a vector of its space."""

    space: str

    def embed_query(self, text: str) -> list[float]:
        """Return the question's vector."""


class Spaces(Protocol):
    """Knows which embedders there are."""

    def of_space(self, space: str) -> EmbedsQuery:
        """Return the embedder of a space. Raises Conflict where there is none."""


class WeighsQuery(Protocol):
    """What turns a question into keywords."""

    def weigh_query(self, text: str) -> Sparse:
        """Return the question's terms."""


@dataclass(frozen=True)
class Found:
    """A chunk that was found, and the file in the store that it belongs to."""

    chunk: Chunk
    score: float
    attachment: Attachment
    filename: str


@dataclass(frozen=True)
class Searcher:
    """What searching needs."""

    embedders: Spaces
    bm25: WeighsQuery
    index: Index
    database: Database

    def search(self, store: Store, request: SearchRequest) -> list[Found]:
        """Return the best chunks of the store, best first, at most `request.max_num_results`.

        Of several queries, a chunk has the score of the one that it suits best.

        Raises:
            Conflict: the store's embedder is not configured any more.
            Unavailable: the index or the embedder is not there.
        """
        with self.database.session() as session:
            unfinished = attachments.unfinished(session, store.id)
        best: dict[str, Hit] = {}
        for text in request.queries:
            query = self._understand(store.space, request.search_mode, text)
            nearest, matching = self.index.search(store.space, store.tenant, query, request.filters, CANDIDATES, unfinished)
            for hit in _rank(request.search_mode, nearest, matching):
                best[hit.id] = max(hit, best.get(hit.id, hit), key=lambda each: each.score)
        hits = ranked(list(best.values()))
        wanted = [hit for hit in hits if hit.score >= request.ranking_options.score_threshold]
        return self._show(store.space, wanted, request.max_num_results)

    def _understand(self, space: str, mode: SearchMode, text: str) -> Query:
        by_meaning, by_keyword = mode != "keyword", mode != "vector"
        return Query(
            self.embedders.of_space(space).embed_query(text) if by_meaning else None,
            self.bm25.weigh_query(text) if by_keyword else None,
        )

    def _show(self, space: str, hits: list[Hit], limit: int) -> list[Found]:
        """Return the first hits that may be shown, read in portions."""
        found: list[Found] = []
        while hits and len(found) < limit:
            portion, hits = hits[:limit], hits[limit:]
            stored = self.index.read(space, [hit.id for hit in portion])
            shown = self._shown(stored)
            found += [_found(hit, stored[hit.id], shown) for hit in portion if hit.id in stored and stored[hit.id].attachment_id in shown]
            found = merge_children(found)
        return found[:limit]

    def _shown(self, stored: Mapping[str, Stored]) -> dict[str, tuple[Attachment, str]]:
        # The database has the last word: what was deleted there is not shown, even while its points are still on their way out.
        with self.database.session() as session:
            return attachments.searchable(session, {each.attachment_id for each in stored.values()})


def merge_children(found: Iterable[Found]) -> list[Found]:
    """Return, of the children of one parent, only the first (the best, where the best come first): it stands for the parent."""
    first: dict[tuple[str, bool, int], Found] = {}
    for each in found:
        parent, chunk = each.chunk.parent, each.chunk
        first.setdefault((each.attachment.id, parent is None, parent.start if parent else chunk.position), each)
    return list(first.values())


def _rank(mode: SearchMode, nearest: list[Hit], matching: list[Hit]) -> list[Hit]:
    if mode == "hybrid":
        return fuse(nearest, matching, CANDIDATES)
    if mode == "vector":
        return ranked([Hit(hit.id, vector_score(hit.score)) for hit in nearest])
    return ranked([Hit(hit.id, keyword_score(hit.score)) for hit in matching])


def _found(hit: Hit, stored: Stored, shown: Mapping[str, tuple[Attachment, str]]) -> Found:
    attachment, filename = shown[stored.attachment_id]
    return Found(stored.chunk, hit.score, attachment, filename)

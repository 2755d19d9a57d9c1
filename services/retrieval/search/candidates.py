"""The first half of searching: questions become vectors and keywords, the index's hits one list of candidates.

Knows nothing of chunks or files; how scores are fused is said in `fuse.py`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, TypeAlias

from services.retrieval.catalog.records import Store
from services.retrieval.index import Index, Query, Sparse
from services.retrieval.search.fuse import LISTED, Ranked, fuse, rank_score
from services.retrieval.search.hits import Candidate
from shared.contracts.search import SearchRequest


class EmbedsQuery(Protocol):
    """What turns a question into a vector of its space."""

    name: str
    space: str

    def room(self, prompt: str | None = None) -> int:
        """Return how many tokens a text may have behind `prompt`."""

    def prompt(self, kind: Literal["query", "passage"]) -> str | None:
        """Return what the model wants before a query or a passage, if anything."""

    def sizes(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""

    def embed_query(self, text: str) -> list[float]:
        """Return the question's vector."""


class WeighsQuery(Protocol):
    """What turns a question into keywords."""

    def weigh_query(self, text: str) -> Sparse:
        """Return the question's terms."""


class Spaces(Protocol):
    """Knows which embedders there are."""

    def of_space(self, space: str) -> EmbedsQuery:
        """Return the embedder of a space. Raises Conflict where there is none."""


@dataclass(frozen=True)
class Target:
    """A store to search, and its attachments whose points are not to be found."""

    store: Store
    without: Sequence[str]


Gathered: TypeAlias = tuple[Store, str, Ranked]
"""A point with the store and the query that it was found in and for."""


@dataclass(frozen=True)
class Gatherer:
    """What gathering needs."""

    embedders: Spaces
    bm25: WeighsQuery
    index: Index

    def gather(self, targets: Sequence[Target], queries: Sequence[str], request: SearchRequest, limit: int) -> list[Candidate]:
        """Return the candidates of all queries in all stores, best first; `limit` is how many each list of the index may have.

        Of several queries, a candidate has the score of the one that it suits best; of several embedders see `fuse.py`.

        Raises:
            Conflict: a store's embedder is not configured any more.
            Unavailable: the index or the embedder is not there.
        """
        asked = self.understand([target.store for target in targets], queries, request)
        best: dict[str, Gathered] = {}
        for target in targets:
            for query in queries:
                for ranked in self.rank(target, asked[target.store.space, query], request, limit):
                    there = best.get(ranked.id)
                    if there is None or ranked.score > there[2].score:
                        best[ranked.id] = target.store, query, ranked
        ordered = sorted(best.values(), key=_order)
        if not have_one_scale(targets, request):
            ordered = sorted(_by_rank(ordered), key=_order)
        return [Candidate(*each, rank) for rank, each in enumerate(ordered, 1)]

    def understand(self, stores: Sequence[Store], queries: Sequence[str], request: SearchRequest) -> dict[tuple[str, str], Query]:
        """Return the vector and the keywords of each query, by space and query."""
        spaces = dict.fromkeys(store.space for store in stores)
        return {(space, query): self._understand(space, query, request) for space in spaces for query in queries}

    def rank(self, target: Target, asked: Query, request: SearchRequest, limit: int, only: str | None = None) -> list[Ranked]:
        """Return what the index finds in one store for one query; `only` is an attachment, to look nowhere else."""
        store = target.store
        hits = self.index.search(store.space, store.tenant, asked, request.filters, limit, target.without, only)
        return fuse(*hits, request.search_mode, request.fused_by, LISTED)

    def _understand(self, space: str, query: str, request: SearchRequest) -> Query:
        by_meaning, by_keyword = request.search_mode != "keyword", request.search_mode != "vector"
        return Query(
            self.embedders.of_space(space).embed_query(query) if by_meaning else None,
            self.bm25.weigh_query(query) if by_keyword else None,
        )


def have_one_scale(targets: Sequence[Target], request: SearchRequest) -> bool:
    """Return whether scores of all targets can be compared: where there is one embedder, or none of its cosines is in a score as it is."""
    if request.search_mode == "keyword" or len({target.store.space for target in targets}) < 2:
        return True
    return request.search_mode == "hybrid" and request.fused_by.type != "convex"


def _order(gathered: Gathered) -> tuple[float, str]:
    return -gathered[2].score, gathered[2].id


def _by_rank(ordered: Sequence[Gathered]) -> Iterator[Gathered]:
    """Yield the points, each with the score of its rank among those of the same space."""
    ranks: Counter[str] = Counter()
    for store, query, ranked in ordered:
        ranks[store.space] += 1
        yield store, query, replace(ranked, score=rank_score(ranks[store.space]))

"""The first half of a search: queries become vectors and keywords, and the index's hits become one list of candidates.

Knows nothing of chunks or files. `fuse.py` says how scores are combined.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments
from services.retrieval.catalog.records import Store
from services.retrieval.index import Index, Query, SparseVector
from services.retrieval.search.corpus_sizes import CorpusSize, CorpusSizes
from services.retrieval.search.fuse import KEYWORD_DEPTH, VECTOR_DEPTH, FusedPoint, full_match, fuse, keyword_exponent, rank_score
from services.retrieval.search.hits import Candidate
from shared.contracts.search import ConvexFusion, SearchRequest


class QueryEmbedder(Protocol):
    """Turns a query into a vector of its space."""

    name: str
    space: str

    def max_tokens(self, prompt: str | None = None) -> int:
        """Return how many tokens a text may have behind `prompt`."""

    def prompt(self, kind: Literal["query", "passage"]) -> str | None:
        """Return the prompt that the model expects before a query or a passage, if any."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has."""

    def start_query(self, text: str) -> Callable[[], list[float]]:
        """Start to embed a query; return a function that waits for its vector."""


class SparseQueryEncoder(Protocol):
    """Turns a query into weighted terms."""

    def encode_query(self, text: str) -> SparseVector:
        """Return the query's terms."""


class EmbeddersBySpace(Protocol):
    """The configured embedders."""

    def find_by_space(self, space: str) -> QueryEmbedder:
        """Return the embedder of a space. Raises Conflict if there is none."""


@dataclass(frozen=True)
class SearchTarget:
    """A store to search, and the ids of its attachments whose points must not be found.

    `corpus` are the tenants of all stores that are searched together with it in the same space, itself included: how rare a word is, is
    counted over them, so that the keyword scores of their chunks can be compared. `corpus_size` is how many chunks they have, and how long.
    """

    store: Store
    excluded: Sequence[str]
    corpus: Sequence[str]
    corpus_size: CorpusSize


EncodedQueries: TypeAlias = Mapping[tuple[str, str], Query]
"""Queries by space and text."""

Match: TypeAlias = tuple[Store, str, FusedPoint]
"""A point with the store and the query that it was found in and for."""


def find_targets(session: Session, stores: Sequence[Store], corpus_sizes: CorpusSizes) -> list[SearchTarget]:
    """Return the stores with what must not be found in them: files that are not completely indexed."""
    tenants: dict[str, list[str]] = {}
    sizes: dict[str, list[CorpusSize]] = {}
    for store in stores:
        tenants.setdefault(store.space, []).append(store.tenant)
        sizes.setdefault(store.space, []).append(corpus_sizes.measure(session, store))
    totals = {space: CorpusSize(*map(sum, zip(*parts, strict=True))) for space, parts in sizes.items()}
    unfinished = (attachments.find_unfinished_ids(session, store.id) for store in stores)
    return [SearchTarget(store, ids, tenants[store.space], totals[store.space]) for store, ids in zip(stores, unfinished, strict=True)]


@dataclass(frozen=True)
class CandidateFinder:
    """Finds candidates in the index."""

    embedders: EmbeddersBySpace
    bm25: SparseQueryEncoder
    index: Index

    def find(self, targets: Sequence[SearchTarget], queries: EncodedQueries, request: SearchRequest, limit: int) -> list[Candidate]:
        """Return the candidates of all queries in all stores, best first; `limit` is the length of each list of the index.

        If several queries find a point, it has its best score. For stores of several embedders, see `fuse.py`.

        Raises:
            Unavailable: if the index or the embedder is down.
        """
        encoded = dict(queries)
        best: dict[str, Match] = {}
        for target in targets:
            for space, query in queries:
                if space != target.store.space:
                    continue
                found = self.search_store(target, encoded[space, query], request, limit)
                encoded[space, query] = encoded[space, query].computed()  # so that in the next store, one call finds both
                for point in found:
                    other = best.get(point.id)
                    if other is None or point.score > other[2].score:
                        best[point.id] = target.store, query, point
        matches = sorted(best.values(), key=_order)
        if not are_comparable(targets, request):
            matches = sorted(_scored_by_rank(matches), key=_order)
        return [Candidate(*match, rank) for rank, match in enumerate(matches, 1)]

    def encode(self, stores: Sequence[Store], queries: Sequence[str], request: SearchRequest) -> EncodedQueries:
        """Return the vector, which the model starts to compute, and the keywords of each query in each space of the stores.

        Raises:
            Conflict: if a store's embedder is no longer configured.
            Unavailable: if the embedder is down.
        """
        spaces = dict.fromkeys(store.space for store in stores)
        return {(space, query): self._encode(space, query, request) for space in spaces for query in queries}

    def search_store(
        self, target: SearchTarget, query: Query, request: SearchRequest, limit: int, only_attachment: str | None = None
    ) -> list[FusedPoint]:
        """Return what the index finds in one store, or in one attachment of it, for one query."""
        store = target.store
        options = (request.filters, limit, target.excluded, only_attachment, target.corpus, _keyword_limit(request, limit))
        hits = self.index.search(store.space, store.tenant, query, *options)
        full = full_match(query.keywords, target.corpus_size.chunks)
        return fuse(*hits, request.search_mode, request.effective_fusion, full, _find_exponent(query, target.corpus_size))

    def _encode(self, space: str, query: str, request: SearchRequest) -> Query:
        return Query(
            self.embedders.find_by_space(space).start_query(query) if request.search_mode != "keyword" else None,
            self.bm25.encode_query(query) if request.search_mode != "vector" else None,
        )


def _keyword_limit(request: SearchRequest, limit: int) -> int:
    """Return how many chunks are searched for by keyword.

    In a convex combination, all after the first few count alike, so those of them that are not found by vector rank last. They are
    searched for only if the last candidates could become hits, or if keyword scores are shown.
    """
    fusion = request.effective_fusion
    is_convex = request.search_mode == "hybrid" and isinstance(fusion, ConvexFusion) and fusion.alpha > 0
    needs_all = limit > VECTOR_DEPTH or request.uses_reranker or request.diversity or request.explain
    return KEYWORD_DEPTH if is_convex and not needs_all else limit


def _find_exponent(query: Query, size: CorpusSize) -> float:
    """Return the `keyword_exponent` for a corpus of this size; the index has waited for the vector already."""
    vector = query.wait_for_vector() if query.keywords else None
    return keyword_exponent(size.text_bytes(len(vector))) if vector else 1.0


def are_comparable(targets: Sequence[SearchTarget], request: SearchRequest) -> bool:
    """Return whether the scores of all targets can be compared: with one embedder, or if no score contains a cosine as it is."""
    if request.search_mode == "keyword" or len({target.store.space for target in targets}) < 2:
        return True
    return request.search_mode == "hybrid" and request.effective_fusion.type != "convex"


def _order(match: Match) -> tuple[float, str]:
    return -match[2].score, match[2].id


def _scored_by_rank(matches: Sequence[Match]) -> Iterator[Match]:
    """Yield the points, each with the score of its rank among those of the same space."""
    ranks: Counter[str] = Counter()
    for store, query, point in matches:
        ranks[store.space] += 1
        yield store, query, point._replace(score=rank_score(ranks[store.space]))

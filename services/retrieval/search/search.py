"""Flow 2, retrieval's half: rewrite → candidates → hits → rerank → threshold → diversify or group → context window.

Knows nothing of HTTP. `fuse.py` says what the scores mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Store
from services.retrieval.index import Index
from services.retrieval.search.candidates import CandidateFinder, EmbeddersBySpace, SearchTarget, SparseQueryEncoder, find_targets
from services.retrieval.search.context_window import add_context_windows
from services.retrieval.search.corpus_sizes import CorpusSizes
from services.retrieval.search.diversify import diversify
from services.retrieval.search.explain import ExecutedSearch, explain
from services.retrieval.search.group import group_by_file
from services.retrieval.search.hits import Candidate, ChunkHit, by_space, load_hits
from services.retrieval.search.query_truncation import describe_truncated_queries
from services.retrieval.search.rerank import HitReranker, rerank_hits, select_reranker
from services.retrieval.search.rewrite import QueryRewriter, rewrite_queries
from shared.contracts.search import Explanation, SearchRequest
from shared.records.database import Database

CANDIDATES = 100
GROUPED_CANDIDATES = 300
DIVERSE_CANDIDATES = 100
MAX_SINGLE_RESULTS = 20


@dataclass(frozen=True)
class SearchResult:
    """The hits; `queries` are the texts that were searched for, `note` says which part of them was not used."""

    queries: list[str]
    hits: list[ChunkHit]
    explanation: Explanation | None = None
    note: str | None = None


@dataclass(frozen=True)
class Searcher:
    """Searches vector stores. `reranker` and `rewriter` are None if none is configured."""

    embedders: EmbeddersBySpace
    bm25: SparseQueryEncoder
    index: Index
    database: Database
    reranker: HitReranker | None = None
    rewriter: QueryRewriter | None = None
    corpus_sizes: CorpusSizes = field(default_factory=CorpusSizes)

    def search(self, project: str, store_ids: Sequence[str], request: SearchRequest, authorization: str | None = None) -> SearchResult:
        """Return the best chunks of the project's stores, best first, at most `request.max_num_results`.

        `authorization` is the caller's header, for the model that rewrites queries.

        Raises:
            NotFound, InvalidRequest: if a store does not exist or has expired.
            InvalidRequest: if the request needs a reranker or a rewriter that is not configured.
            Conflict: if a store's embedder is no longer configured.
            Unavailable, DeadlineExceeded: if the index, the embedder or a model is down or too slow.
        """
        found = self._find_stores(project, store_ids)
        reranker = select_reranker(request, self.reranker)
        queries = rewrite_queries(request, self.rewriter, authorization)
        result = self._search(found, queries, request, reranker)
        # If a re-embedding switched a store to new vectors in the meantime, the old ones may be half deleted.
        while switched := self._find_switched(found, result.hits, request):
            found = switched
            result = self._search(found, queries, request, reranker)
        return result

    def close(self) -> None:
        """Close the connections to the model that rewrites queries."""
        if self.rewriter:
            self.rewriter.close()

    def _search(self, found: Sequence[Store], queries: list[str], request: SearchRequest, reranker: HitReranker | None) -> SearchResult:
        finder = CandidateFinder(self.embedders, self.bm25, self.index)
        encoded = finder.encode(found, queries, request)
        targets = self._find_targets(found)  # while the model computes the vectors
        candidates = finder.find(targets, encoded, request, _candidate_limit(request))
        hits = self._arrange(self._load_and_score(candidates, request, reranker), request)
        executed = ExecutedSearch(targets, queries, request, hits)
        explanation = explain(request.explain_file, executed, finder, self.database) if request.explain_file else None
        return SearchResult(queries, hits, explanation, describe_truncated_queries(targets, queries, request, self.embedders))

    def _load_and_score(self, candidates: Sequence[Candidate], request: SearchRequest, reranker: HitReranker | None) -> list[ChunkHit]:
        threshold = request.ranking_options.score_threshold
        if reranker is None:
            above = [each for each in candidates if each.fused.score >= threshold]
            return load_hits(above, _hit_limit(request), self.index, self.database)
        hits = load_hits(candidates, _hit_limit(request), self.index, self.database)
        return [hit for hit in rerank_hits(reranker, hits) if hit.score >= threshold]

    def _arrange(self, hits: list[ChunkHit], request: SearchRequest) -> list[ChunkHit]:
        count = request.max_num_results
        if request.diversity:
            vectors = by_space([hit.candidate for hit in hits], self.index.fetch_vectors)
            hits = diversify(hits, vectors, request.diversity, len(hits) if request.group_by_file else count)
        hits = (group_by_file(hits) if request.group_by_file else hits)[:count]
        return add_context_windows(hits, self.index, request.context_window) if request.context_window else hits

    def _find_stores(self, project: str, store_ids: Sequence[str]) -> list[Store]:
        with self.database.session() as session:
            return stores.find_for_search(session, project, store_ids)

    def _find_targets(self, found: Sequence[Store]) -> list[SearchTarget]:
        with self.database.session() as session:
            return find_targets(session, found, self.corpus_sizes)

    def _find_switched(self, found: Sequence[Store], hits: Sequence[ChunkHit], request: SearchRequest) -> list[Store] | None:
        """Return the stores as they are now, if a re-embedding has switched one and hits may be missing because of that."""
        if len(found) == 1 and len(hits) >= request.max_num_results:
            return None
        with self.database.session() as session:
            now = [session.get(Store, store.id) or store for store in found]
        return None if all(new.edition == old.edition for new, old in zip(now, found, strict=True)) else now


def _candidate_limit(request: SearchRequest) -> int:
    """Return the length of each list of the index. It is longer if several hits may become one, by their file or their parent."""
    return GROUPED_CANDIDATES if request.group_by_file or request.max_num_results > MAX_SINGLE_RESULTS else CANDIDATES


def _hit_limit(request: SearchRequest) -> int:
    """Return how many hits are loaded to select the results from."""
    if request.uses_reranker:
        return max(request.max_num_results, request.rerank.top_k if request.rerank else CANDIDATES // 2)
    if request.group_by_file:
        return GROUPED_CANDIDATES
    return DIVERSE_CANDIDATES if request.diversity else request.max_num_results

"""Flow 2, retrieval's half: question → rewrite → candidates → chunks → rerank → threshold → diversify or group → neighbours.

Knows nothing of HTTP. What the scores mean is said in `fuse.py`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, stores
from services.retrieval.catalog.records import Store
from services.retrieval.index import Index, Stored
from services.retrieval.search.candidates import Gatherer, Spaces, Target, WeighsQuery
from services.retrieval.search.context_window import widen
from services.retrieval.search.diversify import diversify
from services.retrieval.search.explain import Asked, explain
from services.retrieval.search.fuse import Place
from services.retrieval.search.group import group_by_file
from services.retrieval.search.hits import Candidate, Filed, Found
from services.retrieval.search.query_truncation import unread
from shared.contracts.search import Explanation, SearchRequest
from shared.errors import InvalidRequest
from shared.records.database import Database

CANDIDATES = 100
GROUPED_CANDIDATES = 300
PARENTS = 20
DIVERSE_CANDIDATES = 100


T = TypeVar("T")


class Reranks(Protocol):
    """What scores passages for a question anew."""

    @property
    def name(self) -> str:
        """What requests call it."""

    def deadline(self) -> float:
        """Return when the reranking of a search that begins now has to end."""

    def score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        """Return a score in [0, 1] for each text. Raises DeadlineExceeded."""


class Rewrites(Protocol):
    """What makes search queries of questions."""

    def rewrite(self, queries: Sequence[str], authorization: str | None) -> list[str]:
        """Return a search query for each question."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True)
class Answer:
    """What a search found; `queries` are the texts that were looked for, `note` says what of them was not heeded."""

    queries: list[str]
    hits: list[Found]
    explanation: Explanation | None = None
    note: str | None = None


@dataclass(frozen=True)
class Searcher:
    """What searching needs; `reranker` and `rewriter` where the service is set up with them."""

    embedders: Spaces
    bm25: WeighsQuery
    index: Index
    database: Database
    reranker: Reranks | None = None
    rewriter: Rewrites | None = None

    @property
    def gatherer(self) -> Gatherer:
        """What finds candidates."""
        return Gatherer(self.embedders, self.bm25, self.index)

    def search(self, store: Store, request: SearchRequest) -> list[Found]:
        """Return the hits in one store; otherwise like `answer`."""
        return self.answer(self.targets([store]), request).hits

    def find(self, project: str, store_ids: Sequence[str]) -> list[Target]:
        """Return the project's stores of these ids, to be searched.

        Raises:
            NotFound, InvalidRequest: one does not exist, or has expired.
        """
        with self.database.session() as session:
            return _targets(session, stores.find_searched(session, project, store_ids))

    def targets(self, found: Sequence[Store]) -> list[Target]:
        """Return stores that are known, to be searched."""
        with self.database.session() as session:
            return _targets(session, found)

    def answer(self, targets: Sequence[Target], request: SearchRequest, authorization: str | None = None) -> Answer:
        """Return the best chunks of the stores, best first, at most `request.max_num_results`.

        A store that is switched to other vectors meanwhile is searched again: those that were searched may be going.
        `authorization` is the caller's header, for the model that rewrites.

        Raises:
            InvalidRequest: it asks for a reranker, or for rewriting, that this service does not have.
            Conflict: a store's embedder is not configured any more.
            Unavailable, DeadlineExceeded: the index, the embedder or a model is not there, or too slow.
        """
        reranker, queries = self._chosen(request), self._rewritten(request, authorization)
        answer = self._answer(targets, queries, request, reranker)
        while moved := self._moved([target.store for target in targets], answer.hits, request):
            targets = self.targets(moved)
            answer = self._answer(targets, queries, request, reranker)
        return answer

    def _answer(self, targets: Sequence[Target], queries: list[str], request: SearchRequest, reranker: Reranks | None) -> Answer:
        candidates = self.gatherer.gather(targets, queries, request, _depth(request))
        threshold = request.ranking_options.score_threshold
        if reranker is None:
            found = self._show([each for each in candidates if each.ranked.score >= threshold], _needed(request))
        else:
            found = _rerank(reranker, self._show(candidates, _needed(request)))
            found = [each for each in found if each.score >= threshold]
        hits = self._finish(found, request)
        asked = Asked(targets, queries, request, hits)
        reason = explain(request.explain_file, asked, self.gatherer, self.database) if request.explain_file else None
        return Answer(queries, hits, reason, unread(targets, queries, request, self.embedders))

    def close(self) -> None:
        """Let go of the model that rewrites."""
        if self.rewriter:
            self.rewriter.close()

    def _chosen(self, request: SearchRequest) -> Reranks | None:
        """Return the reranker, where the request asks for it."""
        named = request.ranking_options.ranker if request.names_reranker else None
        if named and (self.reranker is None or self.reranker.name != named):
            ours = f", or '{self.reranker.name}'" if self.reranker else "; no reranker is configured (RETRIEVAL_RERANK_MODEL)"
            problem = f"There is no ranker '{named}': it is 'none', 'auto' or 'default-2024-11-15'{ours}."
            raise InvalidRequest(problem, param="ranking_options.ranker")
        if request.rerank and self.reranker is None:
            raise InvalidRequest("No reranker is configured. Set RETRIEVAL_RERANK_MODEL, or search without `rerank`.", param="rerank")
        return self.reranker if request.uses_reranker else None

    def _rewritten(self, request: SearchRequest, authorization: str | None) -> list[str]:
        if not request.rewrite_query:
            return request.queries
        if self.rewriter is None:
            problem = "No model that rewrites queries is configured. Set RETRIEVAL_REWRITE_URL and RETRIEVAL_REWRITE_MODEL"
            raise InvalidRequest(f"{problem}, or search without `rewrite_query`.", param="rewrite_query")
        return self.rewriter.rewrite(request.queries, authorization)

    def _moved(self, searched: Sequence[Store], hits: Sequence[Found], request: SearchRequest) -> list[Store] | None:
        """Return the stores as they are now, if one has moved and hits may be missing therefore."""
        if len(searched) == 1 and len(hits) >= request.max_num_results:
            return None
        with self.database.session() as session:
            now = [session.get(Store, store.id) or store for store in searched]
        return now if any(one.edition != other.edition for one, other in zip(searched, now, strict=True)) else None

    def _show(self, candidates: Sequence[Candidate], wanted: int) -> list[Found]:
        """Return the first `wanted` candidates that may be shown, read in portions."""
        found: list[Found] = []
        for first in range(0, len(candidates), wanted):
            portion = candidates[first : first + wanted]
            stored = self._read(portion)
            shown = self._shown(stored)
            there = [each for each in portion if each.id in stored and stored[each.id].attachment_id in shown]
            found += [_found(each, stored[each.id], shown[stored[each.id].attachment_id]) for each in there]
            found = merge(found)
            if len(found) >= wanted:
                break
        return found[:wanted]

    def _read(self, candidates: Sequence[Candidate]) -> dict[str, Stored]:
        return _by_space(candidates, self.index.read)

    def _shown(self, stored: dict[str, Stored]) -> dict[str, Filed]:
        # The database has the last word: what was deleted there is not shown, even while its points are still on their way out.
        with self.database.session() as session:
            rows = attachments.searchable(session, {each.attachment_id for each in stored.values()})
        return {row.id: Filed(row.id, row.file_id, row.vector_store_id, row.filename, row.attributes) for row in rows}

    def _finish(self, found: list[Found], request: SearchRequest) -> list[Found]:
        count = request.max_num_results
        if request.diversity:
            vectors = _by_space([each.candidate for each in found], self.index.vectors)
            found = diversify(found, vectors, request.diversity, len(found) if request.group_by_file else count)
        hits = (group_by_file(found) if request.group_by_file else found)[:count]
        return widen(hits, self.index, request.context_window) if request.context_window else hits


def merge(found: Iterable[Found]) -> list[Found]:
    """Return the hits without those that show the same as an earlier one: children of one parent, or what lies in several stores."""
    first: dict[tuple[str, int, int], Found] = {}
    for each in found:
        piece = each.chunk.parent or each.chunk
        first.setdefault((each.filed.file_id, piece.start, piece.end), each)
    return list(first.values())


def _targets(session: Session, found: Sequence[Store]) -> list[Target]:
    return [Target(store, attachments.unfinished(session, store.id)) for store in found]


def _depth(request: SearchRequest) -> int:
    """Return how many hits each list of the index may have: more where several may become one, by their file or their parent."""
    return GROUPED_CANDIDATES if request.group_by_file or request.max_num_results > PARENTS else CANDIDATES


def _needed(request: SearchRequest) -> int:
    """Return how many chunks are looked at to find the hits."""
    if request.uses_reranker:
        return max(request.max_num_results, request.rerank.top_k if request.rerank else CANDIDATES // 2)
    if request.group_by_file:
        return GROUPED_CANDIDATES
    return DIVERSE_CANDIDATES if request.diversity else request.max_num_results


def _by_space(candidates: Sequence[Candidate], read: Callable[[str, Sequence[str]], dict[str, T]]) -> dict[str, T]:
    spaces: dict[str, list[str]] = {}
    for each in candidates:
        spaces.setdefault(each.store.space, []).append(each.id)
    return {id: value for space, ids in spaces.items() for id, value in read(space, ids).items()}


def _found(candidate: Candidate, stored: Stored, filed: Filed) -> Found:
    return Found(stored.chunk, candidate.ranked.score, filed, candidate)


def _rerank(reranker: Reranks, found: Sequence[Found]) -> list[Found]:
    """Return the hits with new scores, best first; each is scored for the query that found it, all of them before one deadline."""
    deadline = reranker.deadline()
    queries: dict[str, list[Found]] = {}
    for each in found:
        queries.setdefault(each.candidate.query, []).append(each)
    scored: list[tuple[float, Found]] = []
    for query, mine in queries.items():
        scored += zip(reranker.score(query, [each.chunk.in_context for each in mine], deadline), mine, strict=True)
    scored.sort(key=lambda each: (-each[0], each[1].candidate.rank))
    return [replace(each, score=score, reranked=Place(score, score, rank)) for rank, (score, each) in enumerate(scored, 1)]

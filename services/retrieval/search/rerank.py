"""Reranks hits with a cross-encoder, which reads query and text together: slower than comparing vectors, and more accurate.

The only module that uses sentence-transformers' CrossEncoder; torch is imported when the model is loaded.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from services.retrieval.search.fuse import ListScore
from services.retrieval.search.hits import ChunkHit
from shared.contracts.search import SearchRequest
from shared.errors import DeadlineExceeded, InvalidRequest, Unavailable
from shared.log import get_logger

log = get_logger(__name__)


class HitReranker(Protocol):
    """Scores passages for a query."""

    @property
    def name(self) -> str:
        """Its name in requests."""

    def deadline(self) -> float:
        """Return when the reranking of a search that begins now must end."""

    def score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        """Return a score in [0, 1] for each text. Raises DeadlineExceeded."""


def select_reranker(request: SearchRequest, reranker: HitReranker | None) -> HitReranker | None:
    """Return the reranker if the request uses it.

    Raises:
        InvalidRequest: if the request names another reranker, or needs one and none is configured.
    """
    name = request.ranking_options.ranker if request.names_reranker else None
    if name and (reranker is None or reranker.name != name):
        accepted = ["'none'", "'auto'", "'default-2024-11-15'", *([f"'{reranker.name}'"] if reranker else [])]
        hint = "" if reranker else " No reranker is configured (RETRIEVAL_RERANK_MODEL)."
        problem = f"'ranking_options.ranker' must be {', '.join(accepted[:-1])} or {accepted[-1]}; got '{name}'.{hint}"
        raise InvalidRequest(problem, param="ranking_options.ranker")
    if request.rerank and reranker is None:
        raise InvalidRequest("No reranker is configured. Set RETRIEVAL_RERANK_MODEL, or search without 'rerank'.", param="rerank")
    return reranker if request.uses_reranker else None


def rerank_hits(reranker: HitReranker, hits: Sequence[ChunkHit]) -> list[ChunkHit]:
    """Return the hits with new scores, best first. Each is scored for the query that found it, all before one deadline."""
    deadline = reranker.deadline()
    by_query: dict[str, list[ChunkHit]] = {}
    for hit in hits:
        by_query.setdefault(hit.candidate.query, []).append(hit)
    scored: list[tuple[float, ChunkHit]] = []
    for query, group in by_query.items():
        scored += zip(reranker.score(query, [hit.chunk.in_context for hit in group], deadline), group, strict=True)
    scored.sort(key=lambda pair: (-pair[0], pair[1].candidate.rank))
    return [replace(hit, score=score, reranked=ListScore(score, score, rank)) for rank, (score, hit) in enumerate(scored, 1)]


class Reranker:
    """A cross-encoder, loaded on first use. Callers take turns batch by batch, and each search has `seconds` of `clock`."""

    def __init__(self, model: str, batch_size: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = model.rstrip("/").rsplit("/", 1)[-1] or model
        self._source = model
        self._batch_size = batch_size
        self._seconds = seconds
        self._clock = clock
        self._loading = threading.Lock()
        self._running = threading.Lock()
        self._model: Any = None

    def deadline(self) -> float:
        """Return when a search that begins now must end, by the clock. Loading the model does not count.

        Raises:
            Unavailable: if the model cannot be loaded, or has more than one logit.
        """
        self._loaded()
        return self._clock() + self._seconds

    def score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        """Return the relevance of each text to the query, in [0, 1]: the logistic function of the model's one logit.

        The end of a pair that is longer than the model's window is not read. No batch begins after the deadline.

        Raises:
            DeadlineExceeded: if it takes too long.
            Unavailable: if the model cannot be loaded, or has more than one logit.
        """
        scores = list[float]()
        for first in range(0, len(texts), self._batch_size):
            remaining = deadline - self._clock()
            if remaining <= 0 or not self._running.acquire(timeout=remaining):
                raise self._too_slow(len(scores), len(texts))
            try:
                scores += self._score([(query, text) for text in texts[first : first + self._batch_size]])
            finally:
                self._running.release()
        return scores

    def truncate(self, texts: Sequence[str], max_tokens: int) -> list[str]:
        """Return the beginning of each text, of at most `max_tokens` tokens."""
        pairs = zip(texts, self._token_spans(texts), strict=True)
        return [text[: spans[max_tokens - 1][1]] if len(spans) > max_tokens else text for text, spans in pairs]

    def count_tokens(self, query: str, texts: Sequence[str]) -> int:
        """Return how many tokens the model reads: those of each text, and those of the query for each."""
        query_spans, *text_spans = self._token_spans([query, *texts])
        return sum(len(query_spans) + len(spans) for spans in text_spans)

    def _score(self, pairs: list[tuple[str, str]]) -> list[float]:
        from torch import nn

        options = {"batch_size": self._batch_size, "show_progress_bar": False, "activation_fn": nn.Sigmoid()}
        return [float(score) for score in self._loaded().predict(pairs, **options)]

    def _token_spans(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return the character span of each token of each text."""
        tokenizer = self._loaded().tokenizer
        with self._running:  # the tokenizer changes its settings from call to call
            spans: list[list[tuple[int, int]]] = tokenizer(
                list(texts), add_special_tokens=False, truncation=False, return_offsets_mapping=True
            )["offset_mapping"]
        return spans

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                try:
                    self._model = _load(self._source)
                except Exception as error:
                    problem = f"{type(error).__name__}: {error}"
                    raise Unavailable(f"The reranker '{self.name}' (RETRIEVAL_RERANK_MODEL) cannot be used: {problem}") from error
                log.info("reranker loaded", model=self.name)
            return self._model

    def _too_slow(self, done: int, total: int) -> DeadlineExceeded:
        limit = f"{self._seconds:g} s (RETRIEVAL_RERANK_SECONDS)"
        return DeadlineExceeded(f"The reranker '{self.name}' scored only {done} of {total} texts in {limit}. Rerank fewer texts.")


def _load(source: str) -> Any:
    if source.startswith((".", "/", "~")) and not Path(source).expanduser().is_dir():
        raise FileNotFoundError(f"there is no folder '{source}'")
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(Path(source).expanduser()) if source.startswith("~") else source)
    if model.num_labels != 1:
        raise ValueError(f"it has {model.num_labels} output classes; a reranker must have one")
    return model

"""Reranking: a cross-encoder reads question and text together, which is slower than comparing vectors and tells more.

The one home of sentence-transformers' CrossEncoder; torch is imported when the model is loaded.
"""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.errors import DeadlineExceeded, Unavailable
from shared.log import get_logger

log = get_logger(__name__)


class Reranker:
    """A cross-encoder, loaded when it is first needed; callers take turns batch by batch, and each has `seconds`."""

    def __init__(self, model: str, batch_size: int, seconds: float) -> None:
        self.name = model.rstrip("/").rsplit("/", 1)[-1] or model
        self._source = model
        self._batch_size = batch_size
        self._seconds = seconds
        self._loading = threading.Lock()
        self._turn = threading.Lock()
        self._model: Any = None

    def deadline(self) -> float:
        """Return when what begins now has to end, in seconds of `time.monotonic`. The model is loaded before, which does not count.

        Raises:
            Unavailable: the model cannot be loaded, or has more than one logit.
        """
        self._loaded()
        return time.monotonic() + self._seconds

    def score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        """Return how relevant each text is to the question, in [0, 1]: the logistic function of the model's one logit.

        Of a pair that is longer than the model's window the end is not read. No batch begins after the deadline.

        Raises:
            DeadlineExceeded: it takes too long.
            Unavailable: the model cannot be loaded, or has more than one logit.
        """
        scores = list[float]()
        for first in range(0, len(texts), self._batch_size):
            left = deadline - time.monotonic()
            if left <= 0 or not self._turn.acquire(timeout=left):
                raise self._too_slow(len(scores), len(texts))
            try:
                scores += self._score([(query, text) for text in texts[first : first + self._batch_size]])
            finally:
                self._turn.release()
        return scores

    def cut(self, texts: Sequence[str], most: int) -> list[str]:
        """Return the beginnings of texts, of at most so many tokens each."""
        return [text[: spans[most - 1][1]] if len(spans) > most else text for text, spans in zip(texts, self._spans(texts), strict=True)]

    def count(self, query: str, texts: Sequence[str]) -> int:
        """Return how many tokens are given to the model: each text's, and the question's for each."""
        asked, *others = self._spans([query, *texts])
        return sum(len(asked) + len(spans) for spans in others)

    def _score(self, pairs: list[tuple[str, str]]) -> list[float]:
        from torch import nn

        options = {"batch_size": self._batch_size, "show_progress_bar": False, "activation_fn": nn.Sigmoid()}
        return [float(score) for score in self._loaded().predict(pairs, **options)]

    def _spans(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return the characters of each text that each of its tokens stands for."""
        tokenizer = self._loaded().tokenizer
        with self._turn:  # which changes its settings from call to call
            found: list[list[tuple[int, int]]] = tokenizer(
                list(texts), add_special_tokens=False, truncation=False, return_offsets_mapping=True
            )["offset_mapping"]
        return found

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

    def _too_slow(self, done: int, all: int) -> DeadlineExceeded:
        limit = f"in {self._seconds:g} s (RETRIEVAL_RERANK_SECONDS)"
        return DeadlineExceeded(f"The reranker '{self.name}' read {done} of {all} texts {limit}. Ask for fewer.")


def _load(source: str) -> Any:
    if source.startswith((".", "/", "~")) and not Path(source).expanduser().is_dir():
        raise FileNotFoundError(f"there is no folder '{source}'")
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(Path(source).expanduser()) if source.startswith("~") else source)
    if model.num_labels != 1:
        raise ValueError(f"it tells {model.num_labels} classes apart; a reranker has one score")
    return model

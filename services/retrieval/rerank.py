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
    """A cross-encoder, loaded when it is first needed; one caller at a time, in batches, at most `seconds` for one call."""

    def __init__(self, model: str, batch_size: int, seconds: float) -> None:
        self.name = model.rstrip("/").rsplit("/", 1)[-1] or model
        self._source = model
        self._batch_size = batch_size
        self._seconds = seconds
        self._turn = threading.Lock()
        self._model: Any = None

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how relevant each text is to the question, in [0, 1]: the logistic function of the model's one logit.

        Raises:
            DeadlineExceeded: it takes too long.
            Unavailable: the model cannot be loaded, or has more than one logit.
        """
        deadline = time.monotonic() + self._seconds
        if not self._turn.acquire(timeout=self._seconds):
            raise self._too_slow(0, len(texts))
        try:
            return self._score(query, texts, deadline)
        finally:
            self._turn.release()

    def count(self, query: str, texts: Sequence[str]) -> int:
        """Return how many tokens are read: each text's, and the question's for each."""
        with self._turn:
            model = self._loaded()
            once = len(model.tokenizer(query, add_special_tokens=False)["input_ids"])
            return sum(once + len(ids) for ids in model.tokenizer(list(texts), add_special_tokens=False)["input_ids"])

    def _score(self, query: str, texts: Sequence[str], deadline: float) -> list[float]:
        from torch import nn

        model, scores = self._loaded(), list[float]()
        for first in range(0, len(texts), self._batch_size):
            if scores and time.monotonic() > deadline:
                raise self._too_slow(first, len(texts))
            pairs = [(query, text) for text in texts[first : first + self._batch_size]]
            options = {"batch_size": self._batch_size, "show_progress_bar": False, "activation_fn": nn.Sigmoid()}
            scores += [float(score) for score in model.predict(pairs, **options)]
        return scores

    def _loaded(self) -> Any:
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

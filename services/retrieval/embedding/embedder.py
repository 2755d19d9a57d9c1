"""An embedding model, used by many threads: text becomes vectors of length 1. Knows nothing of chunks or the index.

The model itself runs in another process (`model_server.py`). Its tokenizer is here, for callers that need the positions of tokens.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Literal, TypeAlias

import numpy as np
from tokenizers import Tokenizer

from services.retrieval.embedding.loaded_models import LoadedModels
from services.retrieval.embedding.model_client import ModelClient
from services.retrieval.embedding.model_messages import EmbedTexts, LoadModel, ModelInfo, ModelNotLoaded, UnloadModel
from services.retrieval.embedding.spaces import model_name, space_name
from services.retrieval.embedding.vectors import Vectors, normalize
from shared.errors import Unavailable
from shared.log import get_logger
from shared.workers.child_calls import CallFailed
from shared.workers.child_process import ChildExited

Precision: TypeAlias = Literal["auto", "float32", "bfloat16"]
Span: TypeAlias = tuple[int, int]

MAX_URGENT_TEXTS = 8  # a call for more vectors than this does not go before passages, nor before queries
MAX_URGENT_CHARACTERS = 32_000  # nor does a call with more text
SETTING_HELP = "Set RETRIEVAL_EMBEDDING_MODEL (or RETRIEVAL_EMBEDDING_MODELS) to its folder or its Hugging Face id"

log = get_logger(__name__)


class Embedder:
    """A sentence-transformers model, loaded when it is first needed.

    It runs in the process of `client`, queries before passages (see `batching.py`). `batch_tokens` limits a batch there; 0 chooses what
    suits the device. `is_matryoshka` says that its vectors can be shortened. `loaded_models` is notified when the model is loaded.
    """

    def __init__(
        self,
        model: str,
        precision: Precision,
        batch_size: int,
        name: str = "",
        client: ModelClient | None = None,
        *,
        batch_tokens: int = 0,
        is_matryoshka: bool = False,
        loaded_models: LoadedModels | None = None,
    ) -> None:
        self.name = name or model_name(model)
        self.space = space_name(model)
        self.is_matryoshka = is_matryoshka
        self.client = client or ModelClient()
        self._load_message = LoadModel(model, precision, batch_size, batch_tokens)
        self._loaded_models = loaded_models
        self._loading = threading.Lock()
        self._problem: str | None = "it is still being loaded"
        self._info: ModelInfo | None = None
        self._tokenizer: Tokenizer | None = None
        self._last_used = 0.0

    def load(self) -> None:
        """Load the model, unless it is loaded.

        Raises:
            Unavailable: if it cannot be loaded; the message says why.
        """
        with self._loading:
            if self._info is not None:
                return
            try:
                info: ModelInfo = self.client.call(self.name, self._load_message)
                self._tokenizer = _open_tokenizer(info)
                self._info, self._problem = info, None
            except (CallFailed, Unavailable) as error:
                self._problem = str(error)
                raise self._unavailable() from error
        log.info("embedder loaded", model=self.name, dimension=info.dimension, dtype=info.dtype, device=info.device)
        if info.packing_error:
            log.info("embedder weights not packed", model=self.name, problem=info.packing_error)
        if self._loaded_models is not None:
            self._loaded_models.add(self)

    @property
    def is_loaded(self) -> bool:
        """Whether the model is in memory."""
        return self._info is not None

    @property
    def last_used(self) -> float:
        """When the model was last used, by a monotonic clock."""
        return self._last_used

    def unload(self) -> None:
        """Free the model's memory; it is loaded again when it is next used."""
        with self._loading:
            self._info = None
            with suppress(Unavailable):  # the process has ended, and the model with it
                self.client.call(self.name, UnloadModel())
        log.info("embedder unloaded", model=self.name)

    def close(self) -> None:
        """End the process that runs the model."""
        self.client.close()

    def check(self) -> None:
        """Raise Unavailable if the model could not be loaded. A model that was unloaded since is fine."""
        if self._problem is not None:
            raise self._unavailable()

    def _unavailable(self) -> Unavailable:
        return Unavailable(f"The embedder '{self.name}' cannot be used: {self._problem}. {SETTING_HELP}.")

    @property
    def dimension(self) -> int:
        """The dimension of the vectors."""
        return self._use()[0].dimension

    @property
    def vocabulary_size(self) -> int:
        """The number of tokens in the vocabulary; ids are smaller than this."""
        return int(self._use()[1].get_vocab_size())

    def token_offsets(self, text: str) -> list[Span]:
        """Return the character span of each token of `text`, without special tokens."""
        tokenizer = self._use()[1]
        # A batch of one: unlike `encode`, it lets other threads run.
        spans: list[Span] = tokenizer.encode_batch([text], add_special_tokens=False)[0].offsets
        return spans

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without special tokens."""
        tokenizer = self._use()[1]
        return [len(each) for each in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of token ids."""
        text: str = self._use()[1].decode(list(tokens))
        return text

    def max_tokens(self, prompt: str | None = None) -> int:
        """Return how many tokens a text after `prompt` may have."""
        return self._use()[0].max_tokens - 2 - (len(self.token_offsets(prompt)) if prompt else 0)

    def prompt(self, kind: Literal["query", "passage"]) -> str | None:
        """Return the prompt that the model expects before a query or a passage, if any."""
        return self._find_prompt("query") if kind == "query" else self._find_prompt("document", "passage")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each text, float32 of shape (texts, dimension).

        A text longer than the model's window is embedded window by window. Its vector is the mean of theirs, weighted by their tokens, so
        that no part is silently left out.
        """
        prompt = self.prompt("passage")
        token_counts, limit = self.count_tokens(texts), self.max_tokens(prompt)
        windows = [
            (position, window) for position, text in enumerate(texts) for window in self._windows(text, token_counts[position], limit)
        ]
        vectors = self._embed([text for _, (text, _) in windows], [count for _, (_, count) in windows], prompt, is_urgent=False)
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for (position, (_, count)), vector in zip(windows, vectors, strict=True):
            sums[position] += vector * max(count, 1)
        return normalize(sums)

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question; what exceeds the model's window is ignored."""
        return self.start_query(text)()

    def start_query(self, text: str) -> Callable[[], list[float]]:
        """Start to embed a question; return a function that waits for its vector."""
        wait = self._start([text], [len(text) // 4], self.prompt("query"), is_urgent=True)
        return lambda: wait()[0].tolist()

    def embed_texts(self, texts: Sequence[str], token_counts: Sequence[int], prompt: str | None = None) -> Vectors:
        """Return one vector for each text; a few short texts go before waiting passages. Each must fit the window (see `max_tokens`)."""
        is_urgent = len(texts) <= MAX_URGENT_TEXTS and sum(map(len, texts)) <= MAX_URGENT_CHARACTERS
        return self._embed(texts, token_counts, prompt, is_urgent=is_urgent)

    def _use(self) -> tuple[ModelInfo, Tokenizer]:
        self._last_used = time.monotonic()
        # Another thread may unload it between loading and reading.
        while (info := self._info) is None or (tokenizer := self._tokenizer) is None:
            self.load()
        return info, tokenizer

    def _embed(self, texts: Sequence[str], token_counts: Sequence[int], prompt: str | None, *, is_urgent: bool) -> Vectors:
        return self._start(texts, token_counts, prompt, is_urgent=is_urgent)()

    def _start(self, texts: Sequence[str], token_counts: Sequence[int], prompt: str | None, *, is_urgent: bool) -> Callable[[], Vectors]:
        """Send texts to the model; return a function that waits for their vectors."""
        message = EmbedTexts(list(texts), list(token_counts), prompt, is_urgent)
        info = self._use()[0]
        return partial(self._wait, message, info, self.client.start(self.name, message))

    def _wait(self, message: EmbedTexts, info: ModelInfo, result: Future[Vectors]) -> Vectors:
        exits = 0
        while True:
            try:
                return result.result()
            except (ModelNotLoaded, ChildExited) as error:
                exits += isinstance(error, ChildExited)
                if exits > 1:  # these texts may be the reason
                    raise
                with self._loading:
                    if self._info is info:
                        self._info = None
            info = self._use()[0]
            result = self.client.start(self.name, message)

    def _find_prompt(self, *names: str) -> str | None:
        prompts = self._use()[0].prompts
        return next((prompts[name] for name in names if prompts.get(name)), None)

    def _windows(self, text: str, token_count: int, limit: int) -> Iterable[tuple[str, int]]:
        """Yield parts of `text` of at most `limit` tokens, each with its number of tokens."""
        if token_count <= limit:
            yield text, token_count
            return
        spans = self.token_offsets(text)
        for first in range(0, len(spans), limit):
            window = spans[first : first + limit]
            yield text[window[0][0] : window[-1][1]], len(window)


def _open_tokenizer(info: ModelInfo) -> Tokenizer:
    """Return the model's tokenizer, without truncation or padding."""
    tokenizer = Tokenizer.from_str(info.tokenizer)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer

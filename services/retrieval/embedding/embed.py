"""Step 3 of ingesting, and the first of searching: text becomes vectors of length 1. Knows nothing of chunks or the index.

The model itself runs in a process of its own (`encode.py`); its tokenizer is here, for whoever needs to know where tokens lie.
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from tokenizers import Tokenizer

from services.retrieval.embedding.model_client import About, Ended, Model, ModelError, ModelProcess, NotLoaded, Part
from shared.errors import Unavailable
from shared.log import get_logger

Precision: TypeAlias = Literal["auto", "float32", "bfloat16"]
Vectors: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"
Span: TypeAlias = tuple[int, int]

URGENT_TEXTS = 8  # a call for more vectors than these does not go before passages, nor before queries
EDGE_BYTES = 1 << 20  # enough to tell weights apart without reading gigabytes

log = get_logger(__name__)


class Embedder:
    """A sentence-transformers model, loaded when it is first needed and used by many threads.

    It runs in `process`, queries before passages (see `batching.py`); `batch_tokens` bounds a batch there, 0 as suits the device.
    `loaded` is called when it was loaded.
    """

    def __init__(
        self,
        model: str,
        precision: Precision,
        batch_size: int,
        name: str = "",
        process: ModelProcess | None = None,
        batch_tokens: int = 0,
    ) -> None:
        self.name = name or _basename(model)
        self.loaded: Callable[[], None] = lambda: None
        self.last_used = 0.0
        self.can_be_cut = False  # whether the first numbers of its vectors stand for themselves
        self.space = space_of(model)
        self.process = process or ModelProcess()
        self._asked = Model(model, precision, batch_size, batch_tokens)
        self._loading = threading.Lock()
        self._problem: str | None = "it is still being loaded"
        self._about: About | None = None
        self._tokens: Tokenizer | None = None

    def load(self) -> None:
        """Load the model, unless it is loaded.

        Raises:
            Unavailable: it cannot be loaded; the message says why.
        """
        with self._loading:
            if self._about is not None:
                return
            try:
                about: About = self.process.call(self.name, self._asked)
                self._tokens = _tokens(about)
                self._about, self._problem = about, None
            except (ModelError, Unavailable) as error:
                self._problem = str(error)
                raise self._unavailable() from error
        log.info("embedder loaded", model=self.name, dimension=about.dimension, dtype=about.dtype, device=about.device)
        if about.note:
            log.info("weights stay as they are", model=self.name, problem=about.note)
        self.loaded()

    @property
    def is_loaded(self) -> bool:
        """Whether it takes memory."""
        return self._about is not None

    def unload(self) -> None:
        """Let go of the model's memory; whoever needs it next loads it again."""
        with self._loading:
            self._about = None
            with suppress(Unavailable):  # the process has ended, and the model with it
                self.process.call(self.name, None)
        log.info("embedder unloaded", model=self.name)

    def close(self) -> None:
        """End the process that runs the model."""
        self.process.close()

    def check(self) -> None:
        """Raise Unavailable unless the model could be loaded; it may have made room for another since."""
        if self._problem is not None:
            raise self._unavailable()

    def _unavailable(self) -> Unavailable:
        where = "RETRIEVAL_EMBEDDING_MODEL (or RETRIEVAL_EMBEDDING_MODELS) names its folder, or its Hugging Face id to download it"
        return Unavailable(f"The embedder '{self.name}' cannot be used: {self._problem}. {where}.")

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._loaded()[0].dimension

    def offsets(self, text: str) -> list[Span]:
        """Return the character span of each token of `text`, without special tokens."""
        tokens = self._loaded()[1]
        # A batch of one: unlike `encode`, it lets other threads run meanwhile.
        spans: list[Span] = tokens.encode_batch([text], add_special_tokens=False)[0].offsets
        return spans

    def sizes(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, without special ones."""
        tokens = self._loaded()[1]
        return [len(each) for each in tokens.encode_batch_fast(list(texts), add_special_tokens=False)]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each text, float32 of shape (texts, dimension).

        A text longer than the model's window is embedded window by window, and gets the mean of their vectors weighted by
        their tokens: nothing is silently left out.
        """
        prompt = self._prompt("document", "passage")
        sizes, room = self.sizes(texts), self.room(prompt)
        pieces = [(number, piece) for number, text in enumerate(texts) for piece in self._windows(text, sizes[number], room)]
        vectors = self._rows([text for _, (text, _) in pieces], [size for _, (_, size) in pieces], prompt, is_urgent=False)
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for (number, (_, size)), vector in zip(pieces, vectors, strict=True):
            sums[number] += vector * max(size, 1)
        return _normalized(sums)

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question; what exceeds the model's window is left out."""
        vector: list[float] = self._rows([text], [len(text) // 4], self._prompt("query"), is_urgent=True)[0].tolist()
        return vector

    def embed_texts(self, texts: Sequence[str], sizes: Sequence[int], prompt: str | None = None) -> Vectors:
        """Return one vector for each text, few texts before passages that wait; each must fit the window (see `room`)."""
        return self._rows(texts, sizes, prompt, is_urgent=len(texts) <= URGENT_TEXTS)

    def room(self, prompt: str | None = None) -> int:
        """Return how many tokens a text may have behind `prompt`."""
        return self._loaded()[0].window - 2 - (len(self.offsets(prompt)) if prompt else 0)

    @property
    def vocabulary(self) -> int:
        """How many tokens there are; their ids go from 0 to one less."""
        return int(self._loaded()[1].get_vocab_size())

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of token ids."""
        text: str = self._loaded()[1].decode(list(tokens))
        return text

    def prompt(self, kind: Literal["query", "passage"]) -> str | None:
        """Return what the model wants before a query or a passage, if anything."""
        return self._prompt("query") if kind == "query" else self._prompt("document", "passage")

    def _loaded(self) -> tuple[About, Tokenizer]:
        self.last_used = time.monotonic()
        # It may be unloaded by another thread between two lines.
        while (about := self._about) is None or (tokens := self._tokens) is None:
            self.load()
        return about, tokens

    def _rows(self, texts: Sequence[str], sizes: Sequence[int], prompt: str | None, *, is_urgent: bool) -> Vectors:
        part = Part(list(texts), list(sizes), prompt, is_urgent)
        ended = 0
        while True:
            about = self._loaded()[0]
            try:
                rows: Vectors = self.process.call(self.name, part)
            except (NotLoaded, Ended) as error:
                ended += isinstance(error, Ended)
                if ended > 1:  # these texts may be what ends it
                    raise
                with self._loading:
                    if self._about is about:
                        self._about = None
            else:
                return rows

    def _prompt(self, *names: str) -> str | None:
        prompts = self._loaded()[0].prompts
        return next((prompts[name] for name in names if prompts.get(name)), None)

    def _windows(self, text: str, size: int, room: int) -> Iterable[tuple[str, int]]:
        """Yield pieces of `text`, of `size` tokens, that have at most `room`, each with its number of tokens."""
        if size <= room:
            yield text, size
            return
        spans = self.offsets(text)
        for first in range(0, len(spans), room):
            window = spans[first : first + room]
            yield text[window[0][0] : window[-1][1]], len(window)


def _basename(source: str) -> str:
    return source.rstrip("/").rsplit("/", 1)[-1] or source


def space_of(source: str) -> str:
    """Return the name of the space of a model's vectors, whatever callers call the model.

    So stores keep theirs when their model is no longer the default but a further one. Models of one name and other weights do not
    share a space.
    """
    readable = re.sub(r"[^a-z0-9]+", "-", _basename(source).lower()).strip("-") or "model"
    return f"{readable}-{_fingerprint(source)[:8]}"


def _fingerprint(source: str) -> str:
    """Return a hash of what the model is: of a folder's configuration and weights' edges, wherever it lies, or of a model hub's id."""
    folder = Path(source)
    if not folder.is_dir():
        return hashlib.sha256(source.encode()).hexdigest()
    whole = hashlib.sha256()
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.safetensors"), *folder.glob("*.bin")]):
        whole.update(f"{path.name} {path.stat().st_size}".encode())
        with path.open("rb") as file:
            whole.update(file.read(EDGE_BYTES))
            file.seek(max(0, path.stat().st_size - EDGE_BYTES))
            whole.update(file.read())
    return whole.hexdigest()


def _normalized(vectors: Vectors) -> Vectors:
    normalized: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return normalized


def _tokens(about: About) -> Tokenizer:
    """Return the model's tokenizer, neither cutting nor padding, for offsets."""
    tokens = Tokenizer.from_str(about.tokenizer)
    tokens.no_truncation()
    tokens.no_padding()
    return tokens

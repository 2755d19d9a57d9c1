"""Step 3 of ingesting, and the first of searching: text becomes vectors of length 1. Knows nothing of chunks or the index.

The one home of sentence-transformers; torch is imported when the model is loaded.
"""

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from services.retrieval.batching import Batcher
from shared.errors import Unavailable
from shared.log import get_logger

Precision: TypeAlias = Literal["auto", "float32", "bfloat16"]
Vectors: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"
Span: TypeAlias = tuple[int, int]

BATCH_TOKENS = 1024  # of a batch on a CPU, its padding included: some 50 ms, and a query waits for one batch at most
# Two batches at once on half the cores each: cores that share one small batch wait for each other at every layer.
CPU_LANES = 2
GPU_TEXT_TOKENS = 256  # for each text of a batch elsewhere, where small batches would leave the device idle
URGENT_TEXTS = 8  # a call for more vectors than these does not go before passages, nor before queries
EDGE_BYTES = 1 << 20  # enough to tell weights apart without reading gigabytes

log = get_logger(__name__)


class Embedder:
    """A sentence-transformers model, loaded when it is first needed and used by many threads.

    Lanes run it, queries before passages (see `batching.py`). `loaded` is called when it was loaded.
    """

    def __init__(self, model: str, precision: Precision, batch_size: int, name: str = "") -> None:
        self.name = name or _basename(model)
        self.loaded: Callable[[], None] = lambda: None
        self.last_used = 0.0
        self.can_be_cut = False  # whether the first numbers of its vectors stand for themselves
        self.space = space_of(model)
        self._source = model
        self._precision = precision
        self._batch_size = batch_size
        self._batcher = Batcher(self._forward, batch_size, BATCH_TOKENS)
        self._lane_threads = 0
        self._loading = threading.Lock()
        self._problem: str | None = "it is still being loaded"
        self._model: Any = None
        self._tokens: Any = None

    def load(self) -> None:
        """Load the model, unless it is loaded.

        Raises:
            Unavailable: it cannot be loaded; the message says why.
        """
        with self._loading:
            if self._model is not None:
                return
            try:
                model = _load(self._source, self._precision)
                self._tokens = _tokens(model)
                self._model, self._problem = model, None
                self._arrange(model.device.type)
            except Exception as error:
                self._problem = f"{type(error).__name__}: {error}"
                raise self._unavailable() from error
        log.info("embedder loaded", model=self.name, dimension=self.dimension, dtype=str(model.dtype), device=str(model.device))
        self.loaded()

    def _arrange(self, device: str) -> None:
        """Set how many lanes there are, and what fills a batch."""
        import torch

        if device == "cpu":
            self._batcher.lanes = min(CPU_LANES, torch.get_num_threads())
            self._lane_threads = torch.get_num_threads() // self._batcher.lanes
        else:
            self._batcher.tokens = self._batch_size * GPU_TEXT_TOKENS

    @property
    def is_loaded(self) -> bool:
        """Whether it takes memory."""
        return self._model is not None

    def unload(self) -> None:
        """Let go of the model's memory; whoever needs it next loads it again."""
        with self._loading:
            self._model = None
        log.info("embedder unloaded", model=self.name)

    def close(self) -> None:
        """End the lanes that run the model."""
        self._batcher.close()

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
        return int(self._loaded().get_embedding_dimension())

    def offsets(self, text: str) -> list[Span]:
        """Return the character span of each token of `text`, without special tokens."""
        self._loaded()
        # A batch of one: unlike `encode`, it lets other threads run meanwhile.
        spans: list[Span] = self._tokens.encode_batch([text], add_special_tokens=False)[0].offsets
        return spans

    def sizes(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, without special ones."""
        self._loaded()
        return [len(each) for each in self._tokens.encode_batch_fast(list(texts), add_special_tokens=False)]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each text, float32 of shape (texts, dimension).

        A text longer than the model's window is embedded window by window, and gets the mean of their vectors weighted by
        their tokens: nothing is silently left out.
        """
        prompt = self._prompt("document", "passage")
        sizes, room = self.sizes(texts), self.room(prompt)
        pieces = [(number, piece) for number, text in enumerate(texts) for piece in self._windows(text, sizes[number], room)]
        vectors = self._batcher.rows([text for _, (text, _) in pieces], [size for _, (_, size) in pieces], prompt, urgent=False)
        sums = np.zeros((len(texts), self.dimension), np.float32)
        for (number, (_, size)), vector in zip(pieces, vectors, strict=True):
            sums[number] += vector * max(size, 1)
        return _normalized(sums)

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question; what exceeds the model's window is left out."""
        vector: list[float] = self._batcher.rows([text], [len(text) // 4], self._prompt("query"), urgent=True)[0].tolist()
        return vector

    def embed_texts(self, texts: Sequence[str], sizes: Sequence[int], prompt: str | None = None) -> Vectors:
        """Return one vector for each text, few texts before passages that wait; each must fit the window (see `room`)."""
        return self._batcher.rows(texts, sizes, prompt, urgent=len(texts) <= URGENT_TEXTS)

    def room(self, prompt: str | None = None) -> int:
        """Return how many tokens a text may have behind `prompt`."""
        return int(self._loaded().max_seq_length) - 2 - (len(self.offsets(prompt)) if prompt else 0)

    @property
    def vocabulary(self) -> int:
        """How many tokens there are; their ids go from 0 to one less."""
        self._loaded()
        return int(self._tokens.get_vocab_size())

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of token ids."""
        self._loaded()
        text: str = self._tokens.decode(list(tokens))
        return text

    def prompt(self, kind: Literal["query", "passage"]) -> str | None:
        """Return what the model wants before a query or a passage, if anything."""
        return self._prompt("query") if kind == "query" else self._prompt("document", "passage")

    def _loaded(self) -> Any:
        self.last_used = time.monotonic()
        # It may be unloaded by another thread between two lines.
        while (model := self._model) is None:
            self.load()
        return model

    def _prompt(self, *names: str) -> str | None:
        prompts: dict[str, str] = self._loaded().prompts
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

    def _forward(self, texts: list[str], prompt: str | None) -> Vectors:
        import torch

        model = self._loaded()
        if self._lane_threads:
            torch.set_num_threads(self._lane_threads)  # of this thread alone
        features = model.preprocess(texts, prompt=prompt)
        with torch.inference_mode():
            placed = {name: value.to(model.device) if isinstance(value, torch.Tensor) else value for name, value in features.items()}
            return _normalized(model(placed)["sentence_embedding"].float().cpu().numpy())


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


def _load(source: str, precision: Precision) -> Any:
    model = _open(source, precision)
    if model.device.type != "cpu" or str(model.dtype) != "torch.bfloat16":
        return model
    from services.retrieval.packed import pack

    try:
        pack(model)
        model.encode("a try", show_progress_bar=False)
    except Exception as error:  # the model reads its weights otherwise, or this processor or torch cannot
        log.info("weights stay as they are", model=source, problem=f"{type(error).__name__}: {error}")
        return _open(source, precision)
    return model


def _open(source: str, precision: Precision) -> Any:
    if source.startswith((".", "/", "~")) and not Path(source).expanduser().is_dir():
        raise FileNotFoundError(f"there is no folder '{source}'")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(Path(source).expanduser()) if source.startswith("~") else source)
    use_bfloat16 = precision == "bfloat16" or (precision == "auto" and _computes_bfloat16(torch, model.device.type))
    return (model.bfloat16() if use_bfloat16 else model.float()).eval()


def _computes_bfloat16(torch: Any, device: str) -> bool:
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())


def _tokens(model: Any) -> Any:
    """Return a copy of the model's tokenizer that neither cuts nor pads, for offsets."""
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokens.no_truncation()
    tokens.no_padding()
    return tokens

"""The process that runs embedding models, apart from the service: so they share no interpreter lock with what searches and stores.

python -m services.retrieval.embedding.model_server SOCKET

It is started by `model_process.py`, which sends calls over the socket it inherits; it ends when the other end is closed. The one home of
sentence-transformers for embedding. Knows nothing of prompts' meaning, chunks or the index.
"""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from services.retrieval.embedding.batching import Batcher, Closed, Rows
from services.retrieval.embedding.model_client import About, Call, Model, ModelError, Outcome, Part
from shared.errors import TandemError

BATCH_TOKENS = 1024  # of a batch on a CPU, its padding included: some 50 ms, and a query waits for one batch at most
# Two batches at once on half the cores each: cores that share one small batch wait for each other at every layer.
CPU_LANES = 2
# Of a batch of queries on a CPU. More at once would hardly be quicker for each, and those who asked would all have to be answered, by
# others, at the same moment, while the lanes wait for the next queries.
CPU_URGENT_TEXTS = 3
GPU_TEXT_TOKENS = 256  # for each text of a batch elsewhere, where small batches would leave the device idle


class Encoder:
    """A model in memory, and the lanes that run it."""

    def __init__(self, asked: Model) -> None:
        import torch

        self._model, self._note = _load(asked)
        self._lane_threads = 0
        self._batcher = Batcher(self._forward, asked.batch_size, asked.batch_tokens or BATCH_TOKENS)
        if self._model.device.type == "cpu":
            self._batcher.urgent_texts = CPU_URGENT_TEXTS
            self._batcher.lanes = min(CPU_LANES, torch.get_num_threads())
            self._lane_threads = torch.get_num_threads() // self._batcher.lanes
        else:
            self._batcher.tokens = asked.batch_size * GPU_TEXT_TOKENS

    def about(self) -> About:
        """Return what callers need to know of the model."""
        model = self._model
        return About(
            dimension=int(model.get_embedding_dimension()),
            window=int(model.max_seq_length),
            prompts=dict(model.prompts),
            tokenizer=model.tokenizer.backend_tokenizer.to_str(),
            dtype=str(model.dtype),
            device=str(model.device),
            note=self._note,
        )

    def ask(self, part: Part) -> Future[Rows]:
        """Return the vectors of texts, of length 1, to come."""
        return self._batcher.ask(part.texts, part.sizes, part.prompt, urgent=part.is_urgent)

    def close(self) -> None:
        """End the lanes."""
        self._batcher.close()

    def _forward(self, texts: list[str], prompt: str | None) -> Rows:
        import torch

        model = self._model
        if self._lane_threads:
            torch.set_num_threads(self._lane_threads)  # of this thread alone
        features = model.preprocess(texts, prompt=prompt)
        with torch.inference_mode():
            placed = {name: value.to(model.device) if isinstance(value, torch.Tensor) else value for name, value in features.items()}
            vectors: Rows = model(placed)["sentence_embedding"].float().cpu().numpy()
        normalized: Rows = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return normalized


class Server:
    """Answers the calls that come over a connection, each when it is done; models are loaded beside the calls for others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._loading = threading.Lock()
        self._encoders: dict[str, Encoder] = {}

    def run(self) -> None:
        """Return when the service has closed its end."""
        while (call := self._receive()) is not None:
            if isinstance(call.what, Part):
                self._embed(call.number, call.name, call.what)
            elif isinstance(call.what, Model):
                threading.Thread(target=self._load, args=(call.number, call.name, call.what), daemon=True).start()
            else:
                self._unload(call.number, call.name)

    def _receive(self) -> Call | None:
        try:
            call: Call = self._connection.recv()
        except (EOFError, OSError):
            return None
        return call

    def _embed(self, number: int, name: str, part: Part) -> None:
        encoder = self._encoders.get(name)
        try:
            if encoder is None:
                raise Closed
            encoder.ask(part).add_done_callback(lambda done: self._send(_outcome(number, done.result)))
        except (Closed, TandemError) as error:
            self._send(_failure(number, error))

    def _load(self, number: int, name: str, asked: Model) -> None:
        def load() -> About:
            with self._loading:
                encoder = self._encoders.get(name) or Encoder(asked)
                self._encoders[name] = encoder
            return encoder.about()

        self._send(_outcome(number, load))

    def _unload(self, number: int, name: str) -> None:
        with self._loading:
            encoder = self._encoders.pop(name, None)
        if encoder is not None:
            encoder.close()
            del encoder
            gc.collect()
        self._send(Outcome(number))

    def _send(self, outcome: Outcome) -> None:
        with self._sending:
            try:
                self._connection.send(outcome)
            except OSError:
                self._connection.close()  # the service has gone: `run` sees it too


def _outcome(number: int, work: Callable[[], Any]) -> Outcome:
    try:
        return Outcome(number, work())
    except Exception as error:
        return _failure(number, error)


def _failure(number: int, error: Exception) -> Outcome:
    if isinstance(error, Closed):  # while it waited, the model made room for another
        return Outcome(number, gone=True)
    # A library's own error might not survive the way to the other process.
    return Outcome(number, error=error if isinstance(error, TandemError) else ModelError(f"{type(error).__name__}: {error}"))


def _load(asked: Model) -> tuple[Any, str | None]:
    """Return the model, and why its weights were not laid out once if they should have been."""
    model = _open(asked.source, asked.precision)
    if model.device.type != "cpu" or str(model.dtype) != "torch.bfloat16":
        return model, None
    from services.retrieval.embedding.packed_linear import pack

    try:
        pack(model)
        model.encode("a try", show_progress_bar=False)
    except Exception as error:  # the model reads its weights otherwise, or this processor or torch cannot
        return _open(asked.source, asked.precision), f"{type(error).__name__}: {error}"
    return model, None


def _open(source: str, precision: str) -> Any:
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


def main() -> None:
    """Serve until the service closes its end; the signals that end the service are its business."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    Server(Connection(int(sys.argv[1]))).run()
    os._exit(0)  # not waiting for the batches under way: nobody does


if __name__ == "__main__":
    main()

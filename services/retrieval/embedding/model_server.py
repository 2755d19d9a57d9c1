"""The process that runs embedding models. It is separate from the service so that they do not share Python's interpreter lock.

python -m services.retrieval.embedding.model_server SOCKET

`model_client.py` starts it and sends calls over the socket that it inherits; it ends when the other end is closed. The only module that
imports sentence-transformers for embedding. Knows nothing of the meaning of prompts, of chunks or of the index.
"""

import gc
import os
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from services.retrieval.embedding.batching import Batcher, BatcherClosed, BatchLimits
from services.retrieval.embedding.model_messages import EmbedTexts, LoadModel, ModelCall, ModelInfo, ModelNotLoaded
from services.retrieval.embedding.vectors import Vectors, normalize
from shared.errors import TandemError
from shared.workers.child_calls import CallConnection, run_child

CPU_BATCH_TOKENS = 1024  # with padding
# For passages; above the service's, so that a query gets a core as soon as it arrives. If other processes are busy, passages still get
# a third of what these get.
NICENESS = 5
# Two batches in parallel, each on half of the cores: cores that share one small batch wait for each other at every layer.
CPU_THREADS = 2
# A batch of more queries is hardly quicker for each. All their callers would have to be answered at the same moment, while the
# threads wait for the next queries.
CPU_URGENT_TEXTS = 3
GPU_TOKENS_PER_TEXT = 256  # smaller batches would leave a GPU idle


class Encoder:
    """A model in memory, and the threads that run it."""

    def __init__(self, options: LoadModel) -> None:
        self._model, self._packing_error = _load(options)
        self._torch_threads, max_threads = _split_cores(self._model.device.type)
        self._batcher = Batcher(self._forward, _batch_limits(options, self._model.device.type), max_threads, _lower_priority)

    def info(self) -> ModelInfo:
        """Return the properties of the model."""
        model = self._model
        return ModelInfo(
            dimension=int(model.get_embedding_dimension()),
            max_tokens=int(model.max_seq_length),
            prompts=dict(model.prompts),
            tokenizer=model.tokenizer.backend_tokenizer.to_str(),
            dtype=str(model.dtype),
            device=str(model.device),
            packing_error=self._packing_error,
        )

    def embed(self, request: EmbedTexts) -> Future[Vectors]:
        """Queue texts; the future returns their vectors, of length 1."""
        return self._batcher.submit(request.texts, request.token_counts, request.prompt, is_urgent=request.is_urgent)

    def close(self) -> None:
        """End the threads."""
        self._batcher.close()

    def _forward(self, texts: list[str], prompt: str | None) -> Vectors:
        import torch

        model = self._model
        if self._torch_threads:
            torch.set_num_threads(self._torch_threads)  # for this thread only
        features = model.preprocess(texts, prompt=prompt)
        with torch.inference_mode():
            placed = {name: value.to(model.device) if isinstance(value, torch.Tensor) else value for name, value in features.items()}
            vectors: Vectors = model(placed)["sentence_embedding"].float().cpu().numpy()
        return normalize(vectors)


def _lower_priority() -> None:
    """Lower the priority of this thread, and of the threads that torch will start for it."""
    thread = threading.get_native_id()
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + NICENESS)


def _split_cores(device: str) -> tuple[int, int]:
    """Return the cores that a batch runs on (0: as torch chooses), and how many batches run in parallel."""
    import torch

    if device != "cpu":
        return 0, 1
    batches = min(CPU_THREADS, torch.get_num_threads())
    return torch.get_num_threads() // batches, batches


def _batch_limits(options: LoadModel, device: str) -> BatchLimits:
    if device == "cpu":
        return BatchLimits(options.batch_size, options.batch_tokens or CPU_BATCH_TOKENS, CPU_URGENT_TEXTS)
    return BatchLimits(options.batch_size, options.batch_size * GPU_TOKENS_PER_TEXT, options.batch_size)


class Server:
    """Responds to the calls on a connection, each when it is finished. Models are loaded while calls for others are served."""

    def __init__(self, connection: CallConnection) -> None:
        self._connection = connection
        self._loading = threading.Lock()
        self._encoders: dict[str, Encoder] = {}

    def run(self) -> None:
        """Serve until the service closes its end."""
        while (call := self._connection.receive()) is not None:
            request: ModelCall = call.action
            if isinstance(request.action, EmbedTexts):
                self._embed(call.id, request.model, request.action)
            elif isinstance(request.action, LoadModel):
                load = partial(self._load, request.model, request.action)
                threading.Thread(target=self._connection.respond, args=(call.id, load), daemon=True).start()
            else:
                self._connection.respond(call.id, partial(self._unload, request.model))

    def _embed(self, call_id: int, model: str, request: EmbedTexts) -> None:
        def respond(done: Future[Vectors]) -> None:
            self._connection.respond(call_id, partial(_result, done))

        encoder = self._encoders.get(model)
        try:
            if encoder is None:
                raise BatcherClosed
            result = encoder.embed(request)
        except (BatcherClosed, TandemError) as error:
            result = Future()
            result.set_exception(error)
        result.add_done_callback(respond)

    def _load(self, model: str, options: LoadModel) -> ModelInfo:
        with self._loading:
            encoder = self._encoders.get(model) or Encoder(options)
            self._encoders[model] = encoder
        return encoder.info()

    def _unload(self, model: str) -> None:
        with self._loading:
            encoder = self._encoders.pop(model, None)
        if encoder is not None:
            encoder.close()
            del encoder
            gc.collect()


def _result(done: Future[Vectors]) -> Vectors:
    try:
        return done.result()
    except BatcherClosed as error:  # the model was unloaded while the call waited
        raise ModelNotLoaded from error


def _load(options: LoadModel) -> tuple[Any, str | None]:
    """Return the model, and why its weights were not packed if they should have been."""
    model = _open(options.source, options.precision)
    if model.device.type != "cpu" or str(model.dtype) != "torch.bfloat16":
        return model, None
    from services.retrieval.embedding.packed_linear import pack_linear_layers

    try:
        pack_linear_layers(model)
        model.encode("a test", show_progress_bar=False)
    except Exception as error:  # the model reads its weights in another way, or this processor or torch cannot do it
        return _open(options.source, options.precision), f"{type(error).__name__}: {error}"
    return model, None


def _open(source: str, precision: str) -> Any:
    if source.startswith((".", "/", "~")) and not Path(source).expanduser().is_dir():
        raise FileNotFoundError(f"there is no folder '{source}'")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    model = SentenceTransformer(str(Path(source).expanduser()) if source.startswith("~") else source)
    use_bfloat16 = precision == "bfloat16" or (precision == "auto" and _supports_bfloat16(torch, model.device.type))
    return (model.bfloat16() if use_bfloat16 else model.float()).eval()


def _supports_bfloat16(torch: Any, device: str) -> bool:
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    return device == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())


def main() -> None:
    """Serve until the service closes its end.

    bitsandbytes is for training. If both share an environment, sentence-transformers would import it, for 50 MB and three seconds.
    """
    sys.modules.setdefault("bitsandbytes", None)  # type: ignore[arg-type]
    run_child(Server(CallConnection(int(sys.argv[1]))).run)


if __name__ == "__main__":
    main()

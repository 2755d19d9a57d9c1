"""Exports a model: find the files of base model and adapter, check that they can be merged, and describe the archive.

Every file is opened before the first byte is sent, so a model that is deleted meanwhile still arrives complete. A process sends a few
models at a time, and computes the weights of one of them at a time: a client that reads slowly holds up no other.
"""

import json
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from services.generation.http.reply import Reply
from services.generation.serving.archive import CONFIG, ArchivedFile, archive_bytes, build_archive, name_base, open_file
from services.generation.serving.export.merge import MergedTensor, find_changes
from services.generation.serving.export.tensors import Tensor, open_tensors, write_header
from services.generation.serving.models import Models
from shared.errors import InvalidRequest, TooManyRequests, Unavailable
from shared.records.models.adapters import MANIFEST, WEIGHTS, Adapter
from shared.settings import TrainableBase

DTYPES = {"bfloat16": "BF16", "float16": "F16", "float32": "F32"}
INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
MAX_EXPORTS = 4
RETRY_SECONDS = 30
# What is not copied from a base model's folder: its weights, which are in several forms in some.
WEIGHT_SUFFIXES = {".bin", ".ckpt", ".gguf", ".h5", ".msgpack", ".npz", ".onnx", ".onnx_data", ".pt", ".pth", ".safetensors", ".tflite"}
INDEXES = ".index.json"
ADDITIONAL_TEMPLATES = "additional_chat_templates/*.jinja"
TEMPLATE = "chat_template.jinja"  # preferred to a template in another file, except for that of a processor
TEMPLATES = (TEMPLATE, "chat_template.json")


class ModelExport:
    """Exports fine-tuned models of the base models in `bases`, which has them by name. `adapters` is the folder of all adapters."""

    def __init__(self, models: Models, adapters: Path, bases: Mapping[str, TrainableBase]) -> None:
        self._models = models
        self._adapters = adapters
        self._bases = bases
        self._places = threading.BoundedSemaphore(MAX_EXPORTS)
        self._turn = threading.Lock()

    def open(self, project_id: str, name: str, dtype: str) -> Reply:
        """Return the merged model as a tar archive; `dtype` is that of its weights, as transformers names it.

        Raises:
            NotFound: if the project has no such model.
            InvalidRequest: if it is not an adapter of the project, or cannot be merged.
            Unavailable: if a file cannot be read.
            TooManyRequests: if this process already exports as many models as it may.
        """
        adapter = self._models.find_exportable(project_id, name)
        files = self._take_place()
        try:
            base = self._bases[adapter.base]
            contents = [*_list_settings(base, dtype, files), *self._list_weights(adapter, base.folder, DTYPES[dtype], files)]
        except OSError as error:
            files.close()
            problem = f"The files of '{name}' and its base model cannot be read here."
            remedy = "The front door must share TANDEM_ADAPTERS, TANDEM_BASE_MODEL and TANDEM_CHAT_TEMPLATE with the training workers."
            raise Unavailable(f"{problem} {remedy}") from error
        except BaseException:
            files.close()
            raise
        manifest = archive_bytes(MANIFEST, json.dumps(name_base(adapter.manifest, MANIFEST, adapter.base), indent=2).encode())

        async def close() -> None:
            files.close()

        weakref.finalize(close, files.close)  # if the client is gone before the archive is read
        return build_archive(f"{name}-merged", adapter.created_at, [*contents, manifest], close)

    def _take_place(self) -> ExitStack:
        """Return the open files of one more export, which has its place until they are closed."""
        if not self._places.acquire(blocking=False):
            problem = f"This server is already exporting {MAX_EXPORTS} models, the maximum. Try again later."
            raise TooManyRequests(problem, retry_after=RETRY_SECONDS)
        files = ExitStack()
        files.callback(self._places.release)
        return files

    def _list_weights(self, adapter: Adapter, base_folder: Path, dtype: str, files: ExitStack) -> Iterator[ArchivedFile]:
        shards = {path.name: open_tensors(path, files) for path in _find_shards(base_folder)}
        base = {name: tensor for tensors in shards.values() for name, tensor in tensors.items()}
        folder = self._adapters / adapter.name
        changes = find_changes(open_tensors(folder / WEIGHTS, files), base, _read_json(folder / CONFIG))
        merged = {name: MergedTensor(tensor, dtype, changes.get(name)) for name, tensor in base.items()}
        for file, tensors in shards.items():
            yield _archive_shard(file, {name: merged[name] for name in tensors}, self._turn)
        if len(shards) > 1:
            yield archive_bytes(INDEX, _describe_shards(shards, merged))


def _list_settings(base: TrainableBase, dtype: str, files: ExitStack) -> list[ArchivedFile]:
    """Return the model's configuration and whatever its folder has besides its weights, such as the files of the tokenizer."""
    config = _read_json(base.folder / "config.json")
    if "quantization_config" in config:
        problem = "This model cannot be merged, because the weights of its base model are quantized."
        raise InvalidRequest(f"{problem} Download the adapter instead.", param="model", code="model_not_mergeable")
    replaced = {"config.json", "README.md", MANIFEST, *(TEMPLATES if base.chat_template else ())}
    paths = [path for path in base.folder.iterdir() if _is_copied(path) and path.name not in replaced]
    copied = [open_file(path, files, base.folder) for path in sorted([*paths, *base.folder.glob(ADDITIONAL_TEMPLATES)])]
    if base.chat_template:
        copied.append(archive_bytes(TEMPLATE, base.chat_template.read_bytes()))
    return [archive_bytes("config.json", json.dumps(_set_dtype(config, dtype), indent=2).encode()), *copied]


def _is_copied(path: Path) -> bool:
    is_weights = path.suffix in WEIGHT_SUFFIXES or path.name.endswith(INDEXES)
    return path.is_file() and not is_weights and not path.name.startswith(".")


def _find_shards(base: Path) -> list[Path]:
    """Return the files with the base model's weights. A folder may have the same weights in another form, which is left out."""
    index = base / INDEX
    names = sorted(set(_read_json(index)["weight_map"].values())) if index.exists() else [SINGLE]
    return [base / name for name in names]


def _archive_shard(name: str, tensors: dict[str, MergedTensor], turn: threading.Lock) -> ArchivedFile:
    """Return a file of weights. Whoever computes a piece of it has the lock `turn`."""
    header = write_header({name: tensor.describe() for name, tensor in tensors.items()})

    def pieces() -> Iterator[bytes]:
        yield header
        for tensor in tensors.values():
            yield from _take_turns(tensor.pieces(), turn)

    return ArchivedFile(name, len(header) + sum(tensor.size for tensor in tensors.values()), pieces())


def _take_turns(pieces: Iterator[bytes], turn: threading.Lock) -> Iterator[bytes]:
    while True:
        with turn:
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _describe_shards(shards: dict[str, dict[str, Tensor]], merged: dict[str, MergedTensor]) -> bytes:
    weight_map = {name: file for file, tensors in shards.items() for name in tensors}
    return json.dumps(
        {"metadata": {"total_size": sum(tensor.size for tensor in merged.values())}, "weight_map": weight_map}, indent=2
    ).encode()


def _set_dtype(config: dict[str, Any], dtype: str) -> dict[str, Any]:
    """Return the configuration with the type of the weights, by its new name and its old one; parts of a model may have their own."""
    parts = {
        name: _set_dtype(part, dtype) for name, part in config.items() if isinstance(part, dict) and {"dtype", "torch_dtype"} & part.keys()
    }
    return {**config, **parts, "dtype": dtype, "torch_dtype": dtype}


def _read_json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))

"""Whether the engine will load an adapter, found out before it is published, and said in the engine's own words where it has any.

The engine checks features and rank (vLLM's `lora/peft_helper.py`), module names and the embedding's size (`lora/lora_model.py`). Shapes
of other layers it does not check: it copies what fits. Only the heads of safetensors files are read, no weights.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.errors import TandemError

HEAD_BYTES = 8  # of a safetensors file: the length of the JSON that follows, little-endian
FLOATS = ("F64", "F32", "F16", "BF16")
PREFIX = "base_model.model."
EMBEDDING = "lora_embedding_A"
PARTS = ("lora_A", "lora_B", EMBEDDING, "lora_embedding_B")

Tensors = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Limits:
    """What the engine takes: the highest rank, adapters of the base model's layers, embeddings of its vocabulary.

    `modules` are the last parts of the layers' names, as `target_modules` has them; empty where the base model is not stored as
    safetensors, and not checked then. `shapes` are (outputs, inputs) by layer, for those whose weights are not quantized.
    """

    max_rank: int
    modules: frozenset[str] = frozenset()
    shapes: dict[str, tuple[int, int]] = field(default_factory=dict)
    vocabulary: int | None = None


def read_limits(base: Path, max_rank: int) -> Limits:
    """Return the limits for adapters of the base model in the folder `base`."""
    found = {name: tensor for file in base.glob("*.safetensors") for name, tensor in read_head(file).items() if len(tensor["shape"]) > 1}
    plain = {name: tensor["shape"] for name, tensor in found.items() if name.endswith(".weight") and tensor["dtype"] in FLOATS}
    shapes = {name.removesuffix(".weight"): (shape[0], shape[1]) for name, shape in plain.items() if len(shape) == 2}
    # A head that shares the embedding's weights is not stored.
    modules = frozenset({name.split(".")[-2] for name in found if "." in name} | {"lm_head"}) if found else frozenset[str]()
    return Limits(max_rank, modules, shapes, json.loads((base / "config.json").read_text()).get("vocab_size"))


def read_head(path: Path) -> Tensors:
    """Return dtype and shape of every tensor in a safetensors file.

    Raises:
        TandemError: the file is not whole.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(HEAD_BYTES), "little")
        try:
            head = json.loads(file.read(min(length, path.stat().st_size)))
            head.pop("__metadata__", None)
            end = max((tensor["data_offsets"][1] for tensor in head.values()), default=0)
        except (ValueError, AttributeError, LookupError, TypeError) as error:
            raise TandemError(f"{path.name} is no safetensors file.", code="adapter_unfit") from error
    if path.stat().st_size != HEAD_BYTES + length + end:
        raise TandemError(
            f"{path.name} is cut off: it has {path.stat().st_size} bytes of {HEAD_BYTES + length + end}.", code="adapter_unfit"
        )
    return dict(head)


def check_loadable(config: dict[str, Any], tensors: Tensors, limits: Limits) -> None:
    """Raise TandemError with everything for which the engine would not load the adapter, or would load it wrongly."""
    problems = [*_features(config), *_rank(config, limits), *_modules(tensors, limits), *_tensors(config, tensors, limits)]
    if problems:
        raise TandemError(f"The engine would not load this adapter: {' '.join(problems)}", code="adapter_unfit")


def _features(config: dict[str, Any]) -> Iterator[str]:
    if unsupported := [name for name in config.get("modules_to_save") or () if name not in ("classifier", "score")]:
        yield (
            'vLLM only supports modules_to_save being either None or ["classifier", "score"] for classification models. '
            f"Unsupported modules_to_save: {unsupported}"
        )
    if config.get("use_dora"):
        yield "vLLM does not yet support DoRA."
    if config.get("lora_bias"):
        yield "vLLM does not support LoRA bias (lora_bias)."
    if config.get("bias", "none") != "none":
        yield "Adapter bias is not supported."


def _rank(config: dict[str, Any], limits: Limits) -> Iterator[str]:
    rank = max(config["r"], *(config.get("rank_pattern") or {}).values(), 0)
    if rank <= 0:
        yield f"LoRA rank `r` must be a positive integer, got {rank}."
    if rank > limits.max_rank:
        yield f"LoRA rank {rank} is greater than max_lora_rank {limits.max_rank}."


def _modules(tensors: Tensors, limits: Limits) -> Iterator[str]:
    unexpected = sorted({layer for layer in map(_layer, tensors) if limits.modules and layer.rsplit(".", 1)[-1] not in limits.modules})
    if unexpected:
        yield (
            f"expected target modules in {sorted(limits.modules)} but received {unexpected}. "
            "Please verify that the loaded LoRA module is correct"
        )


def _tensors(config: dict[str, Any], tensors: Tensors, limits: Limits) -> Iterator[str]:
    if not tensors:
        yield "The adapter has no weights."
    for name, tensor in tensors.items():
        if tensor["dtype"] not in FLOATS:
            yield f"'{name}' is of the type {tensor['dtype']}; the engine computes in floating point ({', '.join(FLOATS)})."
        elif problem := _shape(name, tensor["shape"], config, limits):
            yield problem


def _shape(name: str, shape: list[int], config: dict[str, Any], limits: Limits) -> str | None:
    outputs, inputs = limits.shapes.get(_layer(name), (None, None))
    if EMBEDDING in name:
        if limits.vocabulary is None or shape[1] == limits.vocabulary:
            return None
        return f"The embedding LoRA size({shape[1]}) must be consistent with the base model's vocabulary size({limits.vocabulary})."
    side, wanted = (1, inputs) if ".lora_A" in name else (0, outputs)
    if ".lora_embedding" in name or wanted is None or config.get("rank_pattern"):
        return None
    right = [config["r"], wanted] if side else [wanted, config["r"]]
    return None if shape == right else f"'{name}' has the shape {shape}; rank and layer of the base model want {right}."


def _layer(name: str) -> str:
    """Return the name of the base model's layer that an adapter's tensor belongs to."""
    parts = name.removeprefix(PREFIX).split(".")
    return ".".join(parts[: next((place for place, part in enumerate(parts) if part in PARTS), len(parts))])

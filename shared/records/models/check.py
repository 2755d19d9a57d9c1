"""Checks before an adapter is published or imported whether the engine can load it; in vLLM's own words if it has any.

vLLM checks features and rank (`lora/peft_helper.py`), module names and the size of the embedding (`lora/lora_model.py`). It does not check
the shapes of other layers, but copies what fits.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.errors import TandemError
from shared.records.models.weights import Tensors, read_header

FLOAT_TYPES = ("F64", "F32", "F16", "BF16")
PREFIX = "base_model.model."
EMBEDDING = "lora_embedding_A"
PARTS = ("lora_A", "lora_B", EMBEDDING, "lora_embedding_B")


@dataclass(frozen=True)
class EngineLimits:
    """What the engine can load: the highest rank, the base model's layers, and the size of its vocabulary.

    `modules` are the last parts of the layers' names, as in `target_modules`; empty, and not checked, if the base model is not stored as
    safetensors. `shapes` maps each layer whose weights are not quantized to (outputs, inputs).
    """

    max_rank: int
    modules: frozenset[str] = frozenset()
    shapes: dict[str, tuple[int, int]] = field(default_factory=dict)
    vocabulary: int | None = None


def read_engine_limits(base: Path, max_rank: int) -> EngineLimits:
    """Return the limits for adapters of the base model in the folder `base`."""
    tensors = {
        name: tensor for file in base.glob("*.safetensors") for name, tensor in read_header(file).items() if len(tensor["shape"]) > 1
    }
    unquantized = {name: tensor["shape"] for name, tensor in tensors.items() if name.endswith(".weight") and tensor["dtype"] in FLOAT_TYPES}
    shapes = {name.removesuffix(".weight"): (shape[0], shape[1]) for name, shape in unquantized.items() if len(shape) == 2}
    # An LM head that shares the embedding's weights is not stored.
    modules = frozenset({name.split(".")[-2] for name in tensors if "." in name} | {"lm_head"}) if tensors else frozenset[str]()
    return EngineLimits(max_rank, modules, shapes, json.loads((base / "config.json").read_text()).get("vocab_size"))


def check_adapter(config: dict[str, Any], tensors: Tensors, limits: EngineLimits) -> None:
    """Check that the engine would load the adapter, and load it correctly.

    Raises:
        TandemError: if not; the message lists every problem.
    """
    problems = [
        *_check_features(config),
        *_check_rank(config, limits),
        *_check_modules(tensors, limits),
        *_check_tensors(config, tensors, limits),
    ]
    if problems:
        raise TandemError(f"The engine cannot load this adapter: {' '.join(problems)}", code="adapter_unfit")


def _check_features(config: dict[str, Any]) -> Iterator[str]:
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


def _check_rank(config: dict[str, Any], limits: EngineLimits) -> Iterator[str]:
    rank = max(config["r"], *(config.get("rank_pattern") or {}).values(), 0)
    if rank <= 0:
        yield f"LoRA rank `r` must be a positive integer, got {rank}."
    if rank > limits.max_rank:
        yield f"LoRA rank {rank} is greater than max_lora_rank {limits.max_rank}."


def _check_modules(tensors: Tensors, limits: EngineLimits) -> Iterator[str]:
    unexpected = sorted({layer for layer in map(_find_layer, tensors) if limits.modules and layer.rsplit(".", 1)[-1] not in limits.modules})
    if unexpected:
        yield (
            f"expected target modules in {sorted(limits.modules)} but received {unexpected}. "
            "Please verify that the loaded LoRA module is correct"
        )


def _check_tensors(config: dict[str, Any], tensors: Tensors, limits: EngineLimits) -> Iterator[str]:
    if not tensors:
        yield "The adapter has no weights."
    for name, tensor in tensors.items():
        if tensor["dtype"] not in FLOAT_TYPES:
            yield f"'{name}' has the type {tensor['dtype']}; it must be a floating-point type ({', '.join(FLOAT_TYPES)})."
        elif problem := _check_shape(name, tensor["shape"], config, limits):
            yield problem


def _check_shape(name: str, shape: list[int], config: dict[str, Any], limits: EngineLimits) -> str | None:
    outputs, inputs = limits.shapes.get(_find_layer(name), (None, None))
    if EMBEDDING in name:
        if limits.vocabulary is None or shape[1] == limits.vocabulary:
            return None
        return f"The embedding LoRA size({shape[1]}) must be consistent with the base model's vocabulary size({limits.vocabulary})."
    is_input_side = ".lora_A" in name
    size = inputs if is_input_side else outputs
    if ".lora_embedding" in name or size is None or config.get("rank_pattern"):
        return None
    expected = [config["r"], size] if is_input_side else [size, config["r"]]
    return None if shape == expected else f"'{name}' has the shape {shape}; the rank and the base model's layer require {expected}."


def _find_layer(name: str) -> str:
    """Return the name of the base model's layer that an adapter's tensor belongs to."""
    parts = name.removeprefix(PREFIX).split(".")
    return ".".join(parts[: next((place for place, part in enumerate(parts) if part in PARTS), len(parts))])

"""Checks an imported adapter's weights: a sane safetensors file, two matrices for each layer, and only finite numbers.

The format is one of numbers only, so reading it can run nothing: 8 bytes with the header's length, the header as JSON, the numbers
(https://huggingface.co/docs/safetensors). What the engine can load is checked as for adapters that are trained here.
"""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from pydantic import BaseModel, ConfigDict, NonNegativeInt, TypeAdapter, ValidationError

from services.generation.serving.archive import CONFIG
from services.generation.serving.imports.check_config import LoraConfig, unfit
from shared.records.models.adapters import WEIGHTS
from shared.records.models.check import PREFIX, EngineLimits
from shared.records.models.weights import LENGTH_BYTES

MAX_HEADER_BYTES = 16 * 1024 * 1024
METADATA = "__metadata__"
NAME = re.compile(re.escape(PREFIX) + r"(?P<layer>[A-Za-z0-9_.]{1,400})\.lora_(?P<side>[AB])\.weight")
# The integers as which the numbers are read, and the bits of the exponent: if all are set, the number is not finite (IEEE 754).
EXPONENTS = {"F64": ("<u8", 0x7FF0000000000000), "F32": ("<u4", 0x7F800000), "F16": ("<u2", 0x7C00), "BF16": ("<u2", 0x7F80)}
CHUNK_BYTES = 4 * 1024 * 1024  # a multiple of each number's size


class StoredTensor(BaseModel):
    """An entry of the header: a tensor's type and shape, and where its bytes are after the header."""

    model_config = ConfigDict(strict=True, extra="forbid")

    dtype: str
    shape: list[NonNegativeInt]
    data_offsets: tuple[NonNegativeInt, NonNegativeInt]


Header = dict[str, StoredTensor | dict[str, str]]
HEADER = TypeAdapter(Header)


def read_weights(path: Path, rank: int, limits: EngineLimits) -> dict[str, dict[str, Any]]:
    """Return data type and shape of every tensor of an adapter, as `check_adapter` takes them.

    Raises:
        InvalidRequest: if the file is no safetensors file, or does not have the weights of a LoRA adapter of the base model with this rank.
    """
    with path.open("rb") as file:
        tensors, start = _read_header(file, path.stat().st_size)
        _check_types(tensors)
        _check_layout(tensors, path.stat().st_size - start)
        _check_names(tensors, limits)
        _check_rank(tensors, rank)
        _check_numbers(tensors, file, start)
    return {name: tensor.model_dump() for name, tensor in tensors.items()}


def list_modules(tensors: dict[str, dict[str, Any]]) -> list[str]:
    """Return the last parts of the names of the adapted layers, such as `q_proj`."""
    return sorted({name.split(".")[-3] for name in tensors})


def check_targets(config: LoraConfig, tensors: dict[str, dict[str, Any]]) -> None:
    """Check that the configuration names every adapted layer, if it has a list of names: PEFT ignores the weights of others.

    Raises:
        InvalidRequest: if not; the message has the last parts of the names of the other layers.
    """
    if isinstance(config.target_modules, list):
        targets = tuple(f".{target}" for target in config.target_modules)
        layers = {f".{found['layer']}" for found in map(NAME.fullmatch, tensors) if found}
        if others := sorted({layer.rsplit(".", 1)[-1] for layer in layers if not layer.endswith(targets)}):
            names = ", ".join(f"'{name[:100]}'" for name in others)
            problem = f"'{WEIGHTS}' has weights of {names}, which 'target_modules' in '{CONFIG}' does not name, so PEFT would ignore them."
            raise unfit(f"{problem} Add these layers to 'target_modules', or leave out their weights.")


def _read_header(file: BinaryIO, size: int) -> tuple[dict[str, StoredTensor], int]:
    """Return the header, and where the numbers start."""
    length = int.from_bytes(file.read(LENGTH_BYTES), "little")
    if length > min(size, MAX_HEADER_BYTES):
        raise unfit(f"'{WEIGHTS}' is not a safetensors file, or its header is longer than {MAX_HEADER_BYTES} bytes.")
    try:
        header = HEADER.validate_json(file.read(length))
    except ValidationError as error:
        raise unfit(f"'{WEIGHTS}' is not a safetensors file: its header is not valid.") from error
    tensors = {name: tensor for name, tensor in header.items() if isinstance(tensor, StoredTensor)}
    if not tensors or not header.keys() - tensors.keys() <= {METADATA}:
        raise unfit(f"'{WEIGHTS}' has no weights, or its header is not valid.")
    return tensors, LENGTH_BYTES + length


def _check_types(tensors: dict[str, StoredTensor]) -> None:
    for name, tensor in tensors.items():
        if tensor.dtype not in EXPONENTS:
            raise unfit(f"'{name[:100]}' has the type '{tensor.dtype[:20]}'; it must be one of {', '.join(EXPONENTS)}.")


def _check_layout(tensors: dict[str, StoredTensor], size: int) -> None:
    """Check that the tensors follow each other without gaps, and fill the file."""
    end = 0
    for name, tensor in sorted(tensors.items(), key=lambda each: each[1].data_offsets):
        start, end_of_this = tensor.data_offsets
        if start != end or end_of_this - start != math.prod(tensor.shape) * np.dtype(EXPONENTS[tensor.dtype][0]).itemsize:
            raise unfit(f"'{WEIGHTS}' is not valid: the bytes of '{name[:100]}' do not have the size or place of its shape.")
        end = end_of_this
    if end != size:
        raise unfit(f"'{WEIGHTS}' is incomplete, or has other data at its end: it has {size} bytes of numbers and should have {end}.")


def _check_names(tensors: dict[str, StoredTensor], limits: EngineLimits) -> None:
    """Check that each layer of the adapter has both matrices, and is a layer of the base model, as far as that is known."""
    sides: dict[str, set[str]] = {}
    for name, tensor in tensors.items():
        found = NAME.fullmatch(name)
        if found is None or len(tensor.shape) != 2:
            raise unfit(f"'{name[:100]}' is not a matrix with a name such as '{PREFIX}….q_proj.lora_A.weight'. PEFT saves only such.")
        sides.setdefault(found["layer"], set()).add(found["side"])
    known = {layer.rsplit(".", 1)[-1] for layer in limits.shapes}
    for layer, present in sides.items():
        if len(present) < 2:
            raise unfit(f"The layer '{layer[:100]}' must have both 'lora_A' and 'lora_B'; it has only 'lora_{present.pop()}'.")
        if layer not in limits.shapes and layer.rsplit(".", 1)[-1] in known:
            raise unfit(f"The base model has no layer '{layer[:100]}'.")


def _check_rank(tensors: dict[str, StoredTensor], rank: int) -> None:
    for name, tensor in tensors.items():
        found = tensor.shape[0 if name.endswith(".lora_A.weight") else 1]
        if found != rank:
            raise unfit(f"'{name[:100]}' has the rank {found}; the configuration says {rank}.")


def _check_numbers(tensors: dict[str, StoredTensor], file: BinaryIO, start: int) -> None:
    for name, tensor in tensors.items():
        integer, exponent = EXPONENTS[tensor.dtype]
        for chunk in _read(file, start + tensor.data_offsets[0], tensor.data_offsets[1] - tensor.data_offsets[0]):
            if np.any(np.frombuffer(chunk, integer) & exponent == exponent):
                raise unfit(f"'{name}' has numbers that are not finite (NaN or infinite). The training has diverged.")


def _read(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    file.seek(start)
    for position in range(0, size, CHUNK_BYTES):
        yield file.read(min(CHUNK_BYTES, size - position))

"""Tensors in safetensors files, read in pieces, so that memory does not grow with a model. Knows nothing of models and adapters."""

import json
import math
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from shared.errors import TandemError
from shared.records.models.weights import LENGTH_BYTES, read_header

SIZES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2}
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Tensor:
    """A tensor in an open safetensors file; its `size` bytes begin at `start`."""

    file: BinaryIO
    dtype: str
    shape: tuple[int, ...]
    start: int
    size: int

    @property
    def is_float(self) -> bool:
        """Whether its elements are floating-point numbers that can be converted."""
        return self.dtype in SIZES

    @property
    def num_elements(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    def read_bytes(self, first: int, size: int) -> bytes:
        """Return `size` bytes from the byte `first` on. Raises TandemError if the file ends before."""
        content = os.pread(self.file.fileno(), size, self.start + first)
        if len(content) < size:
            raise TandemError(f"The file '{self.file.name}' is shorter than it was.")
        return content

    def read_floats(self, first: int, count: int) -> Floats:
        """Return `count` elements from the element `first` on, in the order in which they are stored."""
        return decode(self.read_bytes(first * SIZES[self.dtype], count * SIZES[self.dtype]), self.dtype)


def open_tensors(path: Path, files: ExitStack) -> dict[str, Tensor]:
    """Open a safetensors file, which `files` closes; return its tensors in the order of their bytes."""
    header = read_header(path)
    file = files.enter_context(path.open("rb"))
    begin = LENGTH_BYTES + int.from_bytes(os.pread(file.fileno(), LENGTH_BYTES, 0), "little")
    in_order = sorted(header.items(), key=lambda entry: entry[1]["data_offsets"])
    return {name: _open_tensor(file, about, begin) for name, about in in_order}


def write_header(tensors: dict[str, tuple[str, tuple[int, ...], int]]) -> bytes:
    """Return the header of a safetensors file with these tensors (data type, shape, size in bytes), in this order."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (dtype, shape, size) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    content = json.dumps(header, separators=(",", ":")).encode()
    content += b" " * (-len(content) % 8)  # the weights are aligned
    return len(content).to_bytes(LENGTH_BYTES, "little") + content


def decode(content: bytes, dtype: str) -> Floats:
    """Return the floating-point numbers in `content` with 32 bits. Those of bfloat16 are the upper halves of such numbers."""
    if dtype == "BF16":
        return (np.frombuffer(content, "<u2").astype(np.uint32) << 16).view(np.float32)
    return np.frombuffer(content, {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[dtype]).astype(np.float32)


def encode(values: Floats, dtype: str) -> bytes:
    """Return the numbers as bytes of the type `dtype`, rounded to the nearest, and to the even one of two.

    Raises:
        TandemError: if a number is too large for float16.
    """
    if dtype == "F32":
        return values.astype("<f4").tobytes()
    if dtype == "F16":
        return _encode_float16(values)
    bits = np.ascontiguousarray(values).view(np.uint32)
    rounded = (bits + (0x7FFF + ((bits >> 16) & 1))) >> 16
    return np.where(np.isnan(values), 0x7FC0, rounded).astype("<u2").tobytes()


def _encode_float16(values: Floats) -> bytes:
    with np.errstate(over="ignore"):
        halves = values.astype("<f2")
    if np.isinf(halves).sum() > np.isinf(values).sum():
        raise TandemError("A weight of the model is too large for float16. Export the model with the dtype bfloat16.")
    return halves.tobytes()


def _open_tensor(file: BinaryIO, about: dict[str, Any], begin: int) -> Tensor:
    first, end = about["data_offsets"]
    return Tensor(file, about["dtype"], tuple(about["shape"]), begin + first, end - first)

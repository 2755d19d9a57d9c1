"""The weights of a merged model, in pieces: each tensor of the base model, converted, and with the adapter's change added if it has one.

The change of a layer is `scale * B @ A` (Hu et al. 2021). It is added in float32 and rounded once, whatever the types of both models.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.generation.serving.export.tensors import SIZES, Floats, Tensor, encode
from shared.errors import InvalidRequest

PIECE = 1 << 20  # elements, about
LORA_A, LORA_B = ".lora_A.weight", ".lora_B.weight"
PREFIX = "base_model.model."


@dataclass(frozen=True)
class Change:
    """What an adapter adds to the weights of a layer, outputs x inputs: `scale` times `b` (outputs x rank) times `a` (rank x inputs)."""

    a: Tensor
    b: Tensor
    scale: float

    def read_down(self) -> Floats:
        """Return `scale * a`."""
        return self.scale * self.a.read_floats(0, self.a.num_elements).reshape(self.a.shape)

    def read_up(self, first: int, count: int) -> Floats:
        """Return `count` rows of `b`, from the row `first` on."""
        rank = self.b.shape[1]
        return self.b.read_floats(first * rank, count * rank).reshape(count, rank)


@dataclass(frozen=True)
class MergedTensor:
    """A tensor of the merged model, which is the base model's unless there is a change; floats have the type `dtype`."""

    base: Tensor
    dtype: str
    change: Change | None = None

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return self.base.num_elements * SIZES[self.dtype] if self.base.is_float else self.base.size

    def describe(self) -> tuple[str, tuple[int, ...], int]:
        """Return data type, shape and size, as the header of a file has them."""
        return (self.dtype if self.base.is_float else self.base.dtype), self.base.shape, self.size

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes."""
        if self.change:
            yield from _merge(self.base, self.change, self.dtype)
        elif self.base.is_float and self.base.dtype != self.dtype:
            for first, count in _split(self.base.num_elements, PIECE):
                yield encode(self.base.read_floats(first, count), self.dtype)
        else:
            for first, count in _split(self.base.size, PIECE):
                yield self.base.read_bytes(first, count)


def find_changes(adapter: dict[str, Tensor], base: dict[str, Tensor], config: dict[str, Any]) -> dict[str, Change]:
    """Return an adapter's changes by the names of the base model's tensors; `config` is the adapter's.

    Raises:
        InvalidRequest: if it changes something else than the weights of linear layers that are in the base model's files.
    """
    rank = config["r"]
    scale = config["lora_alpha"] / (math.sqrt(rank) if config.get("use_rslora") else rank)
    changes = {}
    for name, down in adapter.items():
        layer = name.removeprefix(PREFIX).removesuffix(LORA_A).removesuffix(LORA_B)
        up, target = adapter.get(name.replace(LORA_A, LORA_B)), base.get(f"{layer}.weight")
        if not name.endswith((LORA_A, LORA_B)) or not up or not target or not target.is_float:
            raise _unfit(layer)
        if name.endswith(LORA_A):
            if target.shape != (up.shape[0], down.shape[1]):
                raise _unfit(layer)
            changes[f"{layer}.weight"] = Change(down, up, scale)
    return changes


def _merge(base: Tensor, change: Change, dtype: str) -> Iterator[bytes]:
    rows, columns = base.shape
    down = change.read_down()
    for first, count in _split(rows, max(1, PIECE // columns)):
        weights = base.read_floats(first * columns, count * columns).reshape(count, columns)
        yield encode(weights + change.read_up(first, count) @ down, dtype)


def _split(total: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield where each piece of a whole begins, and how much it has."""
    for first in range(0, total, size):
        yield first, min(size, total - first)


def _unfit(layer: str) -> InvalidRequest:
    problem = f"This model cannot be merged: its adapter changes '{layer}', which is not a linear layer in the base model's files."
    return InvalidRequest(f"{problem} Download the adapter and use it with the base model.", param="model", code="model_not_mergeable")

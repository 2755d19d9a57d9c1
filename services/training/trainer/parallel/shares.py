"""Which examples of a batch each process computes, so that all of them together compute what one process alone would.

The processes must compute equally often, because they wait for one another each time. What is missing in the last batch of an epoch is
filled with examples that have no labels: they add nothing to the loss or to a gradient.
"""

from collections.abc import Iterator, Sized
from typing import Any, Protocol

NO_LABEL = -100  # as in the encoded examples
FILLER_TOKENS = 2

Example = dict[str, Any]


class Positions(Sized, Protocol):
    """The positions of examples in the order in which they are computed."""

    def __iter__(self) -> Iterator[int]: ...


class ShareOfBatches:
    """The positions of the examples that process `rank` of `count` computes, `size` at a time. None stands for a filler."""

    def __init__(self, positions: Positions, size: int, rank: int, count: int) -> None:
        self._positions = positions
        self._size = size
        self._rank = rank
        self._count = count

    def __len__(self) -> int:
        return -(-len(self._positions) // (self._size * self._count))

    def __iter__(self) -> Iterator[list[int | None]]:
        order = list(self._positions)
        for start in range(self._rank * self._size, len(self) * self._size * self._count, self._size * self._count):
            yield [*order[start : start + self._size]] or [None]


class WithFiller:
    """Examples, and a filler at the position None."""

    def __init__(self, examples: Any) -> None:
        self._examples = examples

    def __len__(self) -> int:
        return len(self._examples)

    def __getitem__(self, position: int | None) -> Example:
        return make_filler(self._examples[0]) if position is None else self._examples[position]


def make_filler(example: Example) -> Example:
    """Return an example, or a preference pair, with few tokens and no labels."""
    return {**example, "input_ids": _cut(example["input_ids"]), "labels": _hide(_cut(example["labels"]))}


def _cut(ids: list[Any]) -> list[Any]:
    return [_cut(part) for part in ids] if isinstance(ids[0], list) else ids[:FILLER_TOKENS]


def _hide(labels: list[Any]) -> list[Any]:
    return [_hide(part) if isinstance(part, list) else NO_LABEL for part in labels]


def count_learned(labels: Any) -> int:
    """Return how many of the examples have labels; their tensor has the shape (examples, …)."""
    return int((labels != NO_LABEL).flatten(1).any(1).sum())

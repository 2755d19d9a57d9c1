"""A text too long to be held, kept in a file without a name and read a slice at a time; a short one stays a `str`. Knows no format."""

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

SLICE = 1 << 20
"""Characters in a slice, and in the longest text that is held."""


class Text(Protocol):
    """A text of which parts can be had: a `str`, or one that is stored."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> str: ...


class StoredText:
    """A text in a file: `len` counts its characters, `text[a:b]` reads. For one thread at a time."""

    def __init__(self, file: BinaryIO, sizes: Sequence[int]) -> None:
        """Take over a file written by `write_slices`, which gave `sizes`; the caller may close it.

        Raises:
            ValueError: the file does not hold such a text.
        """
        self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        self._edges = list(accumulate(sizes, initial=0))
        self._held = -1, ""
        lengths = [len(self._slice(number)) for number in range(len(sizes))]
        if set(lengths[:-1]) - {SLICE} or lengths[-1:] > [SLICE]:
            raise ValueError("not slices of the agreed length")
        self._length = sum(lengths)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice, /) -> str:
        start, stop, _ = part.indices(self._length)
        numbers = range(start // SLICE, -(-stop // SLICE)) if start < stop else range(0)
        return "".join(self._slice(number)[max(0, start - number * SLICE) : stop - number * SLICE] for number in numbers)

    def _slice(self, number: int) -> str:
        if self._held[0] != number:
            start, stop = self._edges[number : number + 2]
            self._held = number, os.pread(self._file, stop - start, start).decode()
        return self._held[1]


def keep(pieces: Iterable[str]) -> Text:
    """Return the text that the pieces make together."""
    slices = _slices(pieces)
    first, second = next(slices, ""), next(slices, "")
    if not second:
        return first
    with TemporaryFile(prefix="tandem-text-") as file:
        return StoredText(file, list(write_slices(chain((first, second), slices), file)))


def write_slices(pieces: Iterable[str], file: BinaryIO) -> Iterator[int]:
    """Write the text that the pieces make together, and yield the size of each slice, in bytes, as it is written."""
    for piece in _slices(pieces):
        data = piece.encode("utf-8", "replace")
        file.write(data)
        yield len(data)
    file.flush()


def slices_of(text: Text) -> Iterator[str]:
    """Yield a text in slices."""
    return (text[start : start + SLICE] for start in range(0, len(text), SLICE))


def _slices(pieces: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= SLICE:
            whole = "".join(held)
            stop = length - length % SLICE
            yield from (whole[start : start + SLICE] for start in range(0, stop, SLICE))
            held, length = [whole[stop:]], length - stop
    if length:
        yield "".join(held)

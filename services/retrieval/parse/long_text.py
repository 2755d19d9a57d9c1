"""A text that is too long to keep in memory: stored in an unnamed file and read a slice at a time. A short one stays a `str`."""

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol

SLICE_LENGTH = 1 << 20
"""Characters in a slice, and in the longest text that stays in memory."""


class Text(Protocol):
    """A text that can be read in parts: a `str` or a `LongText`."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> str: ...


class LongText:
    """A text in a file: `len` counts its characters, `text[a:b]` reads. For one thread at a time."""

    def __init__(self, file: BinaryIO, sizes: Sequence[int]) -> None:
        """Open a file that `write_slices` wrote, with the sizes it returned. The caller may close the file.

        Raises:
            ValueError: if the file does not contain such a text.
        """
        self._file = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._file)
        self._edges = list(accumulate(sizes, initial=0))
        self._cached = -1, ""
        lengths = [len(self._read_slice(number)) for number in range(len(sizes))]
        if set(lengths[:-1]) - {SLICE_LENGTH} or lengths[-1:] > [SLICE_LENGTH]:
            raise ValueError("the slices do not have the expected length")
        self._length = sum(lengths)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice, /) -> str:
        start, stop, _ = part.indices(self._length)
        numbers = range(start // SLICE_LENGTH, -(-stop // SLICE_LENGTH)) if start < stop else range(0)
        slices = ((number * SLICE_LENGTH, self._read_slice(number)) for number in numbers)
        return "".join(text[max(0, start - offset) : stop - offset] for offset, text in slices)

    def _read_slice(self, number: int) -> str:
        if self._cached[0] != number:
            start, stop = self._edges[number : number + 2]
            self._cached = number, os.pread(self._file, stop - start, start).decode()
        return self._cached[1]


def store(parts: Iterable[str]) -> Text:
    """Return the concatenation of the parts."""
    slices = _to_slices(parts)
    first, second = next(slices, ""), next(slices, "")
    if not second:
        return first
    with TemporaryFile(prefix="tandem-text-") as file:
        return LongText(file, list(write_slices(chain((first, second), slices), file)))


def write_slices(parts: Iterable[str], file: BinaryIO) -> Iterator[int]:
    """Write the concatenation of the parts, and yield the size of each slice in bytes as it is written."""
    for text in _to_slices(parts):
        data = text.encode("utf-8", "replace")
        file.write(data)
        yield len(data)
    file.flush()


def slices_of(text: Text) -> Iterator[str]:
    """Yield a text in slices."""
    return (text[start : start + SLICE_LENGTH] for start in range(0, len(text), SLICE_LENGTH))


def _to_slices(parts: Iterable[str]) -> Iterator[str]:
    buffer: list[str] = []
    length = 0
    for part in parts:
        buffer.append(part)
        length += len(part)
        if length >= SLICE_LENGTH:
            whole = "".join(buffer)
            stop = length - length % SLICE_LENGTH
            yield from (whole[start : start + SLICE_LENGTH] for start in range(0, stop, SLICE_LENGTH))
            buffer, length = [whole[stop:]], length - stop
    if length:
        yield "".join(buffer)

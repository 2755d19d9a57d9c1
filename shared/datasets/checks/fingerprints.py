"""Which examples a file has, as hashes of 64 bits with their lines, in 18 to 36 bytes each: a table with open addressing.

Two different examples among five million have the same hash with a probability of one in a million.
"""

import hashlib
from array import array

MAX_FINGERPRINTS = 5_000_000
START_SIZE = 1024  # a power of two
FULL = 2 / 3


def hash_text(text: str) -> int:
    """Return a hash of 64 bits, never 0."""
    return int.from_bytes(hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()) or 1


class Fingerprints:
    """The lines of a file by the hashes of their examples; the first `limit` different ones are kept."""

    def __init__(self, limit: int = MAX_FINGERPRINTS) -> None:
        self.limit = limit
        self._count = 0
        self._keys, self._lines = _make_table(START_SIZE)

    @property
    def is_full(self) -> bool:
        """Whether the limit is reached, so that later examples are not kept."""
        return self._count >= self.limit

    def add(self, key: int, line: int) -> int | None:
        """Return the first line with this hash above `line`; None if there is none, and `line` is then kept."""
        place = self._find(key)
        if self._keys[place]:
            return self._lines[place]
        if not self.is_full:
            self._keys[place], self._lines[place] = key, line
            self._count += 1
            self._grow()
        return None

    def find(self, key: int) -> int | None:
        """Return the first line with this hash; None if there is none."""
        place = self._find(key)
        return self._lines[place] if self._keys[place] else None

    def _find(self, key: int) -> int:
        """Return the slot of a hash, or the free slot where it would go."""
        keys, mask = self._keys, len(self._keys) - 1
        place = key & mask
        while keys[place] not in (0, key):
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        if self._count <= len(self._keys) * FULL:
            return
        keys, lines = self._keys, self._lines
        self._keys, self._lines = _make_table(2 * len(keys))
        for key, line in zip(keys, lines, strict=True):
            if key:
                place = self._find(key)
                self._keys[place], self._lines[place] = key, line


def _make_table(size: int) -> tuple["array[int]", "array[int]"]:
    return array("Q", bytes(8 * size)), array("I", bytes(4 * size))

"""A histogram of lengths whose buckets double: 0-63, 64-127, 128-255, and so on."""

from dataclasses import dataclass

FIRST_BITS = 6


@dataclass(frozen=True)
class Bucket:
    """How many examples have a length from `minimum` to `maximum`, both included."""

    minimum: int
    maximum: int
    examples: int


class Lengths:
    """The lengths of examples, in characters or tokens."""

    def __init__(self) -> None:
        self._buckets: list[int] = []
        self.count = self.total = self.longest = self.longest_line = 0
        self.shortest: int | None = None

    def add(self, length: int, line: int) -> None:
        """Add the length of the example in a line."""
        bucket = max(0, length.bit_length() - FIRST_BITS)
        self._buckets += [0] * (bucket + 1 - len(self._buckets))
        self._buckets[bucket] += 1
        self.count += 1
        self.total += length
        if length > self.longest:
            self.longest, self.longest_line = length, line
        if self.shortest is None or length < self.shortest:
            self.shortest = length

    @property
    def mean(self) -> float:
        """The mean length; 0 without examples."""
        return self.total / self.count if self.count else 0.0

    def buckets(self) -> list[Bucket]:
        """Return the buckets from the first to the last that has examples."""
        filled = [number for number, count in enumerate(self._buckets) if count]
        numbers = range(filled[0], filled[-1] + 1) if filled else ()
        return [Bucket(_start(number), _start(number + 1) - 1, self._buckets[number]) for number in numbers]


def _start(bucket: int) -> int:
    return 2 ** (FIRST_BITS + bucket - 1) if bucket else 0

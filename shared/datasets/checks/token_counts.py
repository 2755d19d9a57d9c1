"""How many tokens the examples of a file have, from those that were counted: a sample, or all of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from shared.datasets.checks.lengths import Bucket, Lengths


@dataclass(frozen=True)
class CountedExample:
    """An example: which one of the file it is, its line, its characters and its tokens."""

    number: int
    line: int
    characters: int
    tokens: int


@dataclass(frozen=True)
class TokenCounts:
    """The counted examples of a file that has this many examples and characters. At least one of `spread` is counted.

    `spread` are spread evenly over the file, and `longest` have the most characters; an example may be in both.
    """

    spread: Sequence[CountedExample]
    longest: Sequence[CountedExample]
    examples: int
    characters: int

    @cached_property
    def counted(self) -> list[CountedExample]:
        """The counted examples, those with the most tokens first."""
        every = {each.number: each for each in (*self.longest, *self.spread)}
        return sorted(every.values(), key=lambda each: (-each.tokens, each.number))

    @property
    def is_exact(self) -> bool:
        """Whether every example was counted."""
        return len(self.counted) == self.examples

    def total(self) -> int:
        """Return the tokens of the file. The other examples are assumed to have as many tokens a character as the spread ones."""
        return self.total_within(self.counted[0].tokens)

    def total_within(self, limit: int) -> int:
        """Return the tokens of the file if each example is cut at `limit` tokens."""
        rest = self.characters - sum(each.characters for each in self.counted)
        rate = sum(min(each.tokens, limit) for each in self.spread) / sum(each.characters for each in self.spread)
        return sum(min(each.tokens, limit) for each in self.counted) + round(rate * rest)

    def longer_than(self, limit: int) -> list[CountedExample]:
        """Return the counted examples with more tokens than `limit`, those with the most first."""
        return [each for each in self.counted if each.tokens > limit]

    def count_longer(self, limit: int) -> int:
        """Return how many examples of the file have more tokens than `limit`: in proportion to the spread ones, unless all were counted."""
        found = len(self.longer_than(limit))
        share = sum(each.tokens > limit for each in self.spread) / len(self.spread)
        return found if self.is_exact else max(found, round(share * self.examples))

    def percentile(self, percent: int) -> int:
        """Return the tokens that `percent` % of the spread examples do not exceed: the nearest rank, without interpolation."""
        tokens = sorted(each.tokens for each in self.spread)
        return tokens[max(math.ceil(percent / 100 * len(tokens)), 1) - 1]

    def buckets(self) -> list[Bucket]:
        """Return a histogram of the spread examples."""
        lengths = Lengths()
        for each in self.spread:
            lengths.add(each.tokens, each.line)
        return lengths.buckets()

"""Where an embedder's tokens lie in a text, also in one too long to be tokenized at once."""

import re
from collections.abc import Iterator
from typing import Protocol

SECTION = 100_000
SPACE = re.compile(r"\s")


class Tokens(Protocol):
    """What cuts a text into an embedder's tokens."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of each token, in order, without special tokens."""


def token_spans(text: str, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Yield the character span of every token of `text`; spans that are empty or run backwards are left out."""
    last = 0
    for begin, end in _sections(text):
        for start, stop in tokens.offsets(text[begin:end]):
            if stop > start and begin + start >= last:
                last = begin + start
                yield begin + start, begin + stop


def _sections(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans of about SECTION characters that end at white space, where tokens end too."""
    begin = 0
    while begin < len(text):
        gap = SPACE.search(text, begin + SECTION, begin + 2 * SECTION)
        end = gap.start() if gap else min(begin + 2 * SECTION, len(text))
        yield begin, end
        begin = end

"""Where an embedder's tokens lie in a text, also in one too long to be tokenized at once."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from services.retrieval.embedding.vectors import Vectors
from services.retrieval.parse import Text

SECTION = 100_000
SPACE = re.compile(r"\s")
# Some tokenizers make one token of a word of any length; it counts as several, so that a chunk's length has an end.
LONGEST, PIECE = 100, 32


class Tokens(Protocol):
    """What cuts a text into an embedder's tokens."""

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of each token, in order, without special tokens."""


class Embeds(Tokens, Protocol):
    """What also says what a text is about."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 for each text."""


def token_spans(text: Text, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Yield the character span of every token of `text`; spans that are empty or run backwards are left out."""
    last = 0
    for begin, end in sections(text, SECTION):
        for start, stop in tokens.token_offsets(text[begin:end]):
            if stop > start and begin + start >= last:
                last = begin + start
                if stop - start <= LONGEST:
                    yield last, begin + stop
                else:
                    yield from _pieces(last, begin + stop)


def _pieces(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for first in range(start, stop, PIECE):
        yield first, min(first + PIECE, stop)


def sections(text: Text, size: int, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield spans of about `size` characters that end at white space, where tokens end too."""
    last = len(text) if end is None else end
    while begin < last:
        most = min(begin + 2 * size, last)
        gap = SPACE.search(text[begin + size : most])
        stop = begin + size + gap.start() if gap else most
        yield begin, stop
        begin = stop

"""Where an embedder's tokens are in a text, even in one that is too long to be tokenized in one call."""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from services.retrieval.embedding.vectors import Vectors
from services.retrieval.parse import Text

SECTION_LENGTH = 100_000
WHITE_SPACE = re.compile(r"\s")
# Some tokenizers make one token of a word of any length. A long one counts as several, so that the length of a chunk is limited.
MAX_TOKEN_LENGTH, SPLIT_TOKEN_LENGTH = 100, 32


class Tokenizer(Protocol):
    """Splits a text into an embedder's tokens."""

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the character span of each token, in order, without special tokens."""


class PassageEmbedder(Tokenizer, Protocol):
    """Splits a text into tokens, and embeds passages."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 for each text."""


def token_spans(text: Text, tokenizer: Tokenizer) -> Iterator[tuple[int, int]]:
    """Yield the character span of every token of `text`, except spans that are empty or go backwards."""
    last = 0
    for begin, end in split_into_sections(text, SECTION_LENGTH):
        for start, stop in tokenizer.token_offsets(text[begin:end]):
            if stop > start and begin + start >= last:
                last = begin + start
                if stop - start <= MAX_TOKEN_LENGTH:
                    yield last, begin + stop
                else:
                    yield from _split_span(last, begin + stop)


def _split_span(start: int, stop: int) -> Iterator[tuple[int, int]]:
    for first in range(start, stop, SPLIT_TOKEN_LENGTH):
        yield first, min(first + SPLIT_TOKEN_LENGTH, stop)


def split_into_sections(text: Text, length: int, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield spans of about `length` characters that end at white space, where tokens end too."""
    end = len(text) if end is None else end
    while begin < end:
        limit = min(begin + 2 * length, end)
        space = WHITE_SPACE.search(text[begin + length : limit])
        stop = begin + length + space.start() if space else limit
        yield begin, stop
        begin = stop

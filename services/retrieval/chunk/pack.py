"""Packs tokens into chunks that end where a text is best cut. Linear, and never holds more than two chunks' tokens."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from services.retrieval.chunk.marks import BREAK, HEADING, SENTENCE, TOKEN, WORD, Mark
from services.retrieval.chunk.tokens import Tokens, token_spans

Piece: TypeAlias = tuple[int, int, int]
"""A token: where it begins, where it ends, how well the text is cut before it."""
END = -1  # the end of the text, the best place of all


def pack(pieces: Iterator[Piece], size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield the character spans of chunks of at most `size` tokens.

    A chunk ends at the last of the best places within its size, so that what fits is not cut. It begins with up to `overlap`
    tokens of the one before: whole sentences where that did not end within one, nothing across a heading, and nothing either
    where a sentence, table or code block fits only without.
    """
    window: list[Piece] = []
    repeated = 0
    while True:
        _fill(window, pieces, size + 1)
        if len(window) <= repeated:
            return
        end, rank = _end(window, repeated, size)
        if repeated and rank > SENTENCE:
            end, rank = _without(window, pieces, repeated, size, (end, rank))
        yield window[0][0], window[end - 1][1]
        repeated = _repeated(window, end, overlap, rank)
        del window[: end - repeated]


def pieces(text: str, marks: Iterator[Mark], tokens: Tokens) -> Iterator[Piece]:
    """Yield the tokens of `text` with how well it is cut before each, as `marks` have it."""
    mark = next(marks, None)
    for start, stop in token_spans(text, tokens):
        rank = WORD if start == 0 or text[start - 1].isspace() else TOKEN
        while mark is not None and mark[0] <= start:
            rank = min(rank, mark[1])
            mark = next(marks, None)
        yield start, stop, rank


def _fill(window: list[Piece], pieces: Iterator[Piece], length: int) -> None:
    window.extend(islice(pieces, max(0, length - len(window))))


def _end(window: list[Piece], repeated: int, size: int) -> tuple[int, int]:
    """Return how many tokens the chunk takes, and the rank of the place where it ends."""
    best, rank = (len(window), END) if len(window) <= size else (size, TOKEN + 1)
    for end in range(repeated + 1, min(size + 1, len(window))):
        here = window[end][2]
        if here == BREAK:
            return end, here
        if here <= rank:
            best, rank = end, here
    return best, rank


def _without(window: list[Piece], pieces: Iterator[Piece], repeated: int, size: int, found: tuple[int, int]) -> tuple[int, int]:
    """Leave the overlap out of the window where a better end is reached then."""
    _fill(window, pieces, repeated + size + 1)
    end, rank = _end(window[repeated:], 0, size)
    if rank > SENTENCE:
        return found
    del window[:repeated]
    return end, rank


def _repeated(window: list[Piece], end: int, overlap: int, rank: int) -> int:
    """Return how many of the chunk's last tokens the next one begins with."""
    if rank <= HEADING:
        return 0
    enough = rank if rank > SENTENCE else SENTENCE
    best = 0
    for back in range(1, min(overlap, end - 1) + 1):
        here = window[end - back][2]
        if here <= SENTENCE or (here <= enough and not _has_sentence(window, end, best)):
            best = back
        if here <= HEADING:
            break
    return best


def _has_sentence(window: list[Piece], end: int, back: int) -> bool:
    return back > 0 and window[end - back][2] <= SENTENCE

"""Tokens to chunks that end at the best boundaries. Takes linear time, and keeps at most two chunks' tokens in memory."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias

from services.retrieval.chunk.boundaries import BREAK, HEADING, SENTENCE, TOKEN, WORD, Boundary
from services.retrieval.chunk.tokens import Tokenizer, token_spans

RankedToken: TypeAlias = tuple[int, int, int]
"""A token: its start, its end, and the rank of a cut before it."""
END_OF_TEXT = -1  # the best rank


def assemble_chunks(tokens: Iterator[RankedToken], size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield the character spans of chunks of at most `size` tokens.

    A chunk ends at the last of the best boundaries within its size, so that nothing is cut that would fit. It begins with up to `overlap`
    tokens of the previous chunk: whole sentences, unless the previous one ended within a sentence; nothing across a heading, and nothing
    if a sentence, table or code block fits only without it.
    """
    window: list[RankedToken] = []
    repeated = 0
    while True:
        _fill(window, tokens, size + 1)
        if len(window) <= repeated:
            return
        end, rank = _find_end(window, repeated, size)
        if repeated and rank > SENTENCE:
            end, rank = _try_without_overlap(window, tokens, repeated, size, (end, rank))
        yield window[0][0], window[end - 1][1]
        repeated = _count_repeated(window, end, overlap, rank)
        del window[: end - repeated]


def rank_tokens(text: str, boundaries: Iterator[Boundary], tokenizer: Tokenizer) -> Iterator[RankedToken]:
    """Yield the tokens of `text` with the rank of a cut before each."""
    boundary = next(boundaries, None)
    for start, stop in token_spans(text, tokenizer):
        rank = WORD if start == 0 or text[start - 1].isspace() else TOKEN
        while boundary is not None and boundary[0] <= start:
            rank = min(rank, boundary[1])
            boundary = next(boundaries, None)
        yield start, stop, rank


def _fill(window: list[RankedToken], tokens: Iterator[RankedToken], length: int) -> None:
    window.extend(islice(tokens, max(0, length - len(window))))


def _find_end(window: list[RankedToken], repeated: int, size: int) -> tuple[int, int]:
    """Return how many tokens the chunk takes, and the rank of the boundary where it ends."""
    best, best_rank = (len(window), END_OF_TEXT) if len(window) <= size else (size, TOKEN + 1)
    for end in range(repeated + 1, min(size + 1, len(window))):
        rank = window[end][2]
        if rank == BREAK:
            return end, rank
        if rank <= best_rank:
            best, best_rank = end, rank
    return best, best_rank


def _try_without_overlap(
    window: list[RankedToken], tokens: Iterator[RankedToken], repeated: int, size: int, with_overlap: tuple[int, int]
) -> tuple[int, int]:
    """Remove the overlap from the window if the chunk then ends at a better boundary."""
    _fill(window, tokens, repeated + size + 1)
    end, rank = _find_end(window[repeated:], 0, size)
    if rank > SENTENCE:
        return with_overlap
    del window[:repeated]
    return end, rank


def _count_repeated(window: list[RankedToken], end: int, overlap: int, rank: int) -> int:
    """Return how many of the chunk's last tokens the next one begins with."""
    if rank <= HEADING:
        return 0
    acceptable = rank if rank > SENTENCE else SENTENCE
    best = 0
    for count in range(1, min(overlap, end - 1) + 1):
        here = window[end - count][2]
        if here <= SENTENCE or (here <= acceptable and not _begins_sentence(window, end, best)):
            best = count
        if here <= HEADING:
            break
    return best


def _begins_sentence(window: list[RankedToken], end: int, count: int) -> bool:
    return count > 0 and window[end - count][2] <= SENTENCE

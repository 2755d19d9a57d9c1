"""OpenAI's `static` strategy: chunks of a fixed number of the embedder's tokens, overlapping by a fixed number."""

from collections.abc import Iterator

from services.retrieval.chunk.tokens import Tokens, token_spans
from services.retrieval.parse import Text


def cut(text: Text, size: int, overlap: int, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Yield the character spans of chunks of at most `size` tokens, each beginning `size - overlap` tokens after the one before.

    The last chunk always brings something new: none lies wholly within the one before it.
    """
    window: list[tuple[int, int]] = []
    fresh = 0
    for span in token_spans(text, tokens):
        if len(window) == size:
            yield window[0][0], window[-1][1]
            window, fresh = window[size - overlap :], 0
        window.append(span)
        fresh += 1
    if fresh:
        yield window[0][0], window[-1][1]

"""OpenAI's `static` strategy: chunks of a fixed number of the embedder's tokens, overlapping by a fixed number."""

from collections.abc import Iterator

from services.retrieval.chunk.tokens import Tokenizer, token_spans
from services.retrieval.parse import Text


def split_static(text: Text, size: int, overlap: int, tokenizer: Tokenizer) -> Iterator[tuple[int, int]]:
    """Yield the character spans of chunks of at most `size` tokens, each beginning `size - overlap` tokens after the previous one.

    The last chunk always has new tokens: no chunk is contained in the previous one.
    """
    window: list[tuple[int, int]] = []
    new = 0
    for span in token_spans(text, tokenizer):
        if len(window) == size:
            yield window[0][0], window[-1][1]
            window, new = window[size - overlap :], 0
        window.append(span)
        new += 1
    if new:
        yield window[0][0], window[-1][1]

"""Previewing: parse → chunk, and nothing is stored. Knows nothing of HTTP."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from services.retrieval.chunk import AUTO, Chunk, Embeds, chunk, token_spans
from services.retrieval.parse import Document, InvalidFile, UnsupportedFile
from shared.contracts.chunking import AutoStrategy, ChunkingStrategy, Strategy
from shared.contracts.chunks import MAX_CHARACTERS, MAX_EMBEDDED_CHARACTERS
from shared.errors import InvalidRequest, TooLarge


@dataclass(frozen=True)
class Previewed:
    """Some of the chunks, each with its number of tokens, and totals of all."""

    strategy: Strategy
    shown: list[tuple[Chunk, int]]
    chunks: int
    tokens: int
    characters: int
    largest: int


def read_text(text: str, filename: str, parse: Callable[[Path, str], Document]) -> Document:
    """Return what `text` would be read as, were it a file of this name.

    Raises:
        InvalidRequest: it cannot be read so.
    """
    with tempfile.TemporaryDirectory(prefix="tandem-preview-") as folder:
        path = Path(folder) / "text"
        path.write_text(text, encoding="utf-8", errors="replace")
        return read(path, filename, parse)


def read(path: Path, filename: str, parse: Callable[[Path, str], Document]) -> Document:
    """Return the document in the bytes at `path`.

    Raises:
        InvalidRequest: they cannot be read.
    """
    try:
        return parse(path, filename)
    except (InvalidFile, UnsupportedFile) as error:
        raise InvalidRequest(f"'{filename}' cannot be read: {error}") from error


def preview(document: Document, asked: ChunkingStrategy, embedder: Embeds, offset: int, limit: int) -> Previewed:
    """Cut the whole document; return the `limit` chunks from number `offset` on, and totals.

    Raises:
        TooLarge: it has more text than a preview may have.
        Unavailable: the embedder cannot be used.
    """
    strategy = AUTO if isinstance(asked, AutoStrategy) else asked
    _refuse_large(len(document.body), strategy)
    shown: list[tuple[Chunk, int]] = []
    chunks = tokens = largest = 0
    for each in chunk(document, strategy, embedder):
        count = sum(1 for _ in token_spans(each.text, embedder))
        chunks, tokens, largest = chunks + 1, tokens + count, max(largest, count)
        if offset <= each.position < offset + limit:
            shown.append((each, count))
    return Previewed(strategy, shown, chunks, tokens, len(document.body), largest)


def _refuse_large(length: int, strategy: Strategy) -> None:
    most = MAX_EMBEDDED_CHARACTERS if strategy.type == "semantic" else MAX_CHARACTERS
    if length > most:
        raise TooLarge(
            f"The text has {length} characters; a preview with the strategy '{strategy.type}' takes at most {most}. "
            "Preview a part of it, or attach the file to a vector store, where it may be larger."
        )

"""Previews how a document would be chunked: parse → chunk, and nothing is stored. Knows nothing of HTTP."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from services.retrieval.chunk import AUTO, Chunk, PassageEmbedder, chunk, token_spans
from services.retrieval.contracts.chunk_preview import MAX_CHARACTERS, MAX_EMBEDDED_CHARACTERS
from services.retrieval.contracts.chunking import AutoStrategy, ChunkingStrategy, Strategy
from services.retrieval.ingestion.pipeline import Parser, leave_out_invalid_lines
from services.retrieval.parse import Document, InvalidFile, UnsupportedFile
from shared.errors import InvalidRequest, TooLarge


@dataclass(frozen=True)
class PreviewResult:
    """The requested chunks, each with its number of tokens, and totals over all chunks."""

    strategy: Strategy
    chunks: list[tuple[Chunk, int]]
    total_chunks: int
    total_tokens: int
    total_characters: int
    largest_chunk_tokens: int


def parse_string(text: str, filename: str, parse: Parser) -> Document:
    """Return the document that a file of this name with this text would be.

    Raises:
        InvalidRequest: if it cannot be parsed.
    """
    with tempfile.TemporaryDirectory(prefix="tandem-preview-") as folder:
        path = Path(folder) / "text"
        path.write_text(text, encoding="utf-8", errors="replace")
        return parse_file(path, filename, parse)


def parse_file(path: Path, filename: str, parse: Parser) -> Document:
    """Return the document in the bytes at `path`.

    Raises:
        InvalidRequest: if it cannot be parsed.
    """
    try:
        return parse(path, filename)
    except UnsupportedFile as error:
        raise InvalidRequest(str(error)) from error
    except InvalidFile as error:
        raise InvalidRequest(f"'{filename}' cannot be read. {error}") from error


def preview_chunks(document: Document, requested: ChunkingStrategy, embedder: PassageEmbedder, offset: int, limit: int) -> PreviewResult:
    """Chunk the whole document; return `limit` chunks, starting with number `offset`, and the totals.

    Raises:
        InvalidRequest: if lines of the document are not valid, and `requested` does not say that they are skipped.
        TooLarge: if the document has more text than a preview may have.
        Unavailable: if the embedder cannot be used.
    """
    strategy = AUTO if isinstance(requested, AutoStrategy) else requested
    try:
        document = leave_out_invalid_lines(document, strategy)
    except InvalidFile as error:
        raise InvalidRequest(str(error)) from error
    _require_previewable(len(document.body), strategy)
    selected: list[tuple[Chunk, int]] = []
    chunks = tokens = largest = 0
    for each in chunk(document, strategy, embedder):
        count = sum(1 for _ in token_spans(each.text, embedder))
        chunks, tokens, largest = chunks + 1, tokens + count, max(largest, count)
        if offset <= each.position < offset + limit:
            selected.append((each, count))
    return PreviewResult(strategy, selected, chunks, tokens, len(document.body), largest)


def _require_previewable(length: int, strategy: Strategy) -> None:
    limit = MAX_EMBEDDED_CHARACTERS if strategy.type == "semantic" else MAX_CHARACTERS
    if length > limit:
        raise TooLarge(
            f"The text has {length} characters; a preview with the chunking strategy '{strategy.type}' accepts at most {limit}. "
            "Preview a part of it, or attach the file to a vector store, which accepts larger files."
        )

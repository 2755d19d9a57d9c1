"""Step 2 of ingesting: a document becomes chunks that know their place in it.

static.py    OpenAI's `static` strategy: so many tokens, overlapping by so many
tokens.py    where the embedder's tokens begin and end
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.retrieval.chunk.static import cut
from services.retrieval.chunk.tokens import Tokens
from services.retrieval.parse import Document
from shared.contracts.chunking import StaticChunking, StaticStrategy, Strategy

__all__ = ["AUTO", "Chunk", "Parent", "Tokens", "chunk"]

# What `auto` means: with its title and headings such a chunk fits a window of 256 tokens, which every common embedder has.
AUTO = StaticStrategy(static=StaticChunking(max_chunk_size_tokens=200, chunk_overlap_tokens=50))
MAX_CONTEXT = 200


@dataclass(frozen=True)
class Parent:
    """The larger piece of a document that a chunk stands for: who finds the chunk gets this text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """A piece of a document: `text` is the document's text from character `start` to `end`; `position` counts from 0."""

    position: int
    text: str
    start: int
    end: int
    page: int | None
    heading_path: list[str]
    title: str | None
    parent: Parent | None = None

    @property
    def in_context(self) -> str:
        """The text as it is embedded and looked up by keyword: after its title and headings, where it does not show them itself."""
        parts = dict.fromkeys(part for part in (self.title, *self.heading_path) if part and part not in self.text)
        return "\n".join(filter(None, (" \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ".join(parts)[:MAX_CONTEXT], self.text)))


def chunk(document: Document, strategy: Strategy, tokens: Tokens) -> Iterator[Chunk]:
    """Cut `document` into chunks and yield them in reading order, as they are asked for."""
    spans = cut(document.text, strategy.static.max_chunk_size_tokens, strategy.static.chunk_overlap_tokens, tokens)
    return (_place(document, position, start, end) for position, (start, end) in enumerate(spans))


def _place(document: Document, position: int, start: int, end: int) -> Chunk:
    path = document.heading_path_at(start)
    return Chunk(position, document.text[start:end], start, end, document.page_at(start), path, document.title)

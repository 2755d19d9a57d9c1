"""Step 2 of ingesting: a document becomes chunks that know their place in it.

static.py    OpenAI's `static` strategy: so many tokens, overlapping by so many
marks.py     where a text may be cut, and how well: paragraphs, sentences, headings, tables, code
semantic.py  where its subject changes
pack.py      tokens into chunks that end where the text is best cut
split.py     a long document in parts, of which one at a time is held
tokens.py    where the embedder's tokens begin and end
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from services.retrieval.chunk.marks import Mark, markdown_marks, paragraph_marks, sentence_marks
from services.retrieval.chunk.pack import Piece, pack, pieces
from services.retrieval.chunk.semantic import semantic_marks
from services.retrieval.chunk.split import parts
from services.retrieval.chunk.static import cut
from services.retrieval.chunk.tokens import Embeds, Tokens, token_spans
from services.retrieval.contracts.chunking import (
    ChunkSizes,
    MarkdownStrategy,
    ParentChildChunking,
    ParentChildStrategy,
    Strategy,
    get_sizes,
)
from services.retrieval.parse import Document, Heading

__all__ = ["AUTO", "Chunk", "Embeds", "Parent", "Tokens", "chunk", "token_spans"]

# What `auto` means: the best of those that `benchmarks/retrieval/chunking.py` measures.
AUTO = MarkdownStrategy(markdown=ChunkSizes(max_chunk_size_tokens=100, chunk_overlap_tokens=0))
MAX_CONTEXT = 200


@dataclass(frozen=True)
class Parent:
    """The larger piece of a document that a chunk stands for: who finds the chunk gets this text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """A piece of a document: `text` is the document's text from character `start` to `end`; `position` counts from 0.

    `has_header` says whether title and headings are embedded with it.
    """

    position: int
    text: str
    start: int
    end: int
    page: int | None
    heading_path: list[str]
    title: str | None
    parent: Parent | None = None
    has_header: bool = True

    @property
    def in_context(self) -> str:
        """The text as it is embedded and looked up by keyword: after its title and headings, where it does not show them itself."""
        if not self.has_header:
            return self.text
        parts = dict.fromkeys(part for part in (self.title, *self.heading_path) if part and part not in self.text)
        return "\n".join(filter(None, (" \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} ".join(parts)[:MAX_CONTEXT], self.text)))


Span: TypeAlias = tuple[int, int]


def chunk(document: Document, strategy: Strategy, embedder: Embeds) -> Iterator[Chunk]:
    """Cut `document` into chunks and yield them in reading order, as they are asked for. Only `semantic` embeds anything."""
    trail, has_header = _Trail(document.headings), get_sizes(strategy).contextual_header
    for position, ((start, end), parent) in enumerate(_spans(document, strategy, embedder)):
        text, path = document.body[start:end], trail.at(start)
        yield Chunk(position, text, start, end, document.page_at(start), path, document.title, parent, has_header)


def _spans(document: Document, strategy: Strategy, embedder: Embeds) -> Iterator[tuple[Span, Parent | None]]:
    if isinstance(strategy, ParentChildStrategy):
        return _children(document, strategy.parent_child, embedder)
    return ((span, None) for span in _plain_spans(document, strategy, embedder))


def _plain_spans(document: Document, strategy: Strategy, embedder: Embeds) -> Iterator[Span]:
    sizes = get_sizes(strategy)
    size, overlap = sizes.max_chunk_size_tokens, sizes.chunk_overlap_tokens
    if strategy.type == "static":
        return cut(document.body, size, overlap, embedder)
    return pack(_pieces(document, _marking(strategy, embedder), embedder), size, overlap)


def _marking(strategy: Strategy, embedder: Embeds) -> Callable[[Document], Iterator[Mark]]:
    """Return what says where a document may be cut."""
    if strategy.type == "sentence":
        return lambda part: sentence_marks(part.text)
    if strategy.type == "recursive":
        return lambda part: paragraph_marks(part.text)
    if strategy.type == "semantic":
        return lambda part: semantic_marks(part.text, strategy.semantic.breakpoint_percentile, embedder)
    return markdown_marks


def _pieces(document: Document, marking: Callable[[Document], Iterator[Mark]], tokens: Tokens) -> Iterator[Piece]:
    for begin, part in parts(document):
        for start, end, rank in pieces(part.text, marking(part), tokens):
            yield begin + start, begin + end, rank


def _children(document: Document, sizes: ParentChildChunking, tokens: Tokens) -> Iterator[tuple[Span, Parent]]:
    """Yield the children of each parent in turn; parents follow headings and do not overlap."""
    for start, end in pack(_pieces(document, markdown_marks, tokens), sizes.parent_max_chunk_size_tokens, 0):
        parent = Parent(document.body[start:end], start, end)
        inside = pieces(parent.text, markdown_marks(Document(parent.text)), tokens)
        for first, last in pack(inside, sizes.max_chunk_size_tokens, sizes.chunk_overlap_tokens):
            yield (start + first, start + last), parent


class _Trail:
    """The headings that an offset lies under, for offsets that only grow: a document of many headings takes no longer for it."""

    def __init__(self, headings: tuple[Heading, ...]) -> None:
        self._headings = headings
        self._next = 0
        self._path: list[Heading] = []

    def at(self, offset: int) -> list[str]:
        """Return them, from the outermost inwards."""
        while self._next < len(self._headings) and self._headings[self._next].start <= offset:
            heading = self._headings[self._next]
            self._path = [*(outer for outer in self._path if outer.level < heading.level), heading]
            self._next += 1
        return [heading.text for heading in self._path]

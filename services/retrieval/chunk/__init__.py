"""Documents to chunks that know their position. A step of ingesting.

`ingestion`, `search`, `index`, the routes and the wiring may import this room. It reads no files and knows no index.

    static.py      OpenAI's `static` strategy: a fixed number of tokens, overlapping by a fixed number
    boundaries.py  where a text may be cut, and how well: paragraphs, sentences, headings, tables, code
    semantic.py    where the subject of a text changes
    assemble.py    tokens to chunks that end at the best boundaries
    split.py       a long document in parts, of which one at a time is in memory
    tokens.py      where the embedder's tokens begin and end
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from services.retrieval.chunk.assemble import RankedToken, assemble_chunks, rank_tokens
from services.retrieval.chunk.boundaries import Boundary, markdown_boundaries, paragraph_boundaries, sentence_boundaries
from services.retrieval.chunk.semantic import semantic_boundaries
from services.retrieval.chunk.split import split_document
from services.retrieval.chunk.static import split_static
from services.retrieval.chunk.tokens import PassageEmbedder, Tokenizer, token_spans
from services.retrieval.contracts.chunking import (
    ChunkSizes,
    MarkdownStrategy,
    ParentChildChunking,
    ParentChildStrategy,
    Strategy,
    get_sizes,
)
from services.retrieval.parse import Document, Heading

__all__ = ["AUTO", "Chunk", "Parent", "PassageEmbedder", "Tokenizer", "chunk", "token_spans"]

# The strategy `auto`: the best of those that `benchmarks/retrieval/chunking.py` measures.
AUTO = MarkdownStrategy(markdown=ChunkSizes(max_chunk_size_tokens=100, chunk_overlap_tokens=0))
MAX_HEADER_LENGTH = 200
HEADER_SEPARATOR = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


@dataclass(frozen=True)
class Parent:
    """The larger part of a document that contains a chunk: a search that finds the chunk returns this text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Chunk:
    """A part of a document: `text` is the document's text from character `start` to `end`; `position` counts from 0.

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
        """The text as it is embedded and indexed by keyword: after its title and headings, unless it contains them itself."""
        if not self.has_header:
            return self.text
        names = dict.fromkeys(name for name in (self.title, *self.heading_path) if name and name not in self.text)
        return "\n".join(filter(None, (HEADER_SEPARATOR.join(names)[:MAX_HEADER_LENGTH], self.text)))


Span: TypeAlias = tuple[int, int]


def chunk(document: Document, strategy: Strategy, embedder: PassageEmbedder) -> Iterator[Chunk]:
    """Cut `document` into chunks, and yield them in reading order as they are requested. Only `semantic` embeds anything."""
    headings, has_header = _HeadingPath(document.headings), get_sizes(strategy).contextual_header
    for position, ((start, end), parent) in enumerate(_find_spans(document, strategy, embedder)):
        text, path = document.body[start:end], headings.at(start)
        yield Chunk(position, text, start, end, document.page_at(start), path, document.title, parent, has_header)


def _find_spans(document: Document, strategy: Strategy, embedder: PassageEmbedder) -> Iterator[tuple[Span, Parent | None]]:
    if isinstance(strategy, ParentChildStrategy):
        return _find_children(document, strategy.parent_child, embedder)
    return ((span, None) for span in _find_flat_spans(document, strategy, embedder))


def _find_flat_spans(document: Document, strategy: Strategy, embedder: PassageEmbedder) -> Iterator[Span]:
    sizes = get_sizes(strategy)
    size, overlap = sizes.max_chunk_size_tokens, sizes.chunk_overlap_tokens
    if strategy.type == "static":
        return split_static(document.body, size, overlap, embedder)
    return assemble_chunks(_rank_document(document, _boundary_finder(strategy, embedder), embedder), size, overlap)


BoundaryFinder = Callable[[Document], Iterator[Boundary]]


def _boundary_finder(strategy: Strategy, embedder: PassageEmbedder) -> BoundaryFinder:
    """Return the function that finds where a document may be cut."""
    if strategy.type == "sentence":
        return lambda part: sentence_boundaries(part.text)
    if strategy.type == "recursive":
        return lambda part: paragraph_boundaries(part.text)
    if strategy.type == "semantic":
        return lambda part: semantic_boundaries(part.text, strategy.semantic.breakpoint_percentile, embedder)
    return markdown_boundaries


def _rank_document(document: Document, find_boundaries: BoundaryFinder, tokenizer: Tokenizer) -> Iterator[RankedToken]:
    for offset, part in split_document(document):
        for start, end, rank in rank_tokens(part.text, find_boundaries(part), tokenizer):
            yield offset + start, offset + end, rank


def _find_children(document: Document, sizes: ParentChildChunking, tokenizer: Tokenizer) -> Iterator[tuple[Span, Parent]]:
    """Yield the children of each parent in turn. Parents respect headings and do not overlap."""
    for start, end in assemble_chunks(_rank_document(document, markdown_boundaries, tokenizer), sizes.parent_max_chunk_size_tokens, 0):
        parent = Parent(document.body[start:end], start, end)
        tokens = rank_tokens(parent.text, markdown_boundaries(Document(parent.text)), tokenizer)
        for first, last in assemble_chunks(tokens, sizes.max_chunk_size_tokens, sizes.chunk_overlap_tokens):
            yield (start + first, start + last), parent


class _HeadingPath:
    """The headings above an offset, for offsets that only grow; so the time does not depend on the number of headings."""

    def __init__(self, headings: tuple[Heading, ...]) -> None:
        self._headings = headings
        self._next = 0
        self._path: list[Heading] = []

    def at(self, offset: int) -> list[str]:
        """Return the headings above `offset`, from the outermost inwards."""
        while self._next < len(self._headings) and self._headings[self._next].start <= offset:
            heading = self._headings[self._next]
            self._path = [*(outer for outer in self._path if outer.level < heading.level), heading]
            self._next += 1
        return [heading.text for heading in self._path]

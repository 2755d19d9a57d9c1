"""Flow 1: document → parse → chunk → embed → index.

Knows nothing of HTTP, leases or the database; `work.py` decides what is ingested when, and what an error means.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from services.retrieval.chunk import Chunk, Tokens, chunk
from services.retrieval.embedding.embed import Vectors
from services.retrieval.index import Index, Point, Sparse
from services.retrieval.index.points import ATTACHMENT, Owner, to_point
from services.retrieval.ingestion.vector_reuse import Known
from services.retrieval.parse import Document, parse
from shared.contracts.chunking import Strategy
from shared.contracts.vector_stores import Stage

# Chunks embedded and stored at a time: a few seconds of work, after which progress shows and a stop is heeded.
PORTION = 64
# Portions that are embedded beyond the one waited for, so that the embedder never waits for the index or the database.
AHEAD = 2
PIECE = 1 << 20
T = TypeVar("T")
Parses = Callable[[Path, str], Document]
"""Called with where the bytes are and what the client calls them; raises UnsupportedFile or InvalidFile."""


@dataclass(frozen=True)
class Progress:
    """How far the work is: `percent` in 0-100, chunks indexed; `chunk_count` is how many there are in all, 0 while that is unknown."""

    stage: Stage
    percent: float
    chunks_done: int = 0
    chunk_count: int = 0


Report = Callable[[Progress], None]
"""Called before each step; raises where the work must end."""


class Embeds(Tokens, Protocol):
    """What turns passages into vectors of its space."""

    space: str

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one vector for each text."""


class Weighs(Protocol):
    """What turns passages into keywords."""

    def weigh_passage(self, text: str) -> Sparse:
        """Return the passage's terms."""


@dataclass(frozen=True)
class Source:
    """What is ingested: the bytes, what the client calls them, how to cut them, what the chunks will belong to, and known vectors."""

    path: Path
    filename: str
    chunking: Strategy
    owner: Owner
    known: Known


@dataclass(frozen=True)
class Ingested:
    """What came out.

    `usage_bytes` is the size of texts and vectors, `chunks_reused` counts the vectors that were known, `note` says what was not read.
    """

    chunk_count: int
    usage_bytes: int
    chunks_reused: int
    note: str | None = None


@dataclass(frozen=True)
class Steps:
    """What the steps need."""

    embedder: Embeds
    bm25: Weighs
    index: Index
    parse: Parses = parse


def ingest(source: Source, steps: Steps, report: Report) -> Ingested:
    """Make the document searchable. Doing it again replaces what is there.

    Raises:
        UnsupportedFile, InvalidFile: the document cannot be read.
        Unavailable, StorageFull: the index or the embedder cannot be used now.
    """
    _clear(source, steps)
    report(Progress("parsing", 0))
    document = steps.parse(source.path, source.filename)
    report(Progress("chunking", 5))
    count, percent = 0, 10.0
    for portion in _embedded(_portions(chunk(document, source.chunking, steps.embedder)), source.known, steps.embedder):
        total = count + len(portion.chunks) if portion.is_last else 0
        report(Progress("embedding", percent, count, total))
        vectors = portion.vectors.result()
        percent = 10 + 90 * portion.chunks[-1].end / len(document.body)
        report(Progress("indexing", percent, count, total))
        steps.index.upsert(steps.embedder.space, _points(source, portion.chunks, vectors, steps))
        count += len(portion.chunks)
    return Ingested(count, _size(document, count, steps.embedder.dimension), source.known.reused, document.note)


def _clear(source: Source, steps: Steps) -> None:
    """Remove what an earlier try may have left; the index proves to be there before any work is done."""
    steps.index.prepare(steps.embedder.space, steps.embedder.dimension)
    steps.index.delete(steps.embedder.space, {ATTACHMENT: source.owner.attachment_id})


def _portions(chunks: Iterator[T]) -> Iterator[tuple[Sequence[T], bool]]:
    """Yield portions as they come, each with whether it is the last: a large document's chunks are never all there at once."""
    portion = list(islice(chunks, PORTION))
    while portion:
        following = list(islice(chunks, PORTION))
        yield portion, not following
        portion = following


@dataclass(frozen=True)
class Portion:
    """Chunks whose vectors are on their way."""

    chunks: Sequence[Chunk]
    is_last: bool
    vectors: Future[Vectors]


def _embedded(portions: Iterator[tuple[Sequence[Chunk], bool]], known: Known, embedder: Embeds) -> Iterator[Portion]:
    """Yield the portions in order; `AHEAD` further ones are with the embedder meanwhile."""
    pool = ThreadPoolExecutor(AHEAD + 1, "ingest-ahead")
    try:
        waiting: deque[Portion] = deque()
        for chunks, is_last in portions:
            texts = [each.in_context for each in chunks]
            waiting.append(Portion(chunks, is_last, pool.submit(known.embed, texts, embedder.embed_passages)))
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting
    finally:
        pool.shutdown(cancel_futures=True)


def _points(source: Source, chunks: Sequence[Chunk], vectors: Vectors, steps: Steps) -> list[Point]:
    terms = [steps.bm25.weigh_passage(chunk.in_context) for chunk in chunks]
    return [to_point(source.owner, *each) for each in zip(chunks, vectors.tolist(), terms, strict=True)]


def _size(document: Document, count: int, dimension: int) -> int:
    text = document.body  # piece by piece: a long one is never held whole
    return sum(len(text[first : first + PIECE].encode()) for first in range(0, len(text), PIECE)) + 4 * dimension * count

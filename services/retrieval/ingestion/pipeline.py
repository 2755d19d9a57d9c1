"""Flow 1: document → parse → chunk → embed → index.

Knows nothing of HTTP, leases or the database. `index_file.py` decides what is ingested and what an error means.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from services.retrieval.chunk import Chunk, PassageEmbedder, chunk
from services.retrieval.contracts.chunking import Strategy, get_sizes
from services.retrieval.contracts.vector_stores import Stage
from services.retrieval.embedding.vectors import Vectors
from services.retrieval.index import Index, Point, SparseVector
from services.retrieval.index.points import ATTACHMENT, ChunkOwner, to_point
from services.retrieval.ingestion.vector_reuse import EmbeddedTexts, ReusableVectors
from services.retrieval.parse import Document, InvalidFile

# Chunks that are embedded and indexed together: a few seconds of work, after which progress is reported, a stop is noticed, and other
# files may take their turn.
BATCH_SIZE = 64
# Batches that are embedded ahead of the one being indexed, so that the embedder never waits for the index or the database.
PREFETCH = 2
SLICE_CHARACTERS = 1 << 20
T = TypeVar("T")
Parser = Callable[[Path, str], Document]
"""Called with the path of the bytes and the client's name for them. Raises UnsupportedFile or InvalidFile."""
Check = Callable[[], None]
"""Raises if the work must stop. Every step that may take long calls it about twice a second."""
StoppableParser = Callable[[Path, str, Check], Document]
"""A parser that calls the check until it is done."""
CHECK_SECONDS = 0.4


@dataclass(frozen=True)
class Progress:
    """The current stage, `percent` in 0-100, and the chunks indexed so far; `chunk_count` is their total, 0 until it is known."""

    stage: Stage
    percent: float
    chunks_done: int = 0
    chunk_count: int = 0


ReportProgress = Callable[[Progress], None]
"""Called before each step. Raises if the work must stop."""


class _Reported:
    """Reports progress, and remembers it, so that a check can report it again."""

    def __init__(self, report: ReportProgress) -> None:
        self._report = report
        self._last = Progress("parsing", 0)

    def report(self, progress: Progress) -> None:
        self._last = progress
        self.check()

    def check(self) -> None:
        """Raise if the work must stop."""
        self._report(self._last)


class SpaceEmbedder(PassageEmbedder, Protocol):
    """Turns passages into vectors of its space."""

    space: str

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""


class SparseEncoder(Protocol):
    """Turns passages into weighted terms."""

    def encode_passage(self, text: str) -> SparseVector:
        """Return the passage's terms."""


@dataclass(frozen=True)
class Source:
    """What to ingest: the bytes, the client's name for them, how to chunk them, what the chunks belong to, and vectors to reuse."""

    path: Path
    filename: str
    chunking: Strategy
    owner: ChunkOwner
    reusable: ReusableVectors


@dataclass(frozen=True)
class Components:
    """What the steps use."""

    embedder: SpaceEmbedder
    bm25: SparseEncoder
    index: Index
    parse: StoppableParser


@dataclass(frozen=True)
class IngestResult:
    """`usage_bytes` is the size of texts and vectors, `chunks_reused` counts reused vectors, `note` says what was not read.

    `seconds` is how long the work took, if the caller measured it.
    """

    chunk_count: int
    usage_bytes: int
    chunks_reused: int
    note: str | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class _Batch:
    """Chunks whose vectors are being computed."""

    chunks: Sequence[Chunk]
    is_last: bool
    embedded: Future[EmbeddedTexts]


def ingest(source: Source, components: Components, report: ReportProgress) -> Generator[None, None, IngestResult]:
    """Make the document searchable, and yield after each batch of chunks. Doing it again replaces what is there.

    Raises:
        UnsupportedFile, InvalidFile: if the document cannot be read.
        Unavailable, StorageFull: if the index or the embedder cannot be used now.
    """
    _delete_earlier_points(source, components)
    progress = _Reported(report)
    progress.report(Progress("parsing", 0))
    document = leave_out_invalid_lines(components.parse(source.path, source.filename, progress.check), source.chunking)
    progress.report(Progress("chunking", 5))
    chunks = chunk(document, source.chunking, _Stoppable(components.embedder, progress.check))
    batches = _embed_ahead(_batches(_check_between(chunks, progress.check)), source.reusable, components.embedder)
    count, reused = yield from _index(batches, len(document.body), source, components, progress)
    return IngestResult(count, _usage_bytes(document, count, components.embedder.dimension), reused, document.note)


def leave_out_invalid_lines(document: Document, chunking: Strategy) -> Document:
    """Return a document whose note names the lines that are missing because they are not valid.

    Raises:
        InvalidFile: if there are such lines, and `chunking` does not say that they are skipped.
    """
    if document.problem is None:
        return document
    if get_sizes(chunking).invalid_lines == "reject":
        advice = f"or set 'invalid_lines' to 'skip' in '{chunking.type}' of its 'chunking_strategy' to index the other lines"
        raise InvalidFile(f"{document.problem} Correct the file and upload it again, {advice}.")
    note = " ".join(filter(None, (document.note, document.problem, "The other lines were read.")))
    return replace(document, note=note, problem=None)


def _delete_earlier_points(source: Source, components: Components) -> None:
    """Delete what an earlier attempt left. If the index does not answer, this fails before any other work is done."""
    components.index.ensure_space(components.embedder.space, components.embedder.dimension)
    components.index.delete(components.embedder.space, {ATTACHMENT: source.owner.attachment_id})


def _check_between(chunks: Iterator[T], check: Check) -> Iterator[T]:
    for each in chunks:
        check()
        yield each


class _Stoppable:
    """Embeds passages for the chunker, a batch at a time, with a check before each."""

    def __init__(self, embedder: PassageEmbedder, check: Check) -> None:
        self.token_offsets = embedder.token_offsets
        self._embed = embedder.embed_passages
        self._check = check

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        batches = []
        for start in range(0, len(texts), BATCH_SIZE):
            self._check()
            batches.append(self._embed(texts[start : start + BATCH_SIZE]))
        return np.concatenate(batches)


def _batches(chunks: Iterator[T]) -> Iterator[tuple[Sequence[T], bool]]:
    """Yield each batch and whether it is the last. The chunks of a large document are never all in memory."""
    batch = list(islice(chunks, BATCH_SIZE))
    while batch:
        following = list(islice(chunks, BATCH_SIZE))
        yield batch, not following
        batch = following


def _embed_ahead(batches: Iterator[tuple[Sequence[Chunk], bool]], reusable: ReusableVectors, embedder: SpaceEmbedder) -> Iterator[_Batch]:
    """Yield the batches in order while the next `PREFETCH` are being embedded."""
    pool = ThreadPoolExecutor(PREFETCH + 1, "ingest-embed")
    try:
        pending: deque[_Batch] = deque()
        for chunks, is_last in batches:
            texts = [each.in_context for each in chunks]
            pending.append(_Batch(chunks, is_last, pool.submit(reusable.embed, texts, embedder.embed_passages)))
            if len(pending) > PREFETCH:
                yield pending.popleft()
        yield from pending
    finally:
        # Does not wait for passages that are being embedded, so that a worker whose file was canceled can start another.
        pool.shutdown(wait=False, cancel_futures=True)


def _index(
    batches: Iterator[_Batch], characters: int, source: Source, components: Components, progress: _Reported
) -> Generator[None, None, tuple[int, int]]:
    """Store the batches as they are embedded; return how many chunks there are and how many vectors were reused."""
    count, reused, percent = 0, 0, 10.0
    for batch in batches:
        total = count + len(batch.chunks) if batch.is_last else 0
        progress.report(Progress("embedding", percent, count, total))
        embedded = _wait(batch.embedded, progress.check)
        percent = 10 + 90 * batch.chunks[-1].end / characters
        progress.report(Progress("indexing", percent, count, total))
        components.index.upsert(components.embedder.space, _to_points(source, batch.chunks, embedded.vectors, components))
        count, reused = count + len(batch.chunks), reused + embedded.reused
        if not batch.is_last:
            yield
    return count, reused


def _wait(embedded: Future[EmbeddedTexts], check: Check) -> EmbeddedTexts:
    while not wait([embedded], CHECK_SECONDS).done:
        check()
    return embedded.result()


def _to_points(source: Source, chunks: Sequence[Chunk], vectors: Vectors, components: Components) -> list[Point]:
    terms = [components.bm25.encode_passage(chunk.in_context) for chunk in chunks]
    return [to_point(source.owner, *each) for each in zip(chunks, vectors.tolist(), terms, strict=True)]


def _usage_bytes(document: Document, chunk_count: int, dimension: int) -> int:
    text = document.body  # slice by slice: a long text is never held whole
    slices = (text[first : first + SLICE_CHARACTERS] for first in range(0, len(text), SLICE_CHARACTERS))
    return sum(len(each.encode()) for each in slices) + 4 * dimension * chunk_count

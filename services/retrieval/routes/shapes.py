"""Records as the wire shows them."""

from collections import Counter
from typing import Any

from pydantic import TypeAdapter

from services.retrieval.catalog.records import (
    CANCELLED,
    CANCELLING,
    COMPLETED,
    FAILED,
    IN_PROGRESS,
    RELABELLING,
    Attachment,
    File,
    FileBatch,
    Reembedding,
    Store,
)
from services.retrieval.chunk import Chunk
from services.retrieval.ingestion.chunk_preview import Previewed
from services.retrieval.search.fuse import Place
from services.retrieval.search.hits import Found
from shared.contracts import reembeddings as moves
from shared.contracts import vector_stores as wire
from shared.contracts.chunking import AutoStrategy, shown, to_strategy
from shared.contracts.chunks import ChunkPreview, PreviewedChunk
from shared.contracts.files import FileObject
from shared.contracts.search import ChunkPlace, ScorePart, Scores, SearchHit, SearchRequest, Span, TextContent
from shared.contracts.vector_stores import ExpiresAfter, FileCounts, VectorStore, VectorStoreFile


def file_object(file: File) -> FileObject:
    """Return a file as the wire shows it."""
    return FileObject(
        id=file.id,
        bytes=file.bytes,
        created_at=int(file.created_at),
        filename=file.filename,
        purpose=file.purpose,
        expires_at=int(file.expires_at) if file.expires_at else None,
        sha256=file.sha256,
    )


def vector_store(store: Store, statuses: Counter[str], usage_bytes: int) -> VectorStore:
    """Return a store as the wire shows it; `statuses` counts its files by status."""
    done = "in_progress" if statuses[IN_PROGRESS] else "completed"
    return VectorStore(
        id=store.id,
        created_at=int(store.created_at),
        name=store.name,
        description=store.description,
        status="expired" if store.has_expired else "in_progress" if done == "in_progress" else "completed",
        file_counts=file_counts(statuses),
        usage_bytes=usage_bytes,
        last_active_at=int(store.last_active_at),
        expires_after=ExpiresAfter(days=store.expires_days) if store.expires_days else None,
        expires_at=int(store.expires_at) if store.expires_at else None,
        metadata=store.details,
        embedding_model=store.embedding_model,
        chunking_strategy=to_strategy(store.chunking) if store.chunking else AutoStrategy(),
    )


def file_counts(statuses: Counter[str]) -> FileCounts:
    """Return how many files are in which status; one that is being cancelled counts as cancelled."""
    return FileCounts(
        in_progress=statuses[IN_PROGRESS],
        completed=statuses[COMPLETED],
        failed=statuses[FAILED],
        cancelled=statuses[CANCELLED] + statuses[CANCELLING],
        total=statuses.total(),
    )


def file_batch(batch: FileBatch, statuses: Counter[str]) -> wire.FileBatch:
    """Return a batch as the wire shows it; `statuses` counts its files by status."""
    counts = file_counts(statuses)
    return wire.FileBatch(
        id=batch.id,
        created_at=int(batch.created_at),
        vector_store_id=batch.vector_store_id,
        status=_batch_status(batch, counts),
        file_counts=counts,
    )


def _batch_status(batch: FileBatch, counts: FileCounts) -> wire.FileStatus:
    if batch.cancelled_at is not None:
        return "cancelled"
    if counts.in_progress:
        return "in_progress"
    return "failed" if counts.failed and counts.failed == counts.total else "completed"


def vector_store_file(attachment: Attachment, filename: str) -> VectorStoreFile:
    """Return a file in a store as the wire shows it."""
    fields = {
        "id": attachment.file_id,
        "created_at": int(attachment.created_at),
        "vector_store_id": attachment.vector_store_id,
        "status": CANCELLED if attachment.status == CANCELLING else attachment.status,
        "last_error": attachment.error,
        "usage_bytes": attachment.usage_bytes,
        "attributes": attachment.attributes,
        "chunking_strategy": shown(to_strategy(attachment.chunking)),
        "stage": COMPLETED if attachment.stage == RELABELLING else attachment.stage,
        "percent": attachment.percent,
        "chunk_count": attachment.chunk_count,
        "chunks_done": attachment.chunks_done,
        "note": attachment.note,
        "duplicate_of": attachment.duplicate_of,
        "filename": filename,
    }
    return VectorStoreFile.model_validate(fields)


def chunk_place(chunk: Chunk) -> ChunkPlace:
    """Return where a chunk lies as the wire shows it."""
    parent = chunk.parent
    return ChunkPlace(
        position=chunk.position,
        start=chunk.start,
        end=chunk.end,
        page=chunk.page,
        heading_path=chunk.heading_path,
        title=chunk.title,
        parent_start=parent.start if parent else None,
        parent_end=parent.end if parent else None,
    )


def chunk_preview(previewed: Previewed, model: str, offset: int) -> ChunkPreview:
    """Return a preview as the wire shows it; `offset` is the number of the first chunk shown."""
    return ChunkPreview(
        chunking_strategy=previewed.strategy,
        embedding_model=model,
        data=[
            PreviewedChunk(**chunk_place(chunk).model_dump(), text=chunk.text, tokens=tokens, embedded_text=chunk.in_context)
            for chunk, tokens in previewed.shown
        ],
        has_more=previewed.chunks > offset + len(previewed.shown),
        total_chunks=previewed.chunks,
        total_tokens=previewed.tokens,
        total_characters=previewed.characters,
        largest_chunk_tokens=previewed.largest,
    )


def search_hit(found: Found, request: SearchRequest) -> SearchHit:
    """Return a chunk that was found as the wire shows it, with what the request asks for."""
    filed, passage, chunks = found.filed, found.passage, (found, *found.others)
    return SearchHit(
        file_id=filed.file_id,
        filename=filed.filename,
        score=found.score,
        attributes=dict(filed.attributes or {}),
        content=[TextContent(text=each.text) for each in chunks],
        chunk=chunk_place(found.chunk),
        vector_store_id=filed.vector_store_id,
        chunks=[chunk_place(each.chunk) for each in chunks] if request.group_by_file else None,
        context=passage and Span(start=passage.start, end=passage.end, first_position=passage.first, last_position=passage.last),
        scores=_scores(found) if request.explain else None,
    )


def _scores(found: Found) -> Scores:
    ranked = found.candidate.ranked
    return Scores(
        query=found.candidate.query,
        vector=_part(ranked.vector),
        keyword=_part(ranked.keyword),
        fused=ScorePart(score=ranked.score, rank=found.candidate.rank),
        rerank=_part(found.reranked),
    )


def _part(place: Place | None) -> ScorePart | None:
    return ScorePart(score=place.score, rank=place.rank, raw=place.raw) if place else None


def reembedding(moved: Reembedding, statuses: Counter[str], percent: float) -> moves.Reembedding:
    """Return a re-embedding as the wire shows it; `statuses` counts the files of its edition by status."""
    return moves.Reembedding(
        id=moved.id,
        vector_store_id=moved.vector_store_id,
        status=TypeAdapter(moves.ReembeddingStatus).validate_python(moved.status),
        percent=percent,
        file_counts=file_counts(statuses),
        source=_embedded(moved.from_embedding_model, moved.from_chunking),
        target=_embedded(moved.embedding_model, moved.chunking),
        error=moves.ReembeddingError.model_validate(moved.error) if moved.error else None,
        created_at=int(moved.created_at),
        ended_at=int(moved.ended_at) if moved.ended_at else None,
    )


def _embedded(model: str, chunking: dict[str, Any] | None) -> moves.Embedded:
    return moves.Embedded(embedding_model=model, chunking_strategy=to_strategy(chunking) if chunking else None)

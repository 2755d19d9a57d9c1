"""Converts records and results into the API's response bodies."""

from collections import Counter
from typing import Any

from pydantic import TypeAdapter

from services.retrieval.catalog.records import (
    CANCELLED,
    CANCELLING,
    COMPLETED,
    FAILED,
    IN_PROGRESS,
    UPDATING_ATTRIBUTES,
    Attachment,
    File,
    FileBatch,
    Reembedding,
    Store,
)
from services.retrieval.catalog.stores import FileFigures
from services.retrieval.chunk import Chunk
from services.retrieval.contracts import reembeddings as reembeddings_wire
from services.retrieval.contracts import vector_stores as wire
from services.retrieval.contracts.chunk_preview import ChunkPreview, PreviewedChunk
from services.retrieval.contracts.chunking import AutoStrategy, parse_strategy, to_openai_strategy
from services.retrieval.contracts.vector_stores import ExpiresAfter, FileCounts, VectorStore, VectorStoreFile
from services.retrieval.ingestion.chunk_preview import PreviewResult
from services.retrieval.search.fuse import ListScore
from services.retrieval.search.hits import ChunkHit, ContextWindow
from shared.contracts.files import FileObject
from shared.contracts.search import ChunkLocation, ScoreComponent, Scores, SearchHit, SearchRequest, Span, TextContent


def file_object(file: File) -> FileObject:
    """Return the response for a file."""
    return FileObject(
        id=file.id,
        bytes=file.bytes,
        created_at=int(file.created_at),
        filename=file.filename,
        purpose=file.purpose,
        expires_at=int(file.expires_at) if file.expires_at else None,
        sha256=file.sha256,
    )


def vector_store(store: Store, figures: FileFigures) -> VectorStore:
    """Return the response for a store with these figures of its files."""
    return VectorStore(
        id=store.id,
        created_at=int(store.created_at),
        name=store.name,
        description=store.description,
        status="expired" if store.has_expired else "in_progress" if figures.statuses[IN_PROGRESS] else "completed",
        file_counts=file_counts(figures.statuses),
        usage_bytes=figures.usage_bytes,
        last_active_at=int(store.last_active_at),
        expires_after=ExpiresAfter(days=store.expires_days) if store.expires_days else None,
        expires_at=int(store.expires_at) if store.expires_at else None,
        metadata=store.details,
        embedding_model=store.embedding_model,
        chunking_strategy=parse_strategy(store.chunking) if store.chunking else AutoStrategy(),
        indexing_seconds=_round_seconds(figures.indexing_seconds),
    )


def _round_seconds(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def file_counts(statuses: Counter[str]) -> FileCounts:
    """Return how many files have which status. A file that is being canceled counts as canceled."""
    return FileCounts(
        in_progress=statuses[IN_PROGRESS],
        completed=statuses[COMPLETED],
        failed=statuses[FAILED],
        cancelled=statuses[CANCELLED] + statuses[CANCELLING],
        total=statuses.total(),
    )


def file_batch(batch: FileBatch, statuses: Counter[str]) -> wire.FileBatch:
    """Return the response for a batch; `statuses` counts its files by status."""
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
    """Return the response for a file in a store."""
    fields = {
        "id": attachment.file_id,
        "created_at": int(attachment.created_at),
        "vector_store_id": attachment.vector_store_id,
        "status": CANCELLED if attachment.status == CANCELLING else attachment.status,
        "last_error": attachment.error,
        "usage_bytes": attachment.usage_bytes,
        "attributes": attachment.attributes,
        "chunking_strategy": to_openai_strategy(parse_strategy(attachment.chunking)),
        "stage": COMPLETED if attachment.stage == UPDATING_ATTRIBUTES else attachment.stage,
        "percent": attachment.percent,
        "chunk_count": attachment.chunk_count,
        "chunks_done": attachment.chunks_done,
        "note": attachment.note,
        "duplicate_of": attachment.duplicate_of,
        "indexing_seconds": _round_seconds(attachment.indexing_seconds),
        "filename": filename,
    }
    return VectorStoreFile.model_validate(fields)


def chunk_location(chunk: Chunk) -> ChunkLocation:
    """Return the position of a chunk in its document."""
    parent = chunk.parent
    return ChunkLocation(
        position=chunk.position,
        start=chunk.start,
        end=chunk.end,
        page=chunk.page,
        heading_path=chunk.heading_path,
        title=chunk.title,
        parent_start=parent.start if parent else None,
        parent_end=parent.end if parent else None,
    )


def chunk_preview(result: PreviewResult, model: str, offset: int) -> ChunkPreview:
    """Return the response for a preview; `offset` is the number of its first chunk."""
    return ChunkPreview(
        chunking_strategy=result.strategy,
        embedding_model=model,
        data=[
            PreviewedChunk(**chunk_location(chunk).model_dump(), text=chunk.text, tokens=tokens, embedded_text=chunk.in_context)
            for chunk, tokens in result.chunks
        ],
        has_more=result.total_chunks > offset + len(result.chunks),
        total_chunks=result.total_chunks,
        total_tokens=result.total_tokens,
        total_characters=result.total_characters,
        largest_chunk_tokens=result.largest_chunk_tokens,
    )


def search_hit(hit: ChunkHit, request: SearchRequest) -> SearchHit:
    """Return the response for a hit, with the extensions that the request asks for."""
    file, context, chunks = hit.file, hit.context, (hit, *hit.others)
    return SearchHit(
        file_id=file.file_id,
        filename=file.filename,
        score=hit.score,
        attributes=dict(file.attributes or {}),
        content=[TextContent(text=each.text) for each in chunks],
        chunk=chunk_location(hit.chunk),
        vector_store_id=file.vector_store_id,
        chunks=[chunk_location(each.chunk) for each in chunks] if request.group_by_file else None,
        context=_span(context) if context else None,
        scores=_scores(hit) if request.explain else None,
    )


def _span(context: ContextWindow) -> Span:
    positions = {"first_position": context.first_position, "last_position": context.last_position}
    return Span(start=context.start, end=context.end, **positions)


def _scores(hit: ChunkHit) -> Scores:
    fused = hit.candidate.fused
    return Scores(
        query=hit.candidate.query,
        vector=_score_component(fused.vector),
        keyword=_score_component(fused.keyword),
        fused=ScoreComponent(score=fused.score, rank=hit.candidate.rank),
        rerank=_score_component(hit.reranked),
    )


def _score_component(score: ListScore | None) -> ScoreComponent | None:
    return ScoreComponent(score=score.score, rank=score.rank, raw=score.raw) if score else None


def reembedding(row: Reembedding, statuses: Counter[str], percent: float) -> reembeddings_wire.Reembedding:
    """Return the response for a re-embedding; `statuses` counts the files of its edition by status."""
    return reembeddings_wire.Reembedding(
        id=row.id,
        vector_store_id=row.vector_store_id,
        status=TypeAdapter(reembeddings_wire.ReembeddingStatus).validate_python(row.status),
        percent=percent,
        file_counts=file_counts(statuses),
        source=_embedding(row.from_embedding_model, row.from_chunking),
        target=_embedding(row.embedding_model, row.chunking),
        error=reembeddings_wire.ReembeddingError.model_validate(row.error) if row.error else None,
        created_at=int(row.created_at),
        ended_at=int(row.ended_at) if row.ended_at else None,
    )


def _embedding(model: str, chunking: dict[str, Any] | None) -> reembeddings_wire.EmbeddingSetup:
    return reembeddings_wire.EmbeddingSetup(embedding_model=model, chunking_strategy=parse_strategy(chunking) if chunking else None)

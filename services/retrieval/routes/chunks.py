"""`/v1/chunks`."""

from fastapi import APIRouter

from services.retrieval.catalog import files
from services.retrieval.dependencies import OfProject, Parts, UsesParts
from services.retrieval.ingestion.chunk_preview import preview, read, read_text
from services.retrieval.parse import Document, parse
from services.retrieval.routes.shapes import chunk_preview
from shared.contracts.chunks import ChunkPreview, ChunkPreviewRequest

router = APIRouter(prefix="/v1/chunks", tags=["chunks"])


@router.post("/preview")
def preview_chunks(body: ChunkPreviewRequest, parts: UsesParts, project: OfProject) -> ChunkPreview:
    """Show how a file or a text would be cut; nothing is stored."""
    embedder = parts.embedders.named(body.embedding_model)
    document = _document(body, parts, project)
    previewed = preview(document, body.chunking_strategy, embedder, body.offset, body.limit)
    return chunk_preview(previewed, embedder.name, body.offset)


def _document(body: ChunkPreviewRequest, parts: Parts, project: str) -> Document:
    parser = parts.parser or parse
    if body.text is not None:
        return read_text(body.text, body.filename, parser)
    with parts.database.session() as session:
        file = files.find(session, project, body.file_id or "")
    return read(parts.folder.place(file.id), file.filename, parser)

"""`/v1/chunks`."""

from fastapi import APIRouter

from services.retrieval.catalog import files
from services.retrieval.contracts.chunk_preview import ChunkPreview, ChunkPreviewRequest
from services.retrieval.dependencies import Parts, PartsDep, ProjectDep
from services.retrieval.ingestion.chunk_preview import parse_file, parse_string
from services.retrieval.ingestion.chunk_preview import preview_chunks as preview
from services.retrieval.parse import Document
from services.retrieval.routes.shapes import chunk_preview

router = APIRouter(prefix="/v1/chunks", tags=["chunks"])


@router.post("/preview")
def preview_chunks(body: ChunkPreviewRequest, parts: PartsDep, project: ProjectDep) -> ChunkPreview:
    """Return the chunks that a file or a text would have. Nothing is stored."""
    embedder = parts.embedders.find(body.embedding_model)
    document = _document(body, parts, project)
    result = preview(document, body.chunking_strategy, embedder, body.offset, body.limit)
    return chunk_preview(result, embedder.name, body.offset)


def _document(body: ChunkPreviewRequest, parts: Parts, project: str) -> Document:
    if body.text is not None:
        return parse_string(body.text, body.filename, parts.parser)
    with parts.database.session() as session:
        file = files.find(session, project, body.file_id or "")
    return parse_file(parts.folder.path_of(file.id), file.filename, parts.parser)

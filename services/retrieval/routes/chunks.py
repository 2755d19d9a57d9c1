"""`/v1/chunks`."""

from fastapi import APIRouter

from services.retrieval.catalog import files
from services.retrieval.contracts.chunk_preview import ChunkPreview, ChunkPreviewRequest
from services.retrieval.dependencies import DatabaseDep, DocumentParser, EmbeddersDep, FolderDep, ParserDep, ProjectDep
from services.retrieval.ingestion.chunk_preview import parse_file, parse_string
from services.retrieval.ingestion.chunk_preview import preview_chunks as preview
from services.retrieval.parse import Document
from services.retrieval.routes.shapes import chunk_preview
from services.retrieval.uploads import UploadFolder
from shared.records.database import Database
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/chunks", tags=["chunks"], route_class=JsonRoute)


@router.post("/preview")
def preview_chunks(
    body: ChunkPreviewRequest, database: DatabaseDep, folder: FolderDep, embedders: EmbeddersDep, parser: ParserDep, project: ProjectDep
) -> ChunkPreview:
    """Return the chunks that a file or a text would have. Nothing is stored."""
    embedder = embedders.find(body.embedding_model)
    document = _document(body, database, folder, parser, project)
    result = preview(document, body.chunking_strategy, embedder, body.offset, body.limit)
    return chunk_preview(result, embedder.name, body.offset)


def _document(body: ChunkPreviewRequest, database: Database, folder: UploadFolder, parser: DocumentParser, project: str) -> Document:
    if body.text is not None:
        return parse_string(body.text, body.filename, parser)
    with database.session() as session:
        file = files.find(session, project, body.file_id or "")
    return parse_file(folder.path_of(file.id), file.filename, parser)

"""`/v1/vector_stores/{id}/files`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import IN_PROGRESS
from services.retrieval.dependencies import OfProject, UsesCursor, UsesParts
from services.retrieval.ingestion.file_text import read_again
from services.retrieval.lifecycle.attach import attach_file
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import remove_from_store
from services.retrieval.lifecycle.update_attributes import relabel
from services.retrieval.parse import parse
from services.retrieval.routes.shapes import vector_store_file
from shared.contracts.vector_stores import (
    FileContent,
    FileContentPage,
    FileStatus,
    VectorStoreFile,
    VectorStoreFileCreate,
    VectorStoreFileUpdate,
)
from shared.contracts.wire import ContentDeleteResponse, Page

router = APIRouter(prefix="/v1/vector_stores/{vector_store_id}/files", tags=["vector stores"])
# When the SDK's polling helpers should ask again.
POLL_AFTER = {"openai-poll-after-ms": "250"}


@router.post("")
def attach_to_store(vector_store_id: str, body: VectorStoreFileCreate, parts: UsesParts, project: OfProject) -> VectorStoreFile:
    """Put a file into a vector store; it is indexed in the background."""
    attached = attach_file(parts.database, parts.embedders, project, vector_store_id, body)
    parts.worker.wake()
    return vector_store_file(*attached)


@router.get("")
def list_store_files(
    vector_store_id: str, parts: UsesParts, project: OfProject, cursor: UsesCursor, filter: Annotated[FileStatus | None, Query()] = None
) -> Page[VectorStoreFile]:
    """List the files in a vector store, the last attached first."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        found = attachments.listed(session, vector_store_id, filter, cursor)
        names = attachments.filenames(session, [row.file_id for row in found.rows])
    return Page.of([vector_store_file(row, names.get(row.file_id, "")) for row in found.rows], found.has_more)


@router.get("/{file_id}")
def retrieve_store_file(vector_store_id: str, file_id: str, parts: UsesParts, project: OfProject, response: Response) -> VectorStoreFile:
    """Return how far the indexing of a file is."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        found = attachments.find(session, vector_store_id, file_id)
        names = attachments.filenames(session, [file_id])
    if found.status == IN_PROGRESS:
        response.headers.update(POLL_AFTER)
    return vector_store_file(found, names.get(file_id, ""))


@router.post("/{file_id}")
def update_store_file(
    vector_store_id: str, file_id: str, body: VectorStoreFileUpdate, parts: UsesParts, project: OfProject
) -> VectorStoreFile:
    """Give a file in a vector store other attributes; a search that begins after the answer filters by them.

    A file that shares chunks with another of the same content gets its own first, in the background: its status tells when.
    """
    with parts.database.session() as session:
        stores.find_active(session, project, vector_store_id)
        attachments.find(session, vector_store_id, file_id)
    relabel(parts.database, parts.index, vector_store_id, file_id, body.attributes)
    parts.worker.wake()
    with parts.database.session() as session:
        found = attachments.find(session, vector_store_id, file_id)
        return vector_store_file(found, attachments.filenames(session, [file_id]).get(file_id, ""))


@router.post("/{file_id}/cancel")
def cancel_store_file(vector_store_id: str, file_id: str, parts: UsesParts, project: OfProject) -> VectorStoreFile:
    """Cancel the indexing of a file in a vector store; it can be attached again."""
    cancelled = cancel_file(parts.database, project, vector_store_id, file_id)
    parts.worker.wake()
    return vector_store_file(*cancelled)


@router.get("/{file_id}/content")
def retrieve_store_file_content(vector_store_id: str, file_id: str, parts: UsesParts, project: OfProject) -> FileContentPage:
    """Return the text that was read from a file, as a whole or page by page."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        filename = files.find(session, project, file_id).filename
        attachments.find_completed(session, vector_store_id, file_id)
    texts = read_again(parts.folder.place(file_id), filename, parts.parser or parse)
    return FileContentPage(data=[FileContent(text=text) for text in texts])


@router.delete("/{file_id}")
def delete_store_file(vector_store_id: str, file_id: str, parts: UsesParts, project: OfProject) -> ContentDeleteResponse:
    """Remove a file from a vector store; the file itself stays."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        attachments.find(session, vector_store_id, file_id)
    removed = remove_from_store(parts.database, parts.index, vector_store_id, file_id)
    parts.worker.wake()
    return ContentDeleteResponse(id=file_id, object="vector_store.file.deleted", removed=removed)

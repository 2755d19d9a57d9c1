"""`/v1/vector_stores/{id}/files`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.retrieval.catalog import attachments, files, stores
from services.retrieval.catalog.records import IN_PROGRESS
from services.retrieval.contracts.deletions import ContentDeleteResponse
from services.retrieval.contracts.lists import StoreFilesQuery
from services.retrieval.contracts.vector_stores import (
    FileContent,
    FileContentPage,
    VectorStoreFile,
    VectorStoreFileCreate,
    VectorStoreFileUpdate,
)
from services.retrieval.dependencies import (
    DatabaseDep,
    EmbeddersDep,
    FolderDep,
    IndexDep,
    IngestionDep,
    ParserDep,
    ProjectDep,
)
from services.retrieval.ingestion.file_text import read_file_text
from services.retrieval.lifecycle.attach import attach_file
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import delete_from_store
from services.retrieval.lifecycle.update_attributes import update_attributes
from services.retrieval.routes.shapes import vector_store_file
from shared.contracts.paging import Page
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/vector_stores/{vector_store_id}/files", tags=["vector stores"], route_class=JsonRoute)
# How long the SDK's polling functions wait between requests.
POLL_AFTER = {"openai-poll-after-ms": "250"}


@router.post("")
def attach_to_store(
    vector_store_id: str,
    body: VectorStoreFileCreate,
    database: DatabaseDep,
    embedders: EmbeddersDep,
    ingestion: IngestionDep,
    project: ProjectDep,
) -> VectorStoreFile:
    """Attach a file to a vector store. It is indexed in the background."""
    attached = attach_file(database, embedders, project, vector_store_id, body)
    ingestion.wake()
    return vector_store_file(*attached)


@router.get("")
def list_store_files(
    vector_store_id: str,
    database: DatabaseDep,
    project: ProjectDep,
    query: Annotated[StoreFilesQuery, Query()],
) -> Page[VectorStoreFile]:
    """List the files in a vector store, most recently attached first."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        page = attachments.list_page(session, vector_store_id, query.filter, query.page_request())
        names = attachments.find_filenames(session, [row.file_id for row in page.rows])
    return Page.of([vector_store_file(row, names.get(row.file_id, "")) for row in page.rows], page.has_more)


@router.get("/{file_id}")
def retrieve_store_file(
    vector_store_id: str, file_id: str, database: DatabaseDep, project: ProjectDep, response: Response
) -> VectorStoreFile:
    """Return a file in a vector store and the progress of its indexing."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        attachment = attachments.find(session, vector_store_id, file_id)
        names = attachments.find_filenames(session, [file_id])
    if attachment.status == IN_PROGRESS:
        response.headers.update(POLL_AFTER)
    return vector_store_file(attachment, names.get(file_id, ""))


@router.post("/{file_id}")
def update_store_file(
    vector_store_id: str,
    file_id: str,
    body: VectorStoreFileUpdate,
    database: DatabaseDep,
    index: IndexDep,
    ingestion: IngestionDep,
    project: ProjectDep,
) -> VectorStoreFile:
    """Replace the attributes of a file in a vector store. A search that begins after the response filters by the new ones.

    A file that shares chunks with another file of the same content is first indexed on its own, in the background; see its status.
    """
    with database.session() as session:
        stores.find_active(session, project, vector_store_id)
        attachments.find(session, vector_store_id, file_id)
    update_attributes(database, index, vector_store_id, file_id, body.attributes)
    ingestion.wake()
    with database.session() as session:
        attachment = attachments.find(session, vector_store_id, file_id)
        return vector_store_file(attachment, attachments.find_filenames(session, [file_id]).get(file_id, ""))


@router.post("/{file_id}/cancel")
def cancel_store_file(
    vector_store_id: str, file_id: str, database: DatabaseDep, ingestion: IngestionDep, project: ProjectDep
) -> VectorStoreFile:
    """Cancel the indexing of a file in a vector store. The file can be attached again."""
    cancelled = cancel_file(database, project, vector_store_id, file_id)
    ingestion.wake()
    return vector_store_file(*cancelled)


@router.get("/{file_id}/content")
def retrieve_store_file_content(
    vector_store_id: str, file_id: str, database: DatabaseDep, folder: FolderDep, parser: ParserDep, project: ProjectDep
) -> FileContentPage:
    """Return the text of a file, page by page if it has pages."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        filename = files.find(session, project, file_id).filename
        attachments.find_completed(session, vector_store_id, file_id)
    texts = read_file_text(folder.path_of(file_id), filename, parser)
    return FileContentPage(data=[FileContent(text=text) for text in texts])


@router.delete("/{file_id}")
def delete_store_file(
    vector_store_id: str, file_id: str, database: DatabaseDep, index: IndexDep, ingestion: IngestionDep, project: ProjectDep
) -> ContentDeleteResponse:
    """Delete a file from a vector store. The file itself is not deleted."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        attachments.find(session, vector_store_id, file_id)
    deleted = delete_from_store(database, index, vector_store_id, file_id)
    ingestion.wake()
    return ContentDeleteResponse(id=file_id, object="vector_store.file.deleted", removed=deleted)

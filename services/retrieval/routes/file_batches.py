"""`/v1/vector_stores/{id}/file_batches`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.retrieval.catalog import attachments, batches, stores
from services.retrieval.contracts.lists import StoreFilesQuery
from services.retrieval.contracts.vector_stores import FileBatch, FileBatchCreate, VectorStoreFile
from services.retrieval.dependencies import DatabaseDep, EmbeddersDep, IngestionDep, ProjectDep
from services.retrieval.lifecycle.attach import attach_batch
from services.retrieval.lifecycle.cancel import cancel_batch
from services.retrieval.routes.shapes import file_batch, vector_store_file
from services.retrieval.routes.vector_store_files import POLL_AFTER
from shared.contracts.paging import Page
from shared.records.database import Database
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/vector_stores/{vector_store_id}/file_batches", tags=["vector stores"], route_class=JsonRoute)


@router.post("")
def create_file_batch(
    vector_store_id: str,
    body: FileBatchCreate,
    database: DatabaseDep,
    embedders: EmbeddersDep,
    ingestion: IngestionDep,
    project: ProjectDep,
) -> FileBatch:
    """Attach up to 2,000 files to a vector store, all or none. They are indexed in the background."""
    batch = attach_batch(database, embedders, project, vector_store_id, body)
    ingestion.wake()
    return _shape(database, project, vector_store_id, batch.id)


@router.get("/{batch_id}")
def retrieve_file_batch(vector_store_id: str, batch_id: str, database: DatabaseDep, project: ProjectDep, response: Response) -> FileBatch:
    """Return a batch and how many of its files are indexed."""
    batch = _shape(database, project, vector_store_id, batch_id)
    if batch.status == "in_progress":
        response.headers.update(POLL_AFTER)
    return batch


@router.post("/{batch_id}/cancel")
def cancel_file_batch(
    vector_store_id: str, batch_id: str, database: DatabaseDep, ingestion: IngestionDep, project: ProjectDep
) -> FileBatch:
    """Cancel the files of a batch that are not indexed yet. Indexed files stay in the vector store."""
    cancel_batch(database, project, vector_store_id, batch_id)
    ingestion.wake()
    return _shape(database, project, vector_store_id, batch_id)


@router.get("/{batch_id}/files")
def list_batch_files(
    vector_store_id: str,
    batch_id: str,
    database: DatabaseDep,
    project: ProjectDep,
    query: Annotated[StoreFilesQuery, Query()],
) -> Page[VectorStoreFile]:
    """List the files of a batch that are still in the vector store, most recently attached first."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        page = batches.list_page(session, batches.find(session, vector_store_id, batch_id), query.filter, query.page_request())
        names = attachments.find_filenames(session, [row.file_id for row in page.rows])
    return Page.of([vector_store_file(row, names.get(row.file_id, "")) for row in page.rows], page.has_more)


def _shape(database: Database, project: str, store_id: str, batch_id: str) -> FileBatch:
    with database.session() as session:
        stores.find(session, project, store_id)
        batch = batches.find(session, store_id, batch_id)
        return file_batch(batch, batches.count_files(session, batch))

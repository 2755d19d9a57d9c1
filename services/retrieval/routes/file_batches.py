"""`/v1/vector_stores/{id}/file_batches`."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.retrieval.catalog import attachments, batches, stores
from services.retrieval.dependencies import OfProject, Parts, UsesCursor, UsesParts
from services.retrieval.lifecycle.attach import attach_batch
from services.retrieval.lifecycle.cancel import cancel_batch
from services.retrieval.routes.shapes import file_batch, vector_store_file
from services.retrieval.routes.vector_store_files import POLL_AFTER
from shared.contracts.vector_stores import FileBatch, FileBatchCreate, FileStatus, VectorStoreFile
from shared.contracts.wire import Page

router = APIRouter(prefix="/v1/vector_stores/{vector_store_id}/file_batches", tags=["vector stores"])


@router.post("")
def create_file_batch(vector_store_id: str, body: FileBatchCreate, parts: UsesParts, project: OfProject) -> FileBatch:
    """Put up to 2,000 files into a vector store at once, all or none; they are indexed in the background."""
    batch = attach_batch(parts.database, parts.embedders, project, vector_store_id, body)
    parts.worker.wake()
    return _shown(parts, project, vector_store_id, batch.id)


@router.get("/{batch_id}")
def retrieve_file_batch(vector_store_id: str, batch_id: str, parts: UsesParts, project: OfProject, response: Response) -> FileBatch:
    """Return how far the indexing of a batch is."""
    shown = _shown(parts, project, vector_store_id, batch_id)
    if shown.status == "in_progress":
        response.headers.update(POLL_AFTER)
    return shown


@router.post("/{batch_id}/cancel")
def cancel_file_batch(vector_store_id: str, batch_id: str, parts: UsesParts, project: OfProject) -> FileBatch:
    """Cancel those of the batch's files that are not indexed yet; those that are stay."""
    cancel_batch(parts.database, project, vector_store_id, batch_id)
    parts.worker.wake()
    return _shown(parts, project, vector_store_id, batch_id)


@router.get("/{batch_id}/files")
def list_batch_files(
    vector_store_id: str,
    batch_id: str,
    parts: UsesParts,
    project: OfProject,
    cursor: UsesCursor,
    filter: Annotated[FileStatus | None, Query()] = None,
) -> Page[VectorStoreFile]:
    """List the batch's files that are still in the vector store, the last attached first."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        found = batches.listed(session, batches.find(session, vector_store_id, batch_id), filter, cursor)
        names = attachments.filenames(session, [row.file_id for row in found.rows])
    return Page.of([vector_store_file(row, names.get(row.file_id, "")) for row in found.rows], found.has_more)


def _shown(parts: Parts, project: str, store_id: str, batch_id: str) -> FileBatch:
    with parts.database.session() as session:
        stores.find(session, project, store_id)
        batch = batches.find(session, store_id, batch_id)
        return file_batch(batch, batches.counts(session, batch))

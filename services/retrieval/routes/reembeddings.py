"""`/v1/vector_stores/{id}/reembed` and `/v1/vector_stores/{id}/reembeddings`."""

from fastapi import APIRouter

from services.retrieval.catalog import records, reembeddings, stores
from services.retrieval.contracts.reembeddings import Reembedding, ReembedRequest
from services.retrieval.dependencies import DatabaseDep, EmbeddersDep, Ingestion, IngestionDep, PageRequestDep, ProjectDep
from services.retrieval.lifecycle.reembed import change_reembedding, reembed
from services.retrieval.routes.shapes import reembedding
from shared.contracts.paging import Page
from shared.records.database import Database
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/vector_stores/{vector_store_id}", tags=["vector stores"], route_class=JsonRoute)


@router.post("/reembed")
def reembed_vector_store(
    vector_store_id: str, body: ReembedRequest, database: DatabaseDep, embedders: EmbeddersDep, ingestion: IngestionDep, project: ProjectDep
) -> Reembedding:
    """Embed a store again in the background, with another model or chunking. Searches use the old vectors until all new ones exist."""
    started = reembed(database, embedders, project, vector_store_id, body)
    ingestion.wake()
    return _shape(database, started)


@router.get("/reembeddings")
def list_reembeddings(vector_store_id: str, database: DatabaseDep, project: ProjectDep, page_request: PageRequestDep) -> Page[Reembedding]:
    """List the re-embeddings of a store, newest first."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        page = reembeddings.list_page(session, vector_store_id, page_request)
    return Page.of([_shape(database, row) for row in page.rows], page.has_more)


@router.get("/reembeddings/{reembedding_id}")
def retrieve_reembedding(vector_store_id: str, reembedding_id: str, database: DatabaseDep, project: ProjectDep) -> Reembedding:
    """Return a re-embedding and its progress."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
        row = reembeddings.find(session, vector_store_id, reembedding_id)
    return _shape(database, row)


@router.post("/reembeddings/{reembedding_id}/confirm")
def confirm_reembedding(
    vector_store_id: str, reembedding_id: str, database: DatabaseDep, ingestion: IngestionDep, project: ProjectDep
) -> Reembedding:
    """Confirm a completed re-embedding. The old vectors are deleted in the background."""
    return _change(database, ingestion, project, vector_store_id, reembedding_id, reembeddings.confirm)


@router.post("/reembeddings/{reembedding_id}/rollback")
def roll_back_reembedding(
    vector_store_id: str, reembedding_id: str, database: DatabaseDep, ingestion: IngestionDep, project: ProjectDep
) -> Reembedding:
    """Return to the old vectors immediately. Files that were attached since then are indexed with the old model and chunking."""
    return _change(database, ingestion, project, vector_store_id, reembedding_id, reembeddings.roll_back)


@router.post("/reembeddings/{reembedding_id}/cancel")
def cancel_reembedding(
    vector_store_id: str, reembedding_id: str, database: DatabaseDep, ingestion: IngestionDep, project: ProjectDep
) -> Reembedding:
    """Cancel a re-embedding in progress. The store does not change."""
    return _change(database, ingestion, project, vector_store_id, reembedding_id, reembeddings.cancel)


def _change(database: Database, ingestion: Ingestion, project: str, store_id: str, id: str, change: reembeddings.Change) -> Reembedding:
    changed = change_reembedding(database, project, store_id, id, change)
    ingestion.wake()
    return _shape(database, changed)


def _shape(database: Database, row: records.Reembedding) -> Reembedding:
    with database.session() as session:
        return reembedding(row, *reembeddings.measure_progress(session, row))

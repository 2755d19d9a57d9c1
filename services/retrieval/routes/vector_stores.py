"""`/v1/vector_stores`."""

from fastapi import APIRouter

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Store
from services.retrieval.contracts.deletions import ContentDeleteResponse
from services.retrieval.contracts.vector_stores import VectorStore, VectorStoreCreate, VectorStoreUpdate
from services.retrieval.dependencies import DatabaseDep, EmbeddersDep, IndexDep, IngestionDep, PageRequestDep, ProjectDep
from services.retrieval.lifecycle.attach import create_store
from services.retrieval.lifecycle.delete import delete_store
from services.retrieval.routes.shapes import vector_store
from shared.contracts.paging import Page
from shared.ids import new_id
from shared.records.database import Database
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"], route_class=JsonRoute)


@router.post("")
def create_vector_store(
    body: VectorStoreCreate, database: DatabaseDep, embedders: EmbeddersDep, ingestion: IngestionDep, project: ProjectDep
) -> VectorStore:
    """Create a vector store, with the files in `file_ids`."""
    embedder = embedders.find(body.embedding_model)
    store = Store(
        id=new_id("vs_"),
        project_id=project,
        name=body.name or "",
        description=body.description,
        details=body.metadata,
        expires_days=body.expires_after.days if body.expires_after else None,
        embedding_model=embedder.name,
        space=embedder.space,
    )
    create_store(database, store, body)
    ingestion.wake()
    return _shape(database, store)


@router.get("")
def list_vector_stores(database: DatabaseDep, project: ProjectDep, page_request: PageRequestDep) -> Page[VectorStore]:
    """List the project's vector stores, newest first."""
    with database.session() as session:
        page = stores.list_page(session, project, page_request)
        counts = stores.count_files(session, [store.id for store in page.rows])
    return Page.of([vector_store(store, counts[store.id]) for store in page.rows], page.has_more)


@router.get("/{vector_store_id}")
def retrieve_vector_store(vector_store_id: str, database: DatabaseDep, project: ProjectDep) -> VectorStore:
    """Return a vector store."""
    with database.session() as session:
        store = stores.find(session, project, vector_store_id)
    return _shape(database, store)


@router.post("/{vector_store_id}")
def update_vector_store(vector_store_id: str, body: VectorStoreUpdate, database: DatabaseDep, project: ProjectDep) -> VectorStore:
    """Change a vector store's name, metadata or expiry. Fields that are not sent stay as they are."""
    values = body.model_dump(exclude_unset=True, include={"name"})
    if "metadata" in body.model_fields_set:
        values["details"] = body.metadata
    if "expires_after" in body.model_fields_set:
        values["expires_days"] = body.expires_after.days if body.expires_after else None
    with database.session() as session:
        store = stores.get_for_update(session, stores.find_active(session, project, vector_store_id).id)
        stores.update(session, store, {name: value for name, value in values.items() if name != "name" or value is not None})
    return _shape(database, store)


@router.delete("/{vector_store_id}")
def delete_vector_store(
    vector_store_id: str, database: DatabaseDep, index: IndexDep, ingestion: IngestionDep, project: ProjectDep
) -> ContentDeleteResponse:
    """Delete a vector store with all its chunks. The files are not deleted."""
    with database.session() as session:
        stores.find(session, project, vector_store_id)
    deleted = delete_store(database, index, vector_store_id)
    ingestion.wake()
    return ContentDeleteResponse(id=vector_store_id, object="vector_store.deleted", removed=deleted)


def _shape(database: Database, store: Store) -> VectorStore:
    with database.session() as session:
        return vector_store(store, stores.count_files(session, [store.id])[store.id])

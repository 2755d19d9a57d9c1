"""`/v1/vector_stores`."""

from fastapi import APIRouter

from services.retrieval.catalog import stores
from services.retrieval.catalog.records import Store
from services.retrieval.dependencies import OfProject, Parts, UsesCursor, UsesParts
from services.retrieval.lifecycle.attach import create_store
from services.retrieval.lifecycle.delete import remove_store
from services.retrieval.routes.shapes import vector_store
from shared.contracts.vector_stores import VectorStore, VectorStoreCreate, VectorStoreUpdate
from shared.contracts.wire import ContentDeleteResponse, Page
from shared.ids import new_id

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"])


@router.post("")
def create_vector_store(body: VectorStoreCreate, parts: UsesParts, project: OfProject) -> VectorStore:
    """Create a vector store, with files in it where `file_ids` names them."""
    embedder = parts.embedders.named(body.embedding_model)
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
    create_store(parts.database, store, body)
    parts.worker.wake()
    return _shown(parts, store)


@router.get("")
def list_vector_stores(parts: UsesParts, project: OfProject, cursor: UsesCursor) -> Page[VectorStore]:
    """List the project's vector stores, the newest first."""
    with parts.database.session() as session:
        found = stores.listed(session, project, cursor)
        counts = stores.counts(session, [store.id for store in found.rows])
    return Page.of([vector_store(store, *counts[store.id]) for store in found.rows], found.has_more)


@router.get("/{vector_store_id}")
def retrieve_vector_store(vector_store_id: str, parts: UsesParts, project: OfProject) -> VectorStore:
    """Return a vector store."""
    with parts.database.session() as session:
        store = stores.find(session, project, vector_store_id)
    return _shown(parts, store)


@router.post("/{vector_store_id}")
def update_vector_store(vector_store_id: str, body: VectorStoreUpdate, parts: UsesParts, project: OfProject) -> VectorStore:
    """Change a vector store's name, metadata or end; what is not sent stays."""
    values = body.model_dump(exclude_unset=True, include={"name"})
    if "metadata" in body.model_fields_set:
        values["details"] = body.metadata
    if "expires_after" in body.model_fields_set:
        values["expires_days"] = body.expires_after.days if body.expires_after else None
    with parts.database.session() as session:
        store = stores.find_active(session, project, vector_store_id)
        stores.change(session, store, {name: value for name, value in values.items() if name != "name" or value is not None})
    return _shown(parts, store)


@router.delete("/{vector_store_id}")
def delete_vector_store(vector_store_id: str, parts: UsesParts, project: OfProject) -> ContentDeleteResponse:
    """Delete a vector store with all its chunks; the files stay."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
    removed = remove_store(parts.database, parts.index, vector_store_id)
    parts.worker.wake()
    return ContentDeleteResponse(id=vector_store_id, object="vector_store.deleted", removed=removed)


def _shown(parts: Parts, store: Store) -> VectorStore:
    with parts.database.session() as session:
        return vector_store(store, *stores.counts(session, [store.id])[store.id])

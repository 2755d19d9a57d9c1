"""`/v1/vector_stores/{id}/reembed` and `/v1/vector_stores/{id}/reembeddings`."""

from fastapi import APIRouter

from services.retrieval.catalog import records, reembeddings, stores
from services.retrieval.dependencies import OfProject, Parts, UsesCursor, UsesParts
from services.retrieval.lifecycle.reembed import change, reembed
from services.retrieval.routes.shapes import reembedding
from shared.contracts.reembeddings import Reembedding, ReembedRequest
from shared.contracts.wire import Page

router = APIRouter(prefix="/v1/vector_stores/{vector_store_id}", tags=["vector stores"])


@router.post("/reembed")
def reembed_vector_store(vector_store_id: str, body: ReembedRequest, parts: UsesParts, project: OfProject) -> Reembedding:
    """Embed a store anew in the background, with another model or chunking; it answers from the old vectors until all are there."""
    moved = reembed(parts.database, parts.embedders, project, vector_store_id, body)
    parts.worker.wake()
    return _shown(parts, moved)


@router.get("/reembeddings")
def list_reembeddings(vector_store_id: str, parts: UsesParts, project: OfProject, cursor: UsesCursor) -> Page[Reembedding]:
    """List the re-embeddings of a store, the newest first."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        found = reembeddings.listed(session, vector_store_id, cursor)
    return Page.of([_shown(parts, row) for row in found.rows], found.has_more)


@router.get("/reembeddings/{reembedding_id}")
def retrieve_reembedding(vector_store_id: str, reembedding_id: str, parts: UsesParts, project: OfProject) -> Reembedding:
    """Return how far a re-embedding is."""
    with parts.database.session() as session:
        stores.find(session, project, vector_store_id)
        found = reembeddings.find(session, vector_store_id, reembedding_id)
    return _shown(parts, found)


@router.post("/reembeddings/{reembedding_id}/confirm")
def confirm_reembedding(vector_store_id: str, reembedding_id: str, parts: UsesParts, project: OfProject) -> Reembedding:
    """Give up the old vectors, which are removed in the background."""
    return _changed(parts, project, vector_store_id, reembedding_id, reembeddings.confirm)


@router.post("/reembeddings/{reembedding_id}/rollback")
def roll_back_reembedding(vector_store_id: str, reembedding_id: str, parts: UsesParts, project: OfProject) -> Reembedding:
    """Go back to the old vectors at once; files that were attached since are indexed there."""
    return _changed(parts, project, vector_store_id, reembedding_id, reembeddings.roll_back)


@router.post("/reembeddings/{reembedding_id}/cancel")
def cancel_reembedding(vector_store_id: str, reembedding_id: str, parts: UsesParts, project: OfProject) -> Reembedding:
    """Give up a re-embedding in progress; the store stays as it is."""
    return _changed(parts, project, vector_store_id, reembedding_id, reembeddings.cancel)


def _changed(parts: Parts, project: str, store_id: str, id: str, how: reembeddings.Change) -> Reembedding:
    moved = change(parts.database, project, store_id, id, how)
    parts.worker.wake()
    return _shown(parts, moved)


def _shown(parts: Parts, moved: records.Reembedding) -> Reembedding:
    with parts.database.session() as session:
        return reembedding(moved, *reembeddings.progress(session, moved))

"""`/v1/vector_stores/{id}/search`."""

import time

from fastapi import APIRouter

from services.retrieval.catalog import stores
from services.retrieval.dependencies import OfProject, UsesParts
from services.retrieval.routes.shapes import search_hit
from shared.contracts.search import SearchRequest, SearchResults
from shared.errors import Conflict

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"])


@router.post("/{vector_store_id}/search")
def search_vector_store(vector_store_id: str, body: SearchRequest, parts: UsesParts, project: OfProject) -> SearchResults:
    """Return the chunks of a vector store that suit a question (or one of several) best."""
    with parts.database.session() as session:
        store = stores.find(session, project, vector_store_id)
        if store.expires_at is not None and store.expires_at < time.time():
            raise Conflict(f"Vector store '{vector_store_id}' has expired.", param="vector_store_id")
        stores.touch(session, vector_store_id)
    found = parts.searcher.search(store, body)
    return SearchResults(search_query=body.queries, data=[search_hit(each) for each in found])

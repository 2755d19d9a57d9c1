"""`/v1/vector_stores/{id}/search`."""

from fastapi import APIRouter

from services.retrieval.catalog import stores
from services.retrieval.dependencies import OfProject, UsesParts
from services.retrieval.routes.shapes import search_hit
from shared.contracts.search import SearchRequest, SearchResults

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"])


@router.post("/{vector_store_id}/search")
def search_vector_store(vector_store_id: str, body: SearchRequest, parts: UsesParts, project: OfProject) -> SearchResults:
    """Return the chunks of a vector store that suit a question (or one of several) best."""
    with parts.database.session() as session:
        store = stores.find_active(session, project, vector_store_id)
        stores.touch(session, vector_store_id)
    found = parts.searcher.search(store, body)
    return SearchResults(search_query=body.queries, data=[search_hit(each) for each in found])

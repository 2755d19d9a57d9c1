"""`/v1/vector_stores/{id}/search`."""

from typing import Annotated

from fastapi import APIRouter, Header

from services.retrieval.dependencies import ProjectDep, SearcherDep
from services.retrieval.routes.shapes import search_hit
from shared.contracts.search import SearchRequest, SearchResults
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"], route_class=JsonRoute)


@router.post("/{vector_store_id}/search")
def search_vector_store(
    vector_store_id: str,
    body: SearchRequest,
    searcher: SearcherDep,
    project: ProjectDep,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> SearchResults:
    """Search a vector store, or several, for the chunks that answer a query best."""
    result = searcher.search(project, [vector_store_id, *body.vector_store_ids], body, authorization)
    hits = [search_hit(each, body) for each in result.hits]
    return SearchResults(search_query=result.queries, data=hits, explanation=result.explanation, note=result.note)

"""`/v1/vector_stores/{id}/search`."""

from typing import Annotated

from fastapi import APIRouter, Header

from services.retrieval.dependencies import OfProject, UsesParts
from services.retrieval.routes.shapes import search_hit
from shared.contracts.search import SearchRequest, SearchResults

router = APIRouter(prefix="/v1/vector_stores", tags=["vector stores"])


@router.post("/{vector_store_id}/search")
def search_vector_store(
    vector_store_id: str,
    body: SearchRequest,
    parts: UsesParts,
    project: OfProject,
    authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> SearchResults:
    """Return the chunks of a vector store (and of others beside it) that suit a question (or one of several) best."""
    targets = parts.searcher.find(project, [vector_store_id, *body.vector_store_ids])
    answer = parts.searcher.answer(targets, body, authorization)
    hits = [search_hit(each, body) for each in answer.hits]
    return SearchResults(search_query=answer.queries, data=hits, explanation=answer.explanation, note=answer.note)

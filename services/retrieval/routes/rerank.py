"""`/v1/rerank`."""

from fastapi import APIRouter

from services.retrieval.dependencies import OfProject, Parts, UsesParts
from services.retrieval.rerank import Reranker
from shared.contracts.rerank import RerankDocument, RerankRequest, RerankResponse, RerankResult, RerankUsage
from shared.errors import InvalidRequest, NotFound
from shared.ids import new_id

router = APIRouter(prefix="/v1/rerank", tags=["rerank"])


@router.post("")
def rerank(body: RerankRequest, parts: UsesParts, _: OfProject) -> RerankResponse:
    """Order texts by how relevant they are to a question."""
    model = _reranker(parts, body.model)
    scores = model.score(body.query, body.texts)
    order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))[: body.top_n]
    documents = [RerankDocument(text=text) if body.return_documents else None for text in body.texts]
    results = [RerankResult(index=index, document=documents[index], relevance_score=scores[index]) for index in order]
    usage = RerankUsage(total_tokens=model.count(body.query, body.texts))
    return RerankResponse(id=new_id("rerank-"), model=model.name, usage=usage, results=results)


def _reranker(parts: Parts, name: str | None) -> Reranker:
    if parts.reranker is None:
        raise InvalidRequest("No reranker is configured; set RETRIEVAL_RERANK_MODEL to a cross-encoder.", param="model")
    if name not in (None, parts.reranker.name):
        raise NotFound(f"The model '{name}' does not exist; '{parts.reranker.name}' does.", param="model", code="model_not_found")
    return parts.reranker

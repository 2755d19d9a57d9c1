"""`/v1/rerank`, and the same at the paths that clients of other services use: `/v2/rerank` (Cohere), `/rerank`."""

from fastapi import APIRouter

from services.retrieval.contracts.rerank import RerankDocument, RerankRequest, RerankResponse, RerankResult, RerankUsage
from services.retrieval.dependencies import ProjectDep, RerankerDep
from services.retrieval.search.rerank import Reranker
from shared.errors import InvalidRequest, NotFound
from shared.ids import new_id
from shared.web.json_route import JsonRoute

router = APIRouter(tags=["rerank"], route_class=JsonRoute)


@router.post("/rerank", operation_id="rerank_unversioned")
@router.post("/v2/rerank", operation_id="rerank_v2")
@router.post("/v1/rerank")
def rerank(body: RerankRequest, configured: RerankerDep, _: ProjectDep) -> RerankResponse:
    """Rank documents by their relevance to a query."""
    reranker = _select(configured, body.model)
    deadline = reranker.deadline()
    query = reranker.truncate([body.query], body.max_tokens_per_query)[0] if body.max_tokens_per_query else body.query
    texts = reranker.truncate(body.texts, body.max_tokens_per_doc) if body.max_tokens_per_doc else body.texts
    scores, tokens = reranker.score(query, texts, deadline), reranker.count_tokens(query, texts)
    order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))[: body.top_n or None]
    results = [RerankResult(index=index, document=_returned_document(body, index), relevance_score=scores[index]) for index in order]
    usage = RerankUsage(prompt_tokens=tokens, total_tokens=tokens)
    return RerankResponse(id=new_id("rerank-"), model=reranker.name, usage=usage, results=results)


def _returned_document(body: RerankRequest, index: int) -> RerankDocument | None:
    document = body.documents[index]
    if not body.return_documents:
        return None
    return RerankDocument(text=document) if isinstance(document, str) else document


def _select(reranker: Reranker | None, name: str | None) -> Reranker:
    if reranker is None:
        raise InvalidRequest("No reranker is configured. Set RETRIEVAL_RERANK_MODEL to a cross-encoder.", param="model")
    if name not in (None, reranker.name):
        raise NotFound(
            f"The model '{name}' does not exist. The configured reranker is '{reranker.name}'.", param="model", code="model_not_found"
        )
    return reranker

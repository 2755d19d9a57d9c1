"""`/v1/rerank`, and the same under the paths of other services' clients: `/v2/rerank` (Cohere's), `/rerank`."""

from fastapi import APIRouter

from services.retrieval.dependencies import OfProject, Parts, UsesParts
from services.retrieval.search.rerank import Reranker
from shared.contracts.rerank import RerankDocument, RerankRequest, RerankResponse, RerankResult, RerankUsage
from shared.errors import InvalidRequest, NotFound
from shared.ids import new_id

router = APIRouter(tags=["rerank"])


@router.post("/rerank")
@router.post("/v2/rerank")
@router.post("/v1/rerank")
def rerank(body: RerankRequest, parts: UsesParts, _: OfProject) -> RerankResponse:
    """Order texts by how relevant they are to a question."""
    model = _reranker(parts, body.model)
    deadline = model.deadline()
    query = model.cut([body.query], body.max_tokens_per_query)[0] if body.max_tokens_per_query else body.query
    texts = model.cut(body.texts, body.max_tokens_per_doc) if body.max_tokens_per_doc else body.texts
    scores, tokens = model.score(query, texts, deadline), model.count(query, texts)
    order = sorted(range(len(scores)), key=lambda index: (-scores[index], index))[: body.top_n or None]
    results = [RerankResult(index=index, document=_shown(body, index), relevance_score=scores[index]) for index in order]
    usage = RerankUsage(prompt_tokens=tokens, total_tokens=tokens)
    return RerankResponse(id=new_id("rerank-"), model=model.name, usage=usage, results=results)


def _shown(body: RerankRequest, index: int) -> RerankDocument | None:
    document = body.documents[index]
    if not body.return_documents:
        return None
    return RerankDocument(text=document) if isinstance(document, str) else document


def _reranker(parts: Parts, name: str | None) -> Reranker:
    if parts.reranker is None:
        raise InvalidRequest("No reranker is configured; set RETRIEVAL_RERANK_MODEL to a cross-encoder.", param="model")
    if name not in (None, parts.reranker.name):
        raise NotFound(f"The model '{name}' does not exist; '{parts.reranker.name}' does.", param="model", code="model_not_found")
    return parts.reranker

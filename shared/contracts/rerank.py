"""Reranking, in the form that vLLM, Jina and Cohere use."""

from pydantic import BaseModel, Field, field_validator

from shared.contracts.wire import Request

MAX_DOCUMENTS = 1000


class RerankDocument(Request):
    """A document as an object."""

    text: str = Field(min_length=1)


class RerankRequest(Request):
    """Body of `POST /v1/rerank`. `top_n` bounds the answer; without `return_documents` the texts are not sent back."""

    model: str | None = None
    query: str = Field(min_length=1)
    documents: list[str | RerankDocument] = Field(min_length=1, max_length=MAX_DOCUMENTS)
    top_n: int | None = Field(None, ge=1)
    return_documents: bool = True

    @field_validator("documents")
    @classmethod
    def _not_empty(cls, value: list[str | RerankDocument]) -> list[str | RerankDocument]:
        empty = [number for number, document in enumerate(value) if document == ""]
        if empty:
            raise ValueError(f"document {empty[0]} is empty")
        return value

    @property
    def texts(self) -> list[str]:
        """The documents' texts."""
        return [document if isinstance(document, str) else document.text for document in self.documents]


class RerankResult(BaseModel):
    """A document's place among the others; `index` is its place in the request, `relevance_score` is in [0, 1]."""

    index: int
    document: RerankDocument | None = None
    relevance_score: float


class RerankUsage(BaseModel):
    """Tokens that were read: the query once for every document."""

    total_tokens: int


class RerankResponse(BaseModel):
    """The documents, the most relevant first."""

    id: str
    model: str
    usage: RerankUsage
    results: list[RerankResult]

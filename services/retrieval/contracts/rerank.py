"""Reranking, in the form that vLLM, Jina and Cohere use."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.contracts.wire import Request

MAX_DOCUMENTS = 1000


class RerankDocument(BaseModel):
    """A document as an object: its `text` is read, and whatever else it holds comes back with it."""

    model_config = ConfigDict(extra="allow")

    text: str = Field(min_length=1)


class RerankRequest(Request):
    """Body of `POST /v1/rerank`.

    `top_n` bounds the answer, 0 like nothing gives it all; without `return_documents` the documents are not sent back. Of a document (or
    the query) no more than `max_tokens_per_doc` (or `_query`) tokens are read, 0 for as many as the model's window takes.
    """

    model: str | None = None
    query: str = Field(min_length=1)
    documents: list[str | RerankDocument] = Field(min_length=1, max_length=MAX_DOCUMENTS)
    top_n: int | None = Field(None, ge=0)
    return_documents: bool = True
    max_tokens_per_doc: int = Field(0, ge=0)
    max_tokens_per_query: int = Field(0, ge=0)

    @field_validator("documents")
    @classmethod
    def _not_empty(cls, value: list[str | RerankDocument]) -> list[str | RerankDocument]:
        empty = [number for number, document in enumerate(value) if document == ""]
        if empty:
            raise ValueError(f"must not have empty documents; the one at position {empty[0]} is empty")
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
    """Tokens that were given to the model: the query once for every document."""

    prompt_tokens: int
    total_tokens: int


class RerankResponse(BaseModel):
    """The documents, the most relevant first."""

    id: str
    model: str
    usage: RerankUsage
    results: list[RerankResult]

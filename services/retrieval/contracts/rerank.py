"""Reranking, in the shape that vLLM, Jina and Cohere use."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shared.contracts.search import Query
from shared.contracts.wire import Id, Request

MAX_DOCUMENTS = 1000
MAX_CHARACTERS = 200_000

DocumentText = Annotated[str, Field(max_length=MAX_CHARACTERS)]


class RerankDocument(BaseModel):
    """A document as an object. Its `text` is scored; other fields are returned unchanged."""

    model_config = ConfigDict(extra="allow")

    text: DocumentText = Field(min_length=1)


class RerankRequest(Request):
    """Body of `POST /v1/rerank`.

    `top_n` is the maximum number of results; 0 or null returns all. If `return_documents` is false, the results have no documents.
    Documents are truncated to `max_tokens_per_doc` tokens and the query to `max_tokens_per_query`; 0 means what the model's context window
    allows.
    """

    model: Id | None = None
    query: Query = Field(min_length=1)
    documents: list[DocumentText | RerankDocument] = Field(min_length=1, max_length=MAX_DOCUMENTS, fail_fast=True)
    top_n: int | None = Field(None, ge=0)
    return_documents: bool = True
    max_tokens_per_doc: int = Field(0, ge=0)
    max_tokens_per_query: int = Field(0, ge=0)

    @field_validator("documents")
    @classmethod
    def _check_documents(cls, value: list[str | RerankDocument]) -> list[str | RerankDocument]:
        empty = [number for number, document in enumerate(value) if document == ""]
        if empty:
            raise ValueError(f"must not have empty documents; the one at position {empty[0]} is empty")
        return value

    @property
    def texts(self) -> list[str]:
        """The texts of the documents."""
        return [document if isinstance(document, str) else document.text for document in self.documents]


class RerankResult(BaseModel):
    """A document's score. `index` is its position in the request, `relevance_score` is in [0, 1]."""

    index: int
    document: RerankDocument | None = None
    relevance_score: float


class RerankUsage(BaseModel):
    """The number of tokens that the model read. The query counts once for each document."""

    prompt_tokens: int
    total_tokens: int


class RerankResponse(BaseModel):
    """The results, most relevant first."""

    id: str
    model: str
    usage: RerankUsage
    results: list[RerankResult]

"""Re-embeddings: a vector store moves to another embedding model or chunking strategy while searches continue."""

from typing import Literal, Self

from pydantic import BaseModel, model_validator

from services.retrieval.contracts.chunking import ChunkingStrategy, Strategy
from services.retrieval.contracts.vector_stores import FileCounts
from shared.contracts.wire import Id, Request

ReembeddingStatus = Literal["in_progress", "completed", "confirmed", "rolled_back", "cancelled", "failed"]


class ReembedRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/reembed`. If a field is not sent, the store's model or each file's own strategy stays."""

    embedding_model: Id | None = None
    chunking_strategy: ChunkingStrategy | None = None

    @model_validator(mode="after")
    def _check_change(self) -> Self:
        if self.embedding_model is None and self.chunking_strategy is None:
            raise ValueError("Send 'embedding_model', 'chunking_strategy' or both.")
        return self


class EmbeddingSetup(BaseModel):
    """How a store is embedded. If `chunking_strategy` is null, each file keeps its own."""

    embedding_model: str
    chunking_strategy: Strategy | None = None


class ReembeddingError(BaseModel):
    """Why a re-embedding failed."""

    code: str
    message: str


class Reembedding(BaseModel):
    """A re-embedding. Once it is `completed`, searches use the new vectors; it can be rolled back until it is confirmed."""

    id: str
    object: Literal["vector_store.reembedding"] = "vector_store.reembedding"
    vector_store_id: str
    status: ReembeddingStatus
    percent: float
    file_counts: FileCounts
    source: EmbeddingSetup
    target: EmbeddingSetup
    error: ReembeddingError | None = None
    created_at: int
    ended_at: int | None = None

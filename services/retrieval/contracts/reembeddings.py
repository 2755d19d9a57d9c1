"""Re-embeddings: a vector store moves to another embedder or another chunking, while it goes on answering."""

from typing import Literal, Self

from pydantic import BaseModel, model_validator

from services.retrieval.contracts.chunking import ChunkingStrategy, Strategy
from services.retrieval.contracts.vector_stores import FileCounts
from shared.contracts.wire import Request

ReembeddingStatus = Literal["in_progress", "completed", "confirmed", "rolled_back", "cancelled", "failed"]


class ReembedRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/reembed`; of the embedder and each file's own chunking strategy, what is not given stays."""

    embedding_model: str | None = None
    chunking_strategy: ChunkingStrategy | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.embedding_model is None and self.chunking_strategy is None:
            raise ValueError("Send 'embedding_model', 'chunking_strategy' or both.")
        return self


class Embedded(BaseModel):
    """How a store is embedded; a `chunking_strategy` of None is that of each file."""

    embedding_model: str
    chunking_strategy: Strategy | None = None


class ReembeddingError(BaseModel):
    """Why the store did not move."""

    code: str
    message: str


class Reembedding(BaseModel):
    """A store's move. `completed`: the store answers from the new vectors, and can go back until it is confirmed."""

    id: str
    object: Literal["vector_store.reembedding"] = "vector_store.reembedding"
    vector_store_id: str
    status: ReembeddingStatus
    percent: float
    file_counts: FileCounts
    source: Embedded
    target: Embedded
    error: ReembeddingError | None = None
    created_at: int
    ended_at: int | None = None

"""Chunk previews: how a text would be split into chunks. Nothing is stored."""

from pydantic import BaseModel, Field, model_validator

from services.retrieval.contracts.chunking import AutoStrategy, ChunkingStrategy, Strategy
from shared.contracts.search import ChunkLocation
from shared.contracts.wire import Id, Request

MAX_CHARACTERS = 2_000_000
MAX_EMBEDDED_CHARACTERS = 200_000


class ChunkPreviewRequest(Request):
    """Body of `POST /v1/chunks/preview`: a file, or a text and its filename. The filename's extension determines the format; the default is
    plain text.

    The whole text is split. The response has `limit` chunks from position `offset` on.
    """

    file_id: Id | None = None
    text: str | None = Field(None, min_length=1, max_length=MAX_CHARACTERS)
    filename: str = Field("text.txt", min_length=1, max_length=255)
    chunking_strategy: ChunkingStrategy = AutoStrategy()
    embedding_model: Id | None = None
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _check_source(self) -> "ChunkPreviewRequest":
        if (self.file_id is None) == (self.text is None):
            raise ValueError("Send either 'file_id' or 'text'.")
        return self


class PreviewedChunk(ChunkLocation):
    """A chunk, its number of tokens for the embedding model, and the text that is embedded, with title and headings."""

    text: str
    tokens: int
    embedded_text: str


class ChunkPreview(BaseModel):
    """Some of the chunks, and totals of all. `has_more` says whether chunks follow after these."""

    object: str = "chunk.preview"
    chunking_strategy: Strategy
    embedding_model: str
    data: list[PreviewedChunk]
    has_more: bool
    total_chunks: int
    total_tokens: int
    total_characters: int
    largest_chunk_tokens: int

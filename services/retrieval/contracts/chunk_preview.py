"""Chunks that are only looked at: how a text would be cut, without anything being stored."""

from pydantic import BaseModel, Field, model_validator

from services.retrieval.contracts.chunking import AutoStrategy, ChunkingStrategy, Strategy
from shared.contracts.search import ChunkPlace
from shared.contracts.wire import Request

MAX_CHARACTERS = 2_000_000
MAX_EMBEDDED_CHARACTERS = 200_000


class ChunkPreviewRequest(Request):
    """Body of `POST /v1/chunks/preview`: a file, or a text and what it is called (the name's end tells its format; plain text without).

    All of it is cut; `limit` chunks from number `offset` on are shown.
    """

    file_id: str | None = None
    text: str | None = Field(None, min_length=1, max_length=MAX_CHARACTERS)
    filename: str = Field("text.txt", min_length=1, max_length=255)
    chunking_strategy: ChunkingStrategy = AutoStrategy()
    embedding_model: str | None = None
    limit: int = Field(20, ge=1, le=100)
    offset: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _check_source(self) -> "ChunkPreviewRequest":
        if (self.file_id is None) == (self.text is None):
            raise ValueError("Send either 'file_id' or 'text'.")
        return self


class PreviewedChunk(ChunkPlace):
    """A chunk, its tokens as the embedder counts them, and the text that is embedded, with title and headings."""

    text: str
    tokens: int
    embedded_text: str


class ChunkPreview(BaseModel):
    """What a preview answers: some of the chunks, and totals of all; `has_more` says that there are chunks after those shown."""

    object: str = "chunk.preview"
    chunking_strategy: Strategy
    embedding_model: str
    data: list[PreviewedChunk]
    has_more: bool
    total_chunks: int
    total_tokens: int
    total_characters: int
    largest_chunk_tokens: int

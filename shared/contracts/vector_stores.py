"""Vector stores, the files in them, and search."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from shared.contracts.wire import Attributes, Metadata, Request

MAX_QUERIES = 32

SearchMode = Literal["vector", "keyword", "hybrid"]
FileStatus = Literal["in_progress", "completed", "cancelled", "failed"]
Stage = Literal["queued", "parsing", "chunking", "embedding", "indexing", "completed", "failed", "cancelled"]


class StaticChunking(Request):
    """Chunks of at most `max_chunk_size_tokens` of the embedder's tokens, overlapping by `chunk_overlap_tokens`."""

    max_chunk_size_tokens: int = Field(ge=16, le=4096)
    chunk_overlap_tokens: int = Field(ge=0)

    @model_validator(mode="after")
    def _check_overlap(self) -> "StaticChunking":
        if self.chunk_overlap_tokens * 2 > self.max_chunk_size_tokens:
            raise ValueError("chunk_overlap_tokens must not exceed half of max_chunk_size_tokens")
        return self


class StaticStrategy(Request):
    """OpenAI's `static` chunking strategy."""

    type: Literal["static"] = "static"
    static: StaticChunking


class AutoStrategy(Request):
    """The default strategy: sizes that suit the store's embedder."""

    type: Literal["auto"] = "auto"


ChunkingStrategy = Annotated[StaticStrategy | AutoStrategy, Field(discriminator="type")]


class ExpiresAfter(Request):
    """When a store ends by itself."""

    anchor: Literal["last_active_at"] = "last_active_at"
    days: int = Field(ge=1, le=365)


class VectorStoreCreate(Request):
    """Body of `POST /v1/vector_stores`."""

    name: str | None = Field(None, max_length=256)
    description: str | None = Field(None, max_length=512)
    file_ids: list[str] = Field([], max_length=500)
    chunking_strategy: ChunkingStrategy | None = None
    expires_after: ExpiresAfter | None = None
    metadata: Metadata | None = None


class VectorStoreUpdate(Request):
    """Body of `POST /v1/vector_stores/{id}`: only fields that are sent change."""

    name: str | None = Field(None, max_length=256)
    expires_after: ExpiresAfter | None = None
    metadata: Metadata | None = None


class FileCounts(BaseModel):
    """How many of a store's files are in which status."""

    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    total: int = 0


class VectorStore(BaseModel):
    """A vector store. `embedding_model` (extension) is what its chunks were embedded with."""

    id: str
    object: Literal["vector_store"] = "vector_store"
    created_at: int
    name: str
    description: str | None = None
    status: Literal["in_progress", "completed", "expired"]
    file_counts: FileCounts
    usage_bytes: int
    last_active_at: int | None
    expires_after: ExpiresAfter | None = None
    expires_at: int | None = None
    metadata: Metadata | None = None
    embedding_model: str


class VectorStoreFileCreate(Request):
    """Body of `POST /v1/vector_stores/{id}/files`."""

    file_id: str
    attributes: Attributes | None = None
    chunking_strategy: ChunkingStrategy | None = None


class LastError(BaseModel):
    """Why a file could not be indexed."""

    code: Literal["server_error", "unsupported_file", "invalid_file"]
    message: str


class VectorStoreFile(BaseModel):
    """A file in a store. Extensions: `stage`, `percent` (0-100), `chunk_count`, `filename`."""

    id: str
    object: Literal["vector_store.file"] = "vector_store.file"
    created_at: int
    vector_store_id: str
    status: FileStatus
    last_error: LastError | None = None
    usage_bytes: int
    attributes: Attributes | None = None
    chunking_strategy: StaticStrategy
    stage: Stage
    percent: float
    chunk_count: int
    filename: str


class ComparisonFilter(Request):
    """`key` compared with `value`. So far `eq`."""

    type: Literal["eq"]
    key: str
    value: str | bool | float


class CompoundFilter(Request):
    """All of `filters` must hold. So far `and`."""

    type: Literal["and"]
    filters: list["Filter"] = Field(min_length=1, max_length=32)


Filter = Annotated[ComparisonFilter | CompoundFilter, Field(discriminator="type")]
CompoundFilter.model_rebuild()


class RankingOptions(Request):
    """How hits are ranked and which are dropped."""

    ranker: Literal["none", "auto", "default-2024-11-15"] = "auto"
    score_threshold: float = Field(0.0, ge=0, le=1)


class SearchRequest(Request):
    """Body of `POST /v1/vector_stores/{id}/search`. Extension: `search_mode`.

    Several queries are searched each by itself; a chunk then has its best score.
    """

    query: str | list[str]
    filters: Filter | None = None
    max_num_results: int = Field(10, ge=1, le=50)
    ranking_options: RankingOptions = RankingOptions()
    rewrite_query: Literal[False] = False
    search_mode: SearchMode = "hybrid"

    @field_validator("query")
    @classmethod
    def _has_words(cls, value: str | list[str]) -> str | list[str]:
        texts = [value] if isinstance(value, str) else value
        if not 0 < len(texts) <= MAX_QUERIES or not all(texts):
            raise ValueError(f"a query is a text of at least one character, or a list of 1 to {MAX_QUERIES} such texts")
        return value

    @property
    def queries(self) -> list[str]:
        """The texts that are looked for."""
        return [self.query] if isinstance(self.query, str) else self.query


class TextContent(BaseModel):
    """A chunk's text."""

    type: Literal["text"] = "text"
    text: str


class ChunkPlace(BaseModel):
    """Where a chunk lies in its document: `start` and `end` are character offsets into the parsed text.

    `page` counts from 1, None where the format has no pages; `heading_path` goes from the outermost heading inwards.
    """

    position: int
    start: int
    end: int
    page: int | None = None
    heading_path: list[str] = []
    title: str | None = None


class SearchHit(BaseModel):
    """A chunk that was found; `score` is in [0, 1], higher is better. Extensions: `chunk`, `vector_store_id`."""

    file_id: str
    filename: str
    score: float
    attributes: dict[str, Any] | None = None
    content: list[TextContent]
    chunk: ChunkPlace
    vector_store_id: str


class SearchResults(BaseModel):
    """What a search answers, best hit first."""

    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: list[str]
    data: list[SearchHit]
    has_more: bool = False
    next_page: str | None = None

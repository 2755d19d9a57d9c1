"""Vector stores and the files in them."""

from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from services.retrieval.contracts.chunking import ChunkingStrategy, OtherStrategy, StaticStrategy
from shared.contracts.wire import Attributes, Id, Metadata, Request

MAX_BATCH = 2000
FileStatus = Literal["in_progress", "completed", "cancelled", "failed"]
Stage = Literal["queued", "parsing", "chunking", "embedding", "indexing", "completed", "failed", "cancelled"]

OnDuplicate = Literal["reuse", "replace", "keep_both"]
"""What to do if a store already has a file with the same content: reuse its chunks, replace files with the same content or name once the
new file is indexed, or index both."""


class ExpiresAfter(Request):
    """When a store expires: `days` after its last use."""

    anchor: Literal["last_active_at"] = "last_active_at"
    days: int = Field(ge=1, le=365)


class VectorStoreCreate(Request):
    """Body of `POST /v1/vector_stores`.

    Extensions: `embedding_model`, one of the configured models; `on_duplicate`, for the `file_ids`.
    """

    name: str | None = Field(None, max_length=256)
    description: str | None = Field(None, max_length=512)
    file_ids: list[Id] = Field([], max_length=MAX_BATCH, fail_fast=True)
    chunking_strategy: ChunkingStrategy | None = None
    expires_after: ExpiresAfter | None = None
    metadata: Metadata | None = None
    embedding_model: Id | None = None
    on_duplicate: OnDuplicate = "reuse"


class VectorStoreUpdate(Request):
    """Body of `POST /v1/vector_stores/{id}`. Fields that are not sent stay as they are."""

    name: str | None = Field(None, max_length=256)
    expires_after: ExpiresAfter | None = None
    metadata: Metadata | None = None


class FileCounts(BaseModel):
    """The number of a store's files by status."""

    in_progress: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    total: int = 0


class VectorStore(BaseModel):
    """A vector store.

    Extensions: `embedding_model` embedded its chunks; `chunking_strategy` is the default for files attached to it; `indexing_seconds`,
    how many seconds of work indexing its files took, is null if that is unknown for some of the indexed files.
    """

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
    metadata: dict[str, str] | None = None
    embedding_model: str
    chunking_strategy: ChunkingStrategy
    indexing_seconds: float | None = None


class VectorStoreFileCreate(Request):
    """Body of `POST /v1/vector_stores/{id}/files`. Extension: `on_duplicate`."""

    file_id: Id
    attributes: Attributes | None = None
    chunking_strategy: ChunkingStrategy | None = None
    on_duplicate: OnDuplicate = "reuse"


class VectorStoreFileUpdate(Request):
    """Body of `POST /v1/vector_stores/{id}/files/{file_id}`: the new attributes, which replace all others; null deletes them."""

    attributes: Attributes | None


class FileContent(BaseModel):
    """A part of a file's text."""

    type: Literal["text"] = "text"
    text: str


class FileContentPage(BaseModel):
    """The text of a file, in parts. If the file has pages, each page is a part."""

    object: Literal["vector_store.file_content.page"] = "vector_store.file_content.page"
    data: list[FileContent]
    has_more: Literal[False] = False
    next_page: None = None


class FileBatchCreate(Request):
    """Body of `POST /v1/vector_stores/{id}/file_batches`.

    Either `file_ids`, with `attributes`, `chunking_strategy` and `on_duplicate` (extension) for all of them, or `files`, each with its
    own. With `files`, the fields for all files are ignored.
    """

    file_ids: list[Id] = Field([], max_length=MAX_BATCH, fail_fast=True)
    files: list[VectorStoreFileCreate] = Field([], max_length=MAX_BATCH, fail_fast=True)
    attributes: Attributes | None = None
    chunking_strategy: ChunkingStrategy | None = None
    on_duplicate: OnDuplicate = "reuse"

    @model_validator(mode="after")
    def _check_files(self) -> "FileBatchCreate":
        if bool(self.file_ids) == bool(self.files):
            raise ValueError("Send either 'file_ids' or 'files'.")
        ids = [file.file_id for file in self.files]
        if len(set(ids)) < len(ids):
            raise ValueError(f"'files' must not contain the file '{max(ids, key=ids.count)}' more than once.")
        return self

    @property
    def file_requests(self) -> list[VectorStoreFileCreate]:
        """Every file once, with its own options or those for all files."""
        if self.files:
            return self.files
        terms: dict[str, Any] = {
            "attributes": self.attributes,
            "chunking_strategy": self.chunking_strategy,
            "on_duplicate": self.on_duplicate,
        }
        return [VectorStoreFileCreate.model_construct(file_id=id, **terms) for id in dict.fromkeys(self.file_ids)]


class FileBatch(BaseModel):
    """Files that were attached to a store together. The batch is `failed` if every file failed."""

    id: str
    object: Literal["vector_store.files_batch"] = "vector_store.files_batch"
    created_at: int
    vector_store_id: str
    status: FileStatus
    file_counts: FileCounts


class LastError(BaseModel):
    """Why a file could not be indexed."""

    code: Literal["server_error", "unsupported_file", "invalid_file"]
    message: str


class VectorStoreFile(BaseModel):
    """A file in a store.

    Extensions: `stage` and `percent` (0-100) of its indexing; `chunk_count`, the number of its chunks, and `chunks_done`, the number of
    those that are indexed; `filename`; `note`, a warning about an indexed file; `duplicate_of`, the file in this store with the same
    content, whose chunks it shares; `indexing_seconds`, how many seconds of work indexing it took, is null until it is indexed, and if
    that was not measured.
    """

    id: str
    object: Literal["vector_store.file"] = "vector_store.file"
    created_at: int
    vector_store_id: str
    status: FileStatus
    last_error: LastError | None = None
    usage_bytes: int
    attributes: dict[str, str | bool | int | float] | None = None
    chunking_strategy: StaticStrategy | OtherStrategy
    stage: Stage
    percent: float
    chunk_count: int
    chunks_done: int = 0
    filename: str
    note: str | None = None
    duplicate_of: str | None = None
    indexing_seconds: float | None = None

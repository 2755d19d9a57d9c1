"""The three tables.

A file in a store is an *attachment*. An attachment that is being removed stays as a tombstone (`deleting`, invisible to
callers) while somebody may still be writing its chunks; so it has no foreign keys: it may outlive its file and its store.
"""

import time
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.database import Record
from shared.leases import Leased

IN_PROGRESS = "in_progress"
COMPLETED = "completed"
FAILED = "failed"
DELETING = "deleting"


class File(Record):
    """An uploaded file; its bytes lie under its id. `filename` is what the client called it and never a path."""

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    filename: Mapped[str]
    purpose: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[float] = mapped_column(default=time.time)


class Store(Record):
    """A vector store; `embedding_model` and `space` (where its points are) never change."""

    __tablename__ = "vector_stores"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    name: Mapped[str]
    description: Mapped[str | None] = mapped_column(default=None)
    details: Mapped[dict[str, Any] | None] = mapped_column("metadata", default=None)
    expires_days: Mapped[int | None] = mapped_column(default=None)
    embedding_model: Mapped[str]
    space: Mapped[str]
    created_at: Mapped[float] = mapped_column(default=time.time)
    last_active_at: Mapped[float] = mapped_column(default=time.time)

    @property
    def expires_at(self) -> float | None:
        """When the store ends by itself, in seconds since 1970."""
        return self.last_active_at + self.expires_days * 86400 if self.expires_days else None


class Attachment(Leased, Record):
    """A file in a store, and how far its indexing is.

    `chunking` is `{max_chunk_size_tokens, chunk_overlap_tokens}`, `error` is `{code, message}`. `attempts` counts how often
    work on it was begun and not ended; `not_before` (seconds since 1970) holds back the next try.
    """

    __tablename__ = "vector_store_files"
    __table_args__ = (
        Index(
            "uq_vector_store_files_live", "vector_store_id", "file_id", unique=True,
            sqlite_where=text("status != 'deleting'"), postgresql_where=text("status != 'deleting'"),
        ),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(primary_key=True)
    vector_store_id: Mapped[str]
    file_id: Mapped[str] = mapped_column(index=True)
    space: Mapped[str]
    status: Mapped[str] = mapped_column(index=True, default=IN_PROGRESS)
    stage: Mapped[str] = mapped_column(default="queued")
    percent: Mapped[float] = mapped_column(default=0.0)
    error: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    attributes: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    chunking: Mapped[dict[str, Any]]
    chunk_count: Mapped[int] = mapped_column(default=0)
    usage_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[float | None] = mapped_column(default=None)
    created_at: Mapped[float] = mapped_column(default=time.time)

"""The tables.

    files ── vector_store_files (attachments) ── vector_stores ── reembeddings
                       └─ file_batch_files ── file_batches

A file in a store is an *attachment*. An attachment that is being removed stays as a tombstone (`deleting`, invisible to
callers) while somebody may still be writing its chunks; so it has no foreign keys: it may outlive its file and its store.

An *edition* is one way of embedding a store: an embedder and a chunking. A store shows the attachments of its own edition;
while it is re-embedded, those of the next one grow beside them, and switching is one number. Each edition is a tenant of its own
in the index.
"""

import time
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.records.database import Record
from shared.records.leases import LeaseColumns

IN_PROGRESS = "in_progress"
COMPLETED = "completed"
FAILED = "failed"
CANCELLED = "cancelled"
CANCELLING = "cancelling"  # shown as cancelled: somebody may still be writing its chunks
DELETING = "deleting"
RELABELLING = "relabelling"  # a stage; shown as completed: the points may still have other attributes than the record
DAY = 86400.0


def tenant(vector_store_id: str, edition: int) -> str:
    """Return the name of a store's edition in the index."""
    return f"{vector_store_id}.{edition}" if edition else vector_store_id


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
    expires_at: Mapped[float | None] = mapped_column(default=None, index=True)


class Store(Record):
    """A vector store; `embedding_model` and `space` (where its points are) are those of its `edition`.

    `chunking` is the strategy of files attached without one, as the wire has it; None for `auto`.
    """

    __tablename__ = "vector_stores"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    name: Mapped[str]
    description: Mapped[str | None] = mapped_column(default=None)
    details: Mapped[dict[str, Any] | None] = mapped_column("metadata", default=None)
    expires_days: Mapped[int | None] = mapped_column(default=None)
    embedding_model: Mapped[str]
    space: Mapped[str]
    edition: Mapped[int] = mapped_column(default=0)
    chunking: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    created_at: Mapped[float] = mapped_column(default=time.time)
    last_active_at: Mapped[float] = mapped_column(default=time.time)

    @property
    def expires_at(self) -> float | None:
        """When the store ends by itself, in seconds since 1970."""
        return self.last_active_at + self.expires_days * DAY if self.expires_days else None

    @property
    def has_expired(self) -> bool:
        """Whether it has ended by itself."""
        return self.expires_at is not None and self.expires_at <= time.time()

    @property
    def tenant(self) -> str:
        """The name under which the index keeps the store's points."""
        return tenant(self.id, self.edition)


class Attachment(LeaseColumns, Record):
    """A file in a store, and how far its indexing is.

    `chunking` is a strategy as the wire has it, `error` is `{code, message}`, `note` is what a reader of the file should know
    although it was indexed. `sha256` is that of the file's content; `duplicate_of` is the file of the same content that has the
    points instead; `replaces` are the files that leave the store when this one is indexed. `chunk_count` is how many chunks there
    are, `chunks_done` how many of them are indexed. `attempts` counts how often work on it was begun and not ended; `began` says
    that it may have points; `not_before` (seconds since 1970) holds back the next try.
    """

    __tablename__ = "vector_store_files"
    __table_args__ = (
        Index(
            "uq_vector_store_files_live", "vector_store_id", "file_id", "edition", unique=True,
            sqlite_where=text("status != 'deleting'"), postgresql_where=text("status != 'deleting'"),
        ),
        Index("ix_vector_store_files_status_created_at", "status", "created_at"),
    )  # fmt: skip
    id: Mapped[str] = mapped_column(primary_key=True)
    vector_store_id: Mapped[str]
    file_id: Mapped[str] = mapped_column(index=True)
    edition: Mapped[int] = mapped_column(default=0)
    space: Mapped[str]
    status: Mapped[str] = mapped_column(default=IN_PROGRESS)
    stage: Mapped[str] = mapped_column(default="queued")
    percent: Mapped[float] = mapped_column(default=0.0)
    error: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    sha256: Mapped[str] = mapped_column(String(64), index=True, default="")
    duplicate_of: Mapped[str | None] = mapped_column(index=True, default=None)
    replaces: Mapped[list[Any] | None] = mapped_column(default=None)
    attributes: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    chunking: Mapped[dict[str, Any]]
    chunk_count: Mapped[int] = mapped_column(default=0)
    chunks_done: Mapped[int] = mapped_column(default=0)
    usage_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    began: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[float | None] = mapped_column(default=None)
    created_at: Mapped[float] = mapped_column(default=time.time)

    @property
    def tenant(self) -> str:
        """The name under which the index keeps the points of this edition of the store."""
        return tenant(self.vector_store_id, self.edition)


class FileBatch(Record):
    """Files that were attached to a store by one call."""

    __tablename__ = "file_batches"
    id: Mapped[str] = mapped_column(primary_key=True)
    vector_store_id: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[float] = mapped_column(default=time.time)
    cancelled_at: Mapped[float | None] = mapped_column(default=None)


class BatchMember(Record):
    """A file of a batch."""

    __tablename__ = "file_batch_files"
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    file_id: Mapped[str] = mapped_column(primary_key=True)


class Reembedding(Record):
    """A store's move to another edition: `status` is in_progress, completed (switched, can be rolled back), confirmed,
    rolled_back, cancelled or failed. The three `from_…` are what the store goes back to. `reached` is how many files were in which
    status when it ended for good, and `percent`, how far they were together.
    """

    __tablename__ = "reembeddings"
    id: Mapped[str] = mapped_column(primary_key=True)
    vector_store_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True, default=IN_PROGRESS)
    edition: Mapped[int]
    embedding_model: Mapped[str]
    space: Mapped[str]
    chunking: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    from_edition: Mapped[int]
    from_embedding_model: Mapped[str]
    from_space: Mapped[str]
    from_chunking: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    error: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    reached: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    percent: Mapped[float | None] = mapped_column(default=None)
    created_at: Mapped[float] = mapped_column(default=time.time)
    ended_at: Mapped[float | None] = mapped_column(default=None)


class Departed(Record):
    """Where in its list a deleted row stood, kept for a while, so that a caller who deletes while paging can go on from there."""

    __tablename__ = "departed"
    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[float]
    departed_at: Mapped[float] = mapped_column(default=time.time, index=True)


TABLES = (File, Store, Attachment, FileBatch, BatchMember, Reembedding, Departed)

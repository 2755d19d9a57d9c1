"""The tables.

    files ── vector_store_files (attachments) ── vector_stores ── reembeddings
                       ├─ file_batch_files ── file_batches
                       └─ ingest_turns

A file in a store is an *attachment*. An attachment that is being deleted stays as a tombstone (`deleting`, invisible to callers) while
a worker may still be writing its chunks. A tombstone may outlive its file and its store, so the table has no foreign keys.

An *edition* is one way of embedding a store: an embedder and a chunking. Callers see the attachments of the store's current edition.
While the store is re-embedded, those of the next edition are created next to them, and the switch changes one number. Each edition is a
separate tenant in the index.
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
CANCELLING = "cancelling"  # callers see `cancelled`; a worker may still be writing the chunks
DELETING = "deleting"
# A stage; callers see `completed`. The points may still have other attributes than the record.
UPDATING_ATTRIBUTES = "updating_attributes"
DAY = 86400.0


def tenant(vector_store_id: str, edition: int) -> str:
    """Return the name of a store's edition in the index."""
    return f"{vector_store_id}.{edition}" if edition else vector_store_id


class File(Record):
    """An uploaded file; its bytes are stored under its id. `filename` is the client's name for it, never a path."""

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    filename: Mapped[str]
    purpose: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[float] = mapped_column(default=time.time)
    expires_at: Mapped[float | None] = mapped_column(default=None, index=True)


class FileHold(Record):
    """That `holder`, such as a fine-tuning job, needs a file until a time in seconds since 1970. It is not deleted before, and does not
    expire.
    """

    __tablename__ = "file_holds"
    file_id: Mapped[str] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[float]


class Store(Record):
    """A vector store; `embedding_model` and `space` (which holds its points) are those of its current `edition`.

    `chunking` is the default strategy for its files, in the wire format; None means `auto`.
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
        """When the store expires, in seconds since 1970; None if it does not."""
        return self.last_active_at + self.expires_days * DAY if self.expires_days else None

    @property
    def has_expired(self) -> bool:
        """Whether the store has expired."""
        return self.expires_at is not None and self.expires_at <= time.time()

    @property
    def tenant(self) -> str:
        """The tenant of the store's points in the index."""
        return tenant(self.id, self.edition)


class Attachment(LeaseColumns, Record):
    """A file in a store, and the progress of its indexing.

    `chunking` is a strategy in the wire format. `error` is `{code, message}`. `note` is a warning about an
    indexed file. `sha256` is the hash of the file's content. `duplicate_of` is the file of the same content that has the
    points instead. `replaces` are the files that are deleted from the store once this one is indexed. `chunk_count` is the number of
    chunks, `chunks_done` how many of them are indexed. `attempts` counts how often work on it was started and not ended.
    `not_before` (seconds since 1970) delays the next attempt.

    `indexing_seconds` is set when the file is indexed: how long an ingest worker worked on it, in this edition of the store. What an
    attempt cost that was given up, or died, is not counted. A duplicate costs 0; if it takes over the original's points, it also takes
    over its seconds. None for a file that was indexed before this was measured.
    """

    __tablename__ = "vector_store_files"
    __table_args__ = (
        Index(
            "uq_vector_store_files_live", "vector_store_id", "file_id", "edition", unique=True,
            sqlite_where=text("status != 'deleting'"), postgresql_where=text("status != 'deleting'"),
        ),
        Index("ix_vector_store_files_queue", "status", "vector_store_id", "created_at"),
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
    indexing_seconds: Mapped[float | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    may_have_points: Mapped[bool] = mapped_column(default=False)
    not_before: Mapped[float | None] = mapped_column(default=None)
    created_at: Mapped[float] = mapped_column(default=time.time)

    @property
    def tenant(self) -> str:
        """The tenant of this edition of the store in the index."""
        return tenant(self.vector_store_id, self.edition)


class IngestTurn(Record):
    """When ingest workers last worked for a store (seconds since 1970). Kept for a day, even if the store is deleted."""

    __tablename__ = "ingest_turns"
    __table_args__ = (Index("ix_ingest_turns_project", "project_id", "last_turn_at"),)
    vector_store_id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str]
    last_turn_at: Mapped[float]


class FileBatch(Record):
    """Files that were attached to a store by one request."""

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
    """A store's move to another edition.

    `status` is in_progress, completed (switched, can be rolled back), confirmed, rolled_back, cancelled or failed. The `from_…` fields
    are what the store goes back to. `file_counts` (by status) and `percent` are the progress it had reached when it ended for good.
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
    file_counts: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    percent: Mapped[float | None] = mapped_column(default=None)
    created_at: Mapped[float] = mapped_column(default=time.time)
    ended_at: Mapped[float | None] = mapped_column(default=None)


class DeletedPosition(Record):
    """Where in its list a deleted row was. Kept for a day, so that a caller who deletes while paging can continue from there."""

    __tablename__ = "deleted_positions"
    id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[float]
    deleted_at: Mapped[float] = mapped_column(default=time.time, index=True)


TABLES = (File, FileHold, Store, Attachment, IngestTurn, FileBatch, BatchMember, Reembedding, DeletedPosition)

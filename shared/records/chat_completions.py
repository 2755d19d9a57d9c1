"""Stored chat completions (`store: true`): the request, the answer, and metadata to find them by. In the jobs database."""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from shared.records.database import Record


class StoredChatCompletion(Record):
    """A chat completion. `body` is the answer as it was sent; `request` is what was asked, without its messages."""

    __tablename__ = "chat_completions"
    __table_args__ = (Index("ix_chat_completions_listing", "project_id", "created_at", "id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str]
    created_at: Mapped[int] = mapped_column(BigInteger)
    model: Mapped[str] = mapped_column(index=True)
    metadata_: Mapped[dict[str, Any] | None] = mapped_column("metadata")
    request: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]]


class ChatCompletionMessage(Record):
    """A message of the request of a stored chat completion; `number` counts from 0."""

    __tablename__ = "chat_completion_messages"
    completion_id: Mapped[str] = mapped_column(ForeignKey("chat_completions.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]

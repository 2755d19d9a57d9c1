"""Stored responses: the input and output of one turn of a conversation, and which turn came before it. In the jobs database.

A response in the background is processed under a lease:

    queued ──▶ in_progress ──▶ completed | incomplete | failed | cancelled
       ▲           │
       └───────────┘  the front door stopped or died; another continues
"""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.records import leases
from shared.records.database import Record

UNFINISHED = ("queued", "in_progress")


class StoredResponse(leases.LeaseColumns, Record):
    """One turn. `input` has its items. `body` is the response as it is sent, except for the status: only the column `status` is current.

    `request` is the request of a response in the background, None for others. `takeovers` counts the front doors that died while they
    processed it.
    """

    __tablename__ = "responses"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    previous_id: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(index=True, default="completed")
    input: Mapped[list[Any]]
    body: Mapped[dict[str, Any]]
    request: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    takeovers: Mapped[int] = mapped_column(default=0)


class ResponseEvent(Record):
    """An event of a streamed response in the background; `number` is its sequence number."""

    __tablename__ = "response_events"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]

"""Stored responses, in the jobs database: what was asked and answered in one turn, and which turn came before.

One that goes on in the background is worked on under a lease:

    queued ──▶ in_progress ──▶ completed | incomplete | failed | cancelled
       ▲           │
       └───────────┘  the front door stopped or died; another goes on
"""

from typing import Any

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shared.records import leases
from shared.records.database import Record

UNFINISHED = ("queued", "in_progress")


class StoredResponse(leases.LeaseColumns, Record):
    """One turn. `input` are its items, `body` is the response as the wire has it, but for the status, which only the column is sure of.

    `asked` is the request of one that goes on in the background, None for others; `takeovers` counts the front doors that died over it.
    """

    __tablename__ = "responses"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    previous_id: Mapped[str | None] = mapped_column(default=None)
    created_at: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(index=True, default="completed")
    input: Mapped[list[Any]]
    body: Mapped[dict[str, Any]]
    request: Mapped[dict[str, Any] | None] = mapped_column("asked", default=None)
    takeovers: Mapped[int] = mapped_column(default=0)


class ResponseEvent(Record):
    """An event of a response that is streamed from the background; `number` is its sequence number."""

    __tablename__ = "response_events"
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]

"""Webhook endpoints, and the outbox of events that wait to be sent to them.

Whoever ends a job writes its event to the outbox in the same transaction, so the event exists exactly if the job has ended. The front doors
send what is in the outbox. It knows nothing of jobs or HTTP.
"""

from typing import Any

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.ids import new_id
from shared.records import leases
from shared.records.database import Record

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"


class WebhookEndpoint(Record):
    """Where a project wants to be notified of which events. A rotated secret may sign until `previous_secret_until`, too.

    `number` grows with each endpoint of the project, and orders those of the same second. Those from before it was counted have 0.
    """

    __tablename__ = "webhook_endpoints"
    id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    url: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[Any]]
    secret: Mapped[str]
    previous_secret: Mapped[str | None] = mapped_column(default=None)
    previous_secret_until: Mapped[float | None] = mapped_column(default=None)
    created_at: Mapped[int]
    updated_at: Mapped[int]
    number: Mapped[int] = mapped_column(default=0)


class WebhookDelivery(leases.LeaseColumns, Record):
    """An event on its way to one endpoint: pending, delivered or failed. `problem` is why the last attempt failed.

    The id is the header `webhook-id`, the same in every attempt. `attempts` counts those that have begun.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_state", "state", "next_attempt_at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), index=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[float]
    problem: Mapped[str | None] = mapped_column(Text, default=None)
    created_at: Mapped[float]


def new_event(type: str, object_id: str, created_at: int) -> dict[str, Any]:
    """Return an event about an object, such as a job, in OpenAI's shape."""
    return {"object": "event", "id": new_id("evt_"), "type": type, "created_at": created_at, "data": {"id": object_id}}


def add_event(session: Session, project_id: str, type: str, object_id: str, created_at: int) -> None:
    """Write an event to the outbox, once for each endpoint of the project that wants its type."""
    # Due at once: the clock of whoever ends the job may differ from that of the front doors.
    event: dict[str, Any] = {"payload": new_event(type, object_id, created_at), "created_at": created_at, "next_attempt_at": 0}
    for endpoint_id in _list_interested(session, project_id, type):
        session.add(WebhookDelivery(id=new_id("wh_"), endpoint_id=endpoint_id, **event))


def _list_interested(session: Session, project_id: str, type: str) -> list[str]:
    """Return the ids of the endpoints that want the type, locked against deletion, which would make the transaction fail."""
    own = select(WebhookEndpoint.id, WebhookEndpoint.event_types).where(WebhookEndpoint.project_id == project_id)
    return [id for id, types in session.execute(own.with_for_update(read=True, key_share=True)) if type in types]

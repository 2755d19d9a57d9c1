"""The outbox of deliveries, shared by any number of front doors: which are due, and when one that failed is tried again.

A delivery is claimed under a lease that lasts longer than an attempt, so two front doors never send the same one at the same moment. If a
front door dies in between, another one sends the delivery again when the lease ends: an endpoint gets each event at least once.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from shared.ids import new_id
from shared.records import leases
from shared.records.database import Database
from shared.records.webhooks import DELIVERED, FAILED, PENDING, WebhookDelivery, WebhookEndpoint

LEASE_SECONDS = 60.0
FIRST_DELAY_SECONDS = 5.0
MAX_DELAY_SECONDS = 6 * 3600.0
GIVE_UP_SECONDS = 72 * 3600.0  # as OpenAI does
KEEP_SECONDS = 7 * 24 * 3600.0

IN_TURN = (WebhookDelivery.next_attempt_at, WebhookDelivery.created_at, WebhookDelivery.id)

Clock = Callable[[], float]


@dataclass(frozen=True)
class Delivery:
    """A delivery to attempt now, for the `attempts`-th time. `secrets` are those that sign it."""

    id: str
    endpoint_id: str
    url: str
    secrets: tuple[str, ...]
    event: dict[str, Any]
    attempts: int
    created_at: float


class Outbox:
    """The deliveries of every project. `draw` returns a random number from 0 to 1."""

    def __init__(self, database: Database, clock: Clock = time.time, draw: Callable[[], float] | None = None) -> None:
        self._database = database
        self._clock = clock
        self._draw = draw or SystemRandom().random
        self._owner = new_id("door_")

    def claim(self, max_count: int, busy: Collection[str] = ()) -> list[Delivery]:
        """Claim up to `max_count` deliveries that are due, one for each endpoint not in `busy`, new ones before those that failed."""
        waiting = func.min(WebhookDelivery.next_attempt_at)
        due = select(WebhookDelivery.endpoint_id).where(*self._due(), WebhookDelivery.endpoint_id.not_in(busy))
        with self._database.session() as session:
            endpoint_ids = session.scalars(due.group_by(WebhookDelivery.endpoint_id).order_by(waiting).limit(max_count)).all()
        return [claimed for id in endpoint_ids if (claimed := self._claim_for(id))]

    def end(self, delivery: Delivery) -> None:
        """Store that the endpoint has accepted the delivery."""
        self._release(delivery, state=DELIVERED, problem=None)

    def retry(self, delivery: Delivery, problem: str) -> float | None:
        """Store why the attempt failed; return the seconds until the next one, or None if this was the last."""
        delay = delay_seconds(delivery.attempts, self._draw())
        now = self._clock()
        if now + delay > delivery.created_at + GIVE_UP_SECONDS:
            self._release(delivery, state=FAILED, problem=problem)
            return None
        self._release(delivery, problem=problem, next_attempt_at=now + delay)
        return delay

    def requeue(self, delivery: Delivery) -> None:
        """Give the delivery back, so that it can be claimed again at once."""
        self._release(delivery)

    def delete_old(self) -> None:
        """Delete the deliveries that ended, delivered or failed, and are older than a week."""
        old = delete(WebhookDelivery).where(WebhookDelivery.state != PENDING, WebhookDelivery.created_at < self._clock() - KEEP_SECONDS)
        with self._database.session() as session:
            session.execute(old.execution_options(synchronize_session=False))

    def _due(self) -> tuple[ColumnElement[bool], ...]:
        return WebhookDelivery.state == PENDING, WebhookDelivery.next_attempt_at <= self._clock(), leases.is_free(WebhookDelivery)

    def _claim_for(self, endpoint_id: str) -> Delivery | None:
        first = select(WebhookDelivery).where(*self._due(), WebhookDelivery.endpoint_id == endpoint_id)
        with self._database.session() as session:
            row = session.scalars(first.order_by(*IN_TURN).limit(1)).first()
            if row is None or not self._claim(session, row):
                return None
            endpoint = session.get_one(WebhookEndpoint, endpoint_id)
            signing = signing_secrets(endpoint, self._clock())
            return Delivery(row.id, endpoint.id, endpoint.url, signing, row.payload, row.attempts + 1, row.created_at)

    def _claim(self, session: Session, row: WebhookDelivery) -> bool:
        unchanged = (*_pending(row.id), WebhookDelivery.attempts == row.attempts)
        return leases.claim(session, WebhookDelivery, *unchanged, owner=self._owner, seconds=LEASE_SECONDS, attempts=row.attempts + 1)

    def _release(self, delivery: Delivery, **values: Any) -> None:
        """Release the lease and set `values`, unless the lease is lost or the delivery was deleted with its endpoint."""
        unchanged = (*_pending(delivery.id), WebhookDelivery.attempts == delivery.attempts)
        with self._database.session() as session:
            leases.release(session, WebhookDelivery, *unchanged, owner=self._owner, **values)


def delay_seconds(attempts: int, draw: float) -> float:
    """Return the seconds to wait after a number of failed attempts: 5, 10, 20, … up to six hours, less up to half for a `draw` of 0 to 1.

    The random part keeps deliveries that failed together from coming back together.
    """
    longest = min(FIRST_DELAY_SECONDS * 2.0 ** min(attempts - 1, 20), MAX_DELAY_SECONDS)
    return longest * (1 - draw / 2)


def signing_secrets(endpoint: WebhookEndpoint, now: float) -> tuple[str, ...]:
    """Return the secrets that sign what is sent now: the current one, and the previous one as long as it is kept."""
    if endpoint.previous_secret is None or (endpoint.previous_secret_until or 0) <= now:
        return (endpoint.secret,)
    return endpoint.secret, endpoint.previous_secret


def _pending(id: str) -> tuple[ColumnElement[bool], ...]:
    return WebhookDelivery.id == id, WebhookDelivery.state == PENDING

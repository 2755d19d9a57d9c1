"""Deliveries are sent from the database, whichever process wrote them, and by one process at a time."""

import threading
import time
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import anyio.to_thread
import pytest
from sqlalchemy import update

from services.generation.jobs.webhooks.deliver import WebhookDeliveries
from services.generation.jobs.webhooks.outbox import Delivery, Outbox
from services.generation.jobs.webhooks.post import WebhookPoster
from shared.errors import DatabaseUnavailable
from shared.records.database import Database
from shared.records.webhooks import WebhookDelivery
from tests.serving import wait_until
from tests.unit.generation.jobs.webhooks.rows import SUCCEEDED, add_endpoint, deliveries, end_job
from tests.webhook_receiver import WebhookReceiver, receiving

pytestmark = pytest.mark.anyio
CHECK_SECONDS = 0.02


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving() as receiver:
        yield receiver


@asynccontextmanager
async def sending(*outboxes: Outbox) -> AsyncIterator[None]:
    """Send what is in the outboxes, each from a front door of its own."""
    async with AsyncExitStack() as stack:
        for outbox in outboxes:
            poster = WebhookPoster(allows_private=True, clock=time.time)
            stack.push_async_callback(poster.close)
            await stack.enter_async_context(WebhookDeliveries(outbox, poster, CHECK_SECONDS).running())
        yield


async def until_states(database: Database, *states: str) -> None:
    """Wait until these are the states of all deliveries, by endpoint."""
    await anyio.to_thread.run_sync(wait_until, lambda: [row.state for row in deliveries(database)] == list(states))


def make_due(database: Database) -> None:
    with database.session() as session:
        session.execute(update(WebhookDelivery).values(next_attempt_at=0))


async def test_an_event_that_was_written_before_the_process_started_is_sent(outbox_database: Database, receiver: WebhookReceiver) -> None:
    secret = add_endpoint(outbox_database, "one", receiver.url)
    job_id = end_job(outbox_database)
    async with sending(Outbox(outbox_database)):
        await until_states(outbox_database, "delivered")
    event = receiver.unwrap(0, secret)
    assert event.type == SUCCEEDED
    assert event.data.id == job_id
    assert receiver.ids == [deliveries(outbox_database)[0].id]


async def test_two_front_doors_send_every_event_once(outbox_database: Database, receiver: WebhookReceiver) -> None:
    for number in range(4):
        add_endpoint(outbox_database, f"endpoint-{number}", receiver.url)
    for _ in range(5):
        end_job(outbox_database)
    async with sending(Outbox(outbox_database), Outbox(outbox_database)):
        await until_states(outbox_database, *["delivered"] * 20)
    assert sorted(receiver.ids) == sorted(row.id for row in deliveries(outbox_database))


async def test_an_endpoint_that_hangs_does_not_hold_up_the_others(outbox_database: Database, receiver: WebhookReceiver) -> None:
    with receiving() as hanging:
        hanging.held.set()
        add_endpoint(outbox_database, "a-hanging", hanging.url)
        add_endpoint(outbox_database, "b", receiver.url)
        for _ in range(3):
            end_job(outbox_database)
        async with sending(Outbox(outbox_database)):
            await until_states(outbox_database, *["pending"] * 3, *["delivered"] * 3)
            await anyio.to_thread.run_sync(hanging.wait_for, 1)
        assert len(hanging.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
async def test_whatever_is_not_2xx_is_sent_again_under_the_same_id(
    outbox_database: Database, receiver: WebhookReceiver, status: int
) -> None:
    secret = add_endpoint(outbox_database, "one", receiver.url)
    end_job(outbox_database)
    receiver.statuses = [status, 200]
    async with sending(Outbox(outbox_database)):
        await anyio.to_thread.run_sync(wait_until, lambda: deliveries(outbox_database)[0].problem is not None)
        (row,) = deliveries(outbox_database)
        assert (row.problem, row.state, row.attempts) == (f"The response had the status {status}, not 2xx.", "pending", 1)
        assert row.next_attempt_at > time.time()
        make_due(outbox_database)
        await until_states(outbox_database, "delivered")
    assert receiver.ids == [row.id, row.id]
    assert receiver.unwrap(0, secret) == receiver.unwrap(1, secret)


async def test_what_is_being_sent_when_the_process_stops_is_sent_by_the_next(outbox_database: Database, receiver: WebhookReceiver) -> None:
    add_endpoint(outbox_database, "one", receiver.url)
    end_job(outbox_database)
    receiver.held.set()
    async with sending(Outbox(outbox_database)):
        await anyio.to_thread.run_sync(receiver.wait_for, 1)
    receiver.held.clear()
    async with sending(Outbox(outbox_database)):
        await until_states(outbox_database, "delivered")
    assert receiver.ids == [receiver.ids[0]] * 2


class UnluckyOutbox(Outbox):
    """An outbox whose database is away at first, and has a bug after that."""

    claims = 0

    def claim(self, max_count: int, busy: Collection[str] = ()) -> list[Delivery]:
        self.claims += 1
        if self.claims == 1:
            raise DatabaseUnavailable("The database is gone.")
        if self.claims == 2:
            raise RuntimeError("a bug")
        return super().claim(max_count, busy)


async def test_the_loop_goes_on_after_an_error(outbox_database: Database, receiver: WebhookReceiver) -> None:
    add_endpoint(outbox_database, "one", receiver.url)
    end_job(outbox_database)
    async with sending(UnluckyOutbox(outbox_database)):
        await until_states(outbox_database, "delivered")


class ForgetfulOutbox(Outbox):
    """An outbox that cannot store the first end of a delivery."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.failed = threading.Event()

    def end(self, delivery: Delivery) -> None:
        if not self.failed.is_set():
            self.failed.set()
            raise DatabaseUnavailable("The database is gone.")
        super().end(delivery)


async def test_if_its_end_cannot_be_stored_a_delivery_is_sent_again_when_its_lease_expires(
    outbox_database: Database, receiver: WebhookReceiver
) -> None:
    add_endpoint(outbox_database, "one", receiver.url)
    end_job(outbox_database)
    outbox = ForgetfulOutbox(outbox_database)
    async with sending(outbox):
        await anyio.to_thread.run_sync(wait_until, outbox.failed.is_set)
        assert Outbox(outbox_database).claim(5) == []
        with outbox_database.session() as session:
            session.execute(update(WebhookDelivery).values(lease_expires_at=0))
        await until_states(outbox_database, "delivered")
    assert receiver.ids == [receiver.ids[0]] * 2

"""Webhooks survive a kill, are sent by several front doors, and are written under PostgreSQL while endpoints come and go."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from openai import OpenAI
from sqlalchemy import delete, text, update

from services.generation.jobs.webhooks.outbox import Outbox
from shared.records import MIGRATIONS
from shared.records.database import Database, migrate
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.integration.generation_service import running
from tests.serving import DEADLINE, serving, wait_until
from tests.unit.generation.jobs.webhooks.rows import SUCCEEDED, add_endpoint, deliveries, end_job
from tests.webhook_receiver import WebhookReceiver, receiving

SETTINGS = {"GENERATION_WEBHOOK_PRIVATE_ADDRESSES": "true", "GENERATION_WEBHOOK_CHECK_SECONDS": "0.05"}


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def engine_url() -> Iterator[str]:
    with serving(FakeEngine().app()) as url:
        yield url


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    migrate(database, MIGRATIONS)
    yield database
    database.close()


def test_an_event_that_was_being_sent_when_the_front_door_was_killed_is_sent_by_another(
    tmp_path: Path, receiver: WebhookReceiver, engine_url: str
) -> None:
    receiver.held.set()
    with running(tmp_path, engine_url, **SETTINGS) as door, closing(Database(JobSettings(data=tmp_path).jobs_url)) as database:
        with OpenAI(base_url=f"{door.url}/v1", api_key="none") as sdk:
            endpoint = sdk.webhooks.create(name="Hooks", url=receiver.url, event_types=[SUCCEEDED])
        interrupted = end_job(database)
        receiver.wait_for(1)
        door.process.kill()
        door.process.wait()
        missed = end_job(database)  # while no front door runs
        receiver.held.clear()
        with database.session() as session:  # instead of waiting a minute for the end of the lease
            session.execute(update(WebhookDelivery).values(lease_expires_at=0))
        with running(tmp_path, engine_url, **SETTINGS), running(tmp_path, engine_url, **SETTINGS):
            wait_until(lambda: [row.state for row in deliveries(database)] == ["delivered"] * 2)
    events = [receiver.unwrap(position, endpoint.signing_secret) for position in range(3)]
    assert len(receiver.requests) == 3
    assert Counter(event.data.id for event in events) == {interrupted: 2, missed: 1}
    assert len(set(receiver.ids)) == 2


def test_a_job_ends_although_an_endpoint_is_deleted_at_the_same_moment(postgres: Database) -> None:
    add_endpoint(postgres, "one")
    add_endpoint(postgres, "two")
    ended = threading.Thread(target=end_job, args=[postgres])
    with postgres.session() as session:
        session.execute(delete(WebhookEndpoint).where(WebhookEndpoint.id == "one"))
        ended.start()
        wait_until(lambda: count_waiting(postgres) == 1)
    ended.join(DEADLINE)
    assert [row.endpoint_id for row in deliveries(postgres)] == ["two"]


def count_waiting(database: Database) -> int:
    """Return how many transactions wait for a lock."""
    with database.session() as session:
        return int(session.scalar(text("select count(*) from pg_locks where not granted")) or 0)


def test_with_postgresql_each_delivery_is_claimed_by_one_of_several_front_doors(postgres: Database) -> None:
    for number in range(10):
        add_endpoint(postgres, f"endpoint-{number}")
    end_job(postgres)
    start = threading.Barrier(4)
    claimed: list[str] = []

    def claim() -> None:
        outbox = Outbox(postgres)
        start.wait()
        claimed.extend(delivery.id for delivery in outbox.claim(10))

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert sorted(claimed) == sorted(row.id for row in deliveries(postgres))

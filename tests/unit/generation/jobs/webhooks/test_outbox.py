"""Front doors share the outbox: each delivery is claimed by one of them, and tried again for three days."""

import time
from itertools import pairwise

import pytest
from sqlalchemy import delete, select, update

from services.generation.jobs.webhooks.outbox import GIVE_UP_SECONDS, KEEP_SECONDS, Delivery, Outbox, delay_seconds
from shared.records.database import Database
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint
from tests.unit.generation.jobs.webhooks.rows import FakeClock, add_endpoint, deliveries, end_job


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(time.time())


@pytest.fixture
def outbox(outbox_database: Database, clock: FakeClock) -> Outbox:
    return Outbox(outbox_database, clock, lambda: 0)


def claim_one(outbox: Outbox) -> Delivery:
    (claimed,) = outbox.claim(5)
    return claimed


def expire_leases(database: Database) -> None:
    with database.session() as session:
        session.execute(update(WebhookDelivery).values(lease_expires_at=time.time() - 1))


def test_a_delivery_has_what_is_needed_to_send_it(outbox: Outbox, outbox_database: Database) -> None:
    secret = add_endpoint(outbox_database, "one", "https://example.com/hooks")
    job_id = end_job(outbox_database)
    claimed = claim_one(outbox)
    assert (claimed.endpoint_id, claimed.url, claimed.secrets, claimed.attempts) == ("one", "https://example.com/hooks", (secret,), 1)
    assert claimed.event["data"] == {"id": job_id}
    outbox.end(claimed)
    assert outbox.claim(5) == []
    assert [row.state for row in deliveries(outbox_database)] == ["delivered"]


def test_only_one_front_door_claims_a_delivery_and_another_takes_over_when_its_lease_ends(
    outbox: Outbox, outbox_database: Database, clock: FakeClock
) -> None:
    add_endpoint(outbox_database, "one")
    end_job(outbox_database)
    other = Outbox(outbox_database, clock)
    mine = claim_one(outbox)
    assert other.claim(5) == []
    expire_leases(outbox_database)
    theirs = claim_one(other)
    assert (theirs.id, theirs.attempts) == (mine.id, 2)
    outbox.retry(mine, "too late")
    outbox.requeue(mine)
    assert outbox.claim(5) == []
    other.end(theirs)
    assert [(row.state, row.problem) for row in deliveries(outbox_database)] == [("delivered", None)]


def test_a_front_door_that_lost_its_lease_and_claimed_again_cannot_end_the_new_attempt_by_the_old_one(
    outbox: Outbox, outbox_database: Database
) -> None:
    add_endpoint(outbox_database, "one")
    end_job(outbox_database)
    first = claim_one(outbox)
    expire_leases(outbox_database)
    second = claim_one(outbox)
    outbox.retry(first, "of the first attempt")
    assert outbox.claim(5) == []
    outbox.end(second)
    assert [row.state for row in deliveries(outbox_database)] == ["delivered"]


def test_each_endpoint_gets_one_delivery_at_a_time_in_order_and_new_ones_before_those_that_failed(
    outbox: Outbox, outbox_database: Database, clock: FakeClock
) -> None:
    for id in ("one", "two", "three"):
        add_endpoint(outbox_database, id)
    job_ids = [end_job(outbox_database) for _ in range(3)]
    created_in_order(outbox_database, job_ids)
    for claimed in outbox.claim(5, busy=["two", "three"]):
        outbox.retry(claimed, "gone")
    clock.now += 10
    assert sorted(claimed.endpoint_id for claimed in outbox.claim(5, busy=["one"])) == ["three", "two"]
    for expected in (job_ids[1], job_ids[2], job_ids[0]):
        (claimed,) = outbox.claim(5, busy=["two", "three"])
        assert claimed.event["data"]["id"] == expected
        outbox.end(claimed)


def created_in_order(database: Database, job_ids: list[str]) -> None:
    """Make the deliveries of each job a second younger than those of the job before it."""
    with database.session() as session:
        for row in session.scalars(select(WebhookDelivery)):
            row.created_at += job_ids.index(row.payload["data"]["id"])


def test_a_failed_delivery_is_due_again_after_5_seconds_and_then_after_twice_as_long(
    outbox: Outbox, outbox_database: Database, clock: FakeClock
) -> None:
    add_endpoint(outbox_database, "one")
    end_job(outbox_database)
    waits = [5.0, 10.0, 20.0, 40.0]
    for attempt, wait in enumerate(waits, start=1):
        claimed = claim_one(outbox)
        assert claimed.attempts == attempt
        assert outbox.retry(claimed, "The response had the status 500, not 2xx.") == wait
        clock.now += wait - 0.1
        assert outbox.claim(5) == []
        clock.now += 0.2
    assert [(row.state, row.problem) for row in deliveries(outbox_database)] == [("pending", "The response had the status 500, not 2xx.")]


def test_after_three_days_a_delivery_is_given_up(outbox: Outbox, outbox_database: Database, clock: FakeClock) -> None:
    add_endpoint(outbox_database, "one")
    end_job(outbox_database)
    started, attempts = clock.now, 0
    wait: float | None = 0.0
    while wait is not None:
        clock.now += wait
        wait = outbox.retry(claim_one(outbox), "gone")
        attempts += 1
    assert GIVE_UP_SECONDS - 6 * 3600 - 2 < clock.now - started <= GIVE_UP_SECONDS
    assert attempts == 24
    assert [(row.state, row.problem, row.attempts) for row in deliveries(outbox_database)] == [("failed", "gone", attempts)]
    clock.now += GIVE_UP_SECONDS
    assert outbox.claim(5) == []


def test_the_delay_is_random_by_half_and_never_over_six_hours() -> None:
    longest = [delay_seconds(attempts, 0) for attempts in range(1, 200)]
    assert longest[:3] == [5, 10, 20]
    assert max(longest) == 6 * 3600
    assert all(later >= earlier for earlier, later in pairwise(longest))
    assert [delay_seconds(attempts, 1) for attempts in range(1, 200)] == [delay / 2 for delay in longest]


def test_a_delivery_that_is_given_back_is_due_at_once(outbox: Outbox, outbox_database: Database) -> None:
    add_endpoint(outbox_database, "one")
    end_job(outbox_database)
    claimed = claim_one(outbox)
    outbox.requeue(claimed)
    assert claim_one(outbox).id == claimed.id


def test_an_endpoint_that_is_deleted_while_it_is_sent_to_leaves_nothing(outbox: Outbox, outbox_database: Database) -> None:
    add_endpoint(outbox_database, "one")
    end_job(outbox_database)
    end_job(outbox_database)
    claimed = claim_one(outbox)
    with outbox_database.session() as session:
        session.execute(delete(WebhookEndpoint))
    outbox.retry(claimed, "gone")
    assert outbox.claim(5) == []
    assert deliveries(outbox_database) == []


def test_deliveries_that_ended_are_deleted_after_a_week_and_others_are_not(
    outbox: Outbox, outbox_database: Database, clock: FakeClock
) -> None:
    for id in ("one", "two"):
        add_endpoint(outbox_database, id)
    end_job(outbox_database)
    (one,) = [claimed for claimed in outbox.claim(5) if claimed.endpoint_id == "one"]
    outbox.end(one)
    outbox.delete_old()
    assert len(deliveries(outbox_database)) == 2
    clock.now += KEEP_SECONDS + 3600  # the job ended after this clock was read
    outbox.delete_old()
    assert [row.endpoint_id for row in deliveries(outbox_database)] == ["two"]


def test_after_a_rotation_both_secrets_sign_until_the_old_one_expires(outbox: Outbox, outbox_database: Database, clock: FakeClock) -> None:
    add_endpoint(outbox_database, "one")
    for _ in range(2):
        end_job(outbox_database)
    with outbox_database.session() as session:
        session.execute(
            update(WebhookEndpoint).values(secret="whsec_bmV3", previous_secret="whsec_b2xk", previous_secret_until=clock.now + 9)
        )
    claimed = claim_one(outbox)
    assert claimed.secrets == ("whsec_bmV3", "whsec_b2xk")
    outbox.end(claimed)
    clock.now += 9
    assert claim_one(outbox).secrets == ("whsec_bmV3",)

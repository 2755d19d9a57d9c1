"""The end of a job and its webhook event are one transaction."""

from typing import Any

import pytest
from sqlalchemy import delete, select

from shared.records import jobs
from shared.records.database import Database
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint
from tests.unit.shared.job_rows import load, submit

SUCCEEDED, FAILED, CANCELLED = "fine_tuning.job.succeeded", "fine_tuning.job.failed", "fine_tuning.job.cancelled"


def add_endpoint(database: Database, id: str, *types: str, project: str = "default") -> None:
    row = {"id": id, "project_id": project, "name": id, "url": "https://example.com", "secret": "whsec_", "created_at": 1, "updated_at": 1}
    with database.session() as session:
        session.add(WebhookEndpoint(**row, event_types=list(types)))


def outbox(database: Database) -> list[tuple[str, dict[str, Any]]]:
    with database.session() as session:
        return [(row.endpoint_id, row.payload) for row in session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.endpoint_id))]


def claim_and_finish(database: Database, job_id: str, status: str) -> bool:
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 30)
    with database.session() as session:
        return jobs.finish(session, job_id, "worker", status)


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_the_end_of_a_job_is_an_event_for_each_endpoint_of_the_project_that_wants_it(database: Database, status: str) -> None:
    add_endpoint(database, "one", SUCCEEDED, FAILED, CANCELLED)
    add_endpoint(database, "two", f"fine_tuning.job.{status}")
    add_endpoint(database, "not-this", *{SUCCEEDED, FAILED, CANCELLED} - {f"fine_tuning.job.{status}"})
    add_endpoint(database, "not-mine", SUCCEEDED, FAILED, CANCELLED, project="other")
    job_id = submit(database)
    assert claim_and_finish(database, job_id, status)
    (first, event), (second, same) = outbox(database)
    assert (first, second, event) == ("one", "two", same)
    assert event.pop("id").startswith("evt_")
    finished_at = load(database, job_id).finished_at
    assert event == {"object": "event", "type": f"fine_tuning.job.{status}", "created_at": finished_at, "data": {"id": job_id}}


def test_a_job_that_is_canceled_while_it_waits_is_an_event_once(database: Database) -> None:
    add_endpoint(database, "one", CANCELLED)
    job_id = submit(database)
    for _ in range(2):
        with database.session() as session:
            jobs.request_cancel(session, session.get_one(jobs.Job, job_id))
    assert [event["type"] for _, event in outbox(database)] == [CANCELLED]


def test_a_worker_that_lost_its_lease_writes_no_event(database: Database) -> None:
    add_endpoint(database, "one", SUCCEEDED)
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 30)
        assert not jobs.finish(session, job_id, "other", "succeeded")
    assert outbox(database) == []


def test_if_the_end_of_a_job_is_rolled_back_so_is_its_event(database: Database) -> None:
    add_endpoint(database, "one", SUCCEEDED)
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "worker", 30)
    with pytest.raises(KeyError), database.session() as session:
        assert jobs.finish(session, job_id, "worker", "succeeded")
        raise KeyError
    assert (outbox(database), load(database, job_id).status) == ([], "running")


def test_comparisons_and_datasets_send_no_events(database: Database) -> None:
    add_endpoint(database, "one", SUCCEEDED, FAILED, CANCELLED)
    for kind in (jobs.COMPARISON, jobs.DATASET):
        with database.session() as session:
            job_id = jobs.submit(session, kind, "default", {}).id
        assert claim_and_finish(database, job_id, "succeeded")
    assert outbox(database) == []


def test_with_an_endpoint_go_its_deliveries(database: Database) -> None:
    add_endpoint(database, "one", SUCCEEDED)
    assert claim_and_finish(database, submit(database), "succeeded")
    with database.session() as session:
        session.execute(delete(WebhookEndpoint))
    assert outbox(database) == []

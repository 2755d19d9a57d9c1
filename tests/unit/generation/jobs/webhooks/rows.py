"""Endpoints and deliveries in a test database, and a clock that the test holds."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from services.generation.jobs.webhooks.sign import new_secret
from shared.records import jobs
from shared.records.database import Database
from shared.records.webhooks import WebhookDelivery, WebhookEndpoint

SUCCEEDED: Final = "fine_tuning.job.succeeded"


@dataclass
class FakeClock:
    """A clock that stands still until a test moves it."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def add_endpoint(database: Database, id: str, url: str = "https://example.com", project: str = "default") -> str:
    """Store an endpoint for succeeded jobs, and return its secret."""
    row = WebhookEndpoint(
        id=id, project_id=project, name=id, url=url, event_types=[SUCCEEDED], secret=new_secret(), created_at=1, updated_at=1
    )
    with database.session() as session:
        session.add(row)
    return row.secret


def end_job(database: Database, project: str = "default", kind: str = jobs.FINE_TUNING, status: str = "succeeded") -> str:
    """Submit a job, run it to its end, and return its id."""
    with database.session() as session:
        job_id = jobs.submit(session, kind, project, {}).id
        jobs.claim(session, job_id, "worker", 30)
        assert jobs.finish(session, job_id, "worker", status)
    return job_id


def deliveries(database: Database) -> list[WebhookDelivery]:
    """Return every delivery, by endpoint."""
    with database.session() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.endpoint_id, WebhookDelivery.id)))

"""The migration that numbers jobs, on SQLite and PostgreSQL: those from before keep their events, and come before new ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select

from services.generation.jobs.store import JobStore
from shared.contracts.paging import PageRequest
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, migrate
from shared.records.jobs import FINE_TUNING, Job, JobEvent

BEFORE = "jobs_0016"


class Nobody:
    """No worker listens."""

    def notify(self, kind: str, job_id: str) -> None:
        """Do nothing."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_postgres = request.param == "postgres"
    opened = Database(request.getfixturevalue("postgres_url") if is_postgres else f"sqlite:///{tmp_path / 'jobs.db'}")
    yield opened
    opened.close()


def go_down(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, BEFORE)
        connection.commit()


def test_jobs_from_before_keep_their_events_and_come_before_new_ones(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.jobs._now", lambda: 7)
    migrate(database, MIGRATIONS)
    row: dict[str, Any] = {"project_id": "default", "kind": FINE_TUNING, "spec": {}, "created_at": 7}
    with database.session() as session:
        session.add_all(Job(id=id, number=5, **row) for id in ("ftjob-a", "ftjob-z"))
        session.flush()
        jobs.add_event(session, "ftjob-a", "Created.")
    go_down(database)
    migrate(database, MIGRATIONS)
    store = JobStore(database, Nobody())
    new = [store.submit(FINE_TUNING, "default", {}, "Created.").id for _ in range(8)]
    listed = [job.id for job in store.list_jobs(FINE_TUNING, "default", PageRequest(20)).rows]
    assert listed == [*reversed(new), "ftjob-z", "ftjob-a"]
    with database.session() as session:
        assert session.scalars(select(JobEvent.message).where(JobEvent.job_id == "ftjob-a")).all() == ["Created."]
        assert [session.get_one(Job, id).number for id in ("ftjob-a", new[0])] == [0, 1]

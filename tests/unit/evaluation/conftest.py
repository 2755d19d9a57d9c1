"""A claimed comparison in a real SQLite database."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.evaluation.asking.answer_store import AnswerStore
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database
from shared.workers.job_context import LEASE_SECONDS, JobContext
from tests.migrated import open_migrated
from tests.unit.evaluation.cases import make_spec


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def stopping() -> threading.Event:
    return threading.Event()


@pytest.fixture
def context(database: Database, stopping: threading.Event) -> JobContext:
    with database.session() as session:
        job = jobs.submit(session, jobs.COMPARISON, "default", make_spec().model_dump())
    with database.session() as session:
        claimed = jobs.claim(session, job.id, "worker", LEASE_SECONDS)
    assert claimed
    return JobContext(database, claimed, "worker", stopping)


@pytest.fixture
def store(database: Database, context: JobContext) -> AnswerStore:
    return AnswerStore(database, context.job.id)

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from shared.errors import DatabaseUnavailable, TandemError
from shared.records.adapters import Adapter
from shared.records.answers import Answer
from shared.records.database import Database, Record, migrate
from shared.records.jobs import Job, JobEvent
from shared.records.projects import ApiKey, Project
from shared.records.responses import StoredResponse

TABLES = {record.__tablename__ for record in (Project, ApiKey, Job, JobEvent, Adapter, Answer, StoredResponse)}


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return kind != "table" or name in TABLES


def test_the_migrations_of_the_jobs_database_make_the_records_tables(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, Path("shared/records/migrations"))
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        differences = compare_metadata(context, Record.metadata)
    database.close()
    assert differences == []


def test_a_database_of_another_service_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, Path("shared/records/migrations"))
    with pytest.raises(TandemError, match="another service"):
        migrate(database, Path("services/retrieval/migrations"))
    database.close()


def test_a_database_that_does_not_answer_is_said_in_one_message() -> None:
    database = Database("postgresql+psycopg://127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        migrate(database, Path("shared/records/migrations"))
    database.close()

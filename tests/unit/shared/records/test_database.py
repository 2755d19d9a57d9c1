from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import Session

from shared.errors import DatabaseUnavailable, TandemError
from shared.records import MIGRATIONS
from shared.records.database import Database, Record, is_migrated, migrate
from shared.records.evaluation.answers import Answer
from shared.records.evaluation.comparisons import ComparisonFamily, ComparisonQuestion
from shared.records.jobs import Job, JobEvent
from shared.records.models.adapters import Adapter
from shared.records.projects import ApiKey, Project
from shared.records.responses import StoredResponse

OF_COMPARISONS = (Answer, ComparisonQuestion, ComparisonFamily)
TABLES = {record.__tablename__ for record in (Project, ApiKey, Job, JobEvent, Adapter, *OF_COMPARISONS, StoredResponse)}


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return kind != "table" or name in TABLES


def test_the_migrations_create_the_tables_that_the_records_describe(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, Record.metadata) == []


def test_a_migrated_schema_is_current_and_an_empty_one_is_not(tmp_path: Path, database: Database) -> None:
    assert is_migrated(database, MIGRATIONS)
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not is_migrated(empty, MIGRATIONS)
    empty.close()


def test_a_database_of_another_service_is_refused(database: Database) -> None:
    with pytest.raises(TandemError, match="another service"):
        migrate(database, Path("services/retrieval/migrations"))


def test_a_database_that_does_not_respond_is_named_by_its_setting() -> None:
    database = Database("postgresql+psycopg://127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        migrate(database, MIGRATIONS)
    database.close()


@pytest.mark.parametrize("problem", [ValueError("no number"), DatabaseUnavailable("The disk is slow.")])
def test_work_that_fails_for_another_reason_than_a_deadlock_is_not_repeated_and_leaves_nothing(
    database: Database, problem: Exception
) -> None:
    runs: list[str] = []

    def work(session: Session) -> None:
        session.add(Project(id="new", created_at=1))
        session.flush()
        runs.append("once")
        raise problem

    with pytest.raises(type(problem)):
        database.run(work)
    assert runs == ["once"]
    assert database.run(lambda session: session.get(Project, "new")) is None


def test_what_work_stored_stays(database: Database) -> None:
    database.run(lambda session: session.add(Project(id="new", created_at=1)))
    assert database.run(lambda session: session.get_one(Project, "new").created_at) == 1

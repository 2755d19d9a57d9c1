from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from services.retrieval.catalog.records import Attachment, File, Store
from shared.records.database import Record
from shared.records.projects import ApiKey, Project
from tests.retrieval_harness import RetrievalHarness

TABLES = {record.__tablename__ for record in (Project, ApiKey, File, Store, Attachment)}


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return kind != "table" or name in TABLES


def test_the_migrations_make_exactly_the_tables_of_the_records(harness: RetrievalHarness) -> None:
    with harness.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, Record.metadata) == []

"""A jobs database in a temporary SQLite file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.records import MIGRATIONS
from shared.records.database import Database, migrate


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, MIGRATIONS)
    yield database
    database.close()

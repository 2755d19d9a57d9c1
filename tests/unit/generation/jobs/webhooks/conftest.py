"""A jobs database of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.records import MIGRATIONS
from shared.records.database import Database
from tests.migrated import open_migrated


@pytest.fixture
def outbox_database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", MIGRATIONS)
    yield database
    database.close()

"""A file that is held and deleted at the same moment, over PostgreSQL: the second waits for the first, and sees what it did."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from services.retrieval.catalog import file_holds, files
from services.retrieval.catalog.records import File
from services.retrieval.lifecycle.delete import delete_file_everywhere
from shared.errors import Conflict, NotFound
from tests.retrieval_harness import RetrievalHarness
from tests.serving import DEADLINE, wait_until


@pytest.fixture
def harness(tmp_path: Path, postgres_url: str) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path, database_url=postgres_url)
    with opened.database.session() as session:
        session.add(File(id="file-1", project_id="default", filename="a.jsonl", purpose="fine-tune", bytes=1, sha256="0" * 64))
    yield opened
    opened.close()


def waits_for_lock(harness: RetrievalHarness) -> bool:
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with harness.database.session() as session:
        return bool(session.scalar(text(waiting)))


def test_a_deletion_that_waits_for_a_hold_is_refused(harness: RetrievalHarness) -> None:
    with ThreadPoolExecutor(1) as pool:
        with harness.database.session() as session:
            file_holds.hold(session, "file-1", "ftjob-1", time.time() + 600)
            session.flush()
            deleting = pool.submit(delete_file_everywhere, harness.database, harness.index, harness.folder, "file-1")
            wait_until(lambda: waits_for_lock(harness))
        with pytest.raises(Conflict, match="is used by 'ftjob-1'"):
            deleting.result(DEADLINE)
    with harness.database.session() as session:
        assert files.find(session, "default", "file-1").id == "file-1"


def test_a_hold_that_waits_for_a_deletion_finds_no_file(harness: RetrievalHarness) -> None:
    def hold() -> None:
        with harness.database.session() as session:
            file_holds.hold(session, "file-1", "ftjob-1", time.time() + 600)

    with ThreadPoolExecutor(1) as pool:
        with harness.database.session() as session:
            files.delete(session, "file-1")
            holding = pool.submit(hold)
            wait_until(lambda: waits_for_lock(harness))
        with pytest.raises(NotFound, match="There is no file 'file-1'"):
            holding.result(DEADLINE)

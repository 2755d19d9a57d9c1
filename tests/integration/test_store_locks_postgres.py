"""Transactions that lock several rows of a vector store in PostgreSQL never wait for each other in a circle."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from services.retrieval.catalog import ingest_queue, stores
from services.retrieval.catalog.records import Attachment, Store
from services.retrieval.lifecycle.delete import delete_from_store
from shared.records import leases
from shared.records.database import Database
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until

SECONDS = 60.0


@pytest.fixture
def harness(tmp_path: Path, postgres_url: str) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path, database_url=postgres_url)
    yield opened
    opened.close()


def count_waiting(database: Database) -> int:
    """Return how many transactions wait for a lock."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with database.session() as session:
        return int(session.scalar(text(waiting)) or 0)


def claim(database: Database) -> str | None:
    """Claim what waits the longest; return its id."""
    with database.session() as session:
        attachment = ingest_queue.claim(session, "worker", 30)
        return attachment.id if attachment else None


def take(session: Session, id: str) -> None:
    """Claim an attachment for another worker, as long as the transaction lasts."""
    assert leases.claim(session, Attachment, Attachment.id == id, owner="another worker", seconds=30)


def is_locked(database: Database, id: str) -> bool:
    with database.session() as session:
        return session.scalar(select(Attachment.id).where(Attachment.id == id).with_for_update(skip_locked=True)) is None


def test_a_deletion_and_a_worker_that_looks_for_work_do_not_wait_for_each_other(harness: RetrievalHarness) -> None:
    """The file has two rows, as during a re-embedding: the deletion finds `newest` first, the worker `oldest`.

    Others claim `oldest` and `other` just before the worker does. PostgreSQL locks a row for an update that had to wait for it, even if the
    row no longer matches the update's conditions: so the worker could have `oldest` locked when it gets to `newest`.
    """
    database = harness.database
    for id, file_id, edition, created_at in (("newest", "file-1", 0, 3.0), ("oldest", "file-1", 1, 1.0), ("other", "file-2", 0, 2.0)):
        with database.session() as session:
            keys = {"vector_store_id": "vs_1", "file_id": file_id, "edition": edition, "space": "words"}
            session.add(Attachment(id=id, **keys, chunking={}, created_at=created_at))
    with ThreadPoolExecutor(2) as threads:
        with database.session() as taking_other:
            take(taking_other, "other")
            with database.session() as taking_oldest:
                take(taking_oldest, "oldest")
                claiming = threads.submit(claim, database)
                wait_until(lambda: claiming.done() or count_waiting(database) == 1, SECONDS)
            wait_until(lambda: claiming.done() or is_locked(database, "oldest"), SECONDS)
            deleting = threads.submit(delete_from_store, database, harness.index, "vs_1", "file-1")
            wait_until(lambda: deleting.done() or count_waiting(database) == 2, SECONDS)
        assert claiming.result(SECONDS) == "newest"
        assert deleting.result(SECONDS).files == 1


def test_a_search_of_several_stores_locks_them_in_the_order_of_a_deletion(harness: RetrievalHarness) -> None:
    harness.add_store("vs_2")
    database, project = harness.database, harness.store().project_id

    def search() -> None:
        with database.session() as session:
            stores.find_for_search(session, project, ["vs_2", "vs_1"])

    with database.session() as session:
        session.execute(update(Store).values(last_active_at=1.0))
    with ThreadPoolExecutor(1) as threads:
        with database.session() as session:
            stores.lock(session, ["vs_1"])
            searching = threads.submit(search)
            wait_until(lambda: count_waiting(database) == 1, SECONDS)
            session.execute(select(Store.id).where(Store.id == "vs_2").with_for_update(nowait=True))
        searching.result(SECONDS)
    assert harness.store().last_active_at > 1.0

import threading
import time

import openai
import pytest
from openai import OpenAI
from sqlalchemy import select

from services.retrieval.catalog.records import DAY, DeletedPosition, File, Store
from services.retrieval.lifecycle.sweeper import BATCH_SIZE, EXPIRED_RECORD_SECONDS, Sweeper, sweep
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until


def index_file(harness: RetrievalHarness) -> str:
    file_id = harness.attach("The seal is turquoise.")
    harness.worker().work_once()
    return file_id


def sweep_at(harness: RetrievalHarness, now: float) -> bool:
    return sweep(harness.database, harness.index, harness.folder, now)


def expire(harness: RetrievalHarness, client: OpenAI) -> None:
    """Make the store idle for longer than it may be."""
    client.vector_stores.update("vs_1", expires_after={"anchor": "last_active_at", "days": 1})
    with harness.database.session() as session:
        session.get_one(Store, "vs_1").last_active_at = time.time() - DAY - 1


def points(harness: RetrievalHarness) -> int:
    return harness.index.count("words", {})


def test_an_expired_store_is_refused_before_and_after_it_is_swept(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    expire(harness, client)
    other = client.files.create(file=("a.txt", b"a"), purpose="assistants").id
    calls = (
        lambda: client.vector_stores.search("vs_1", query="seal"),
        lambda: client.vector_stores.files.create("vs_1", file_id=other),
        lambda: client.vector_stores.file_batches.create("vs_1", file_ids=[other]),
        lambda: client.vector_stores.update("vs_1", name="new"),
        lambda: client.vector_stores.files.update(file_id, vector_store_id="vs_1", attributes={}),
    )
    for expected_points in (1, 0):
        assert points(harness) == expected_points
        for call in calls:
            with pytest.raises(openai.BadRequestError, match="has expired"):
                call()
        assert client.vector_stores.retrieve("vs_1").status == "expired"
        sweep_at(harness, time.time())
    assert client.vector_stores.retrieve("vs_1").file_counts.total == 0
    assert client.files.retrieve(file_id).id == file_id


def test_the_record_of_an_expired_store_stays_for_a_month(client: OpenAI, harness: RetrievalHarness) -> None:
    expire(harness, client)
    sweep_at(harness, time.time() + EXPIRED_RECORD_SECONDS - 60)
    assert client.vector_stores.retrieve("vs_1").status == "expired"
    sweep_at(harness, time.time() + EXPIRED_RECORD_SECONDS)
    with pytest.raises(openai.NotFoundError):
        client.vector_stores.retrieve("vs_1")


def test_using_a_store_postpones_its_expiry(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id = index_file(harness)
    client.vector_stores.update("vs_1", expires_after={"anchor": "last_active_at", "days": 1})
    for use in (
        lambda: client.vector_stores.search("vs_1", query="seal"),
        lambda: client.vector_stores.files.create("vs_1", file_id=file_id),
        lambda: client.vector_stores.update("vs_1", metadata={"a": "b"}),
    ):
        with harness.database.session() as session:
            session.get_one(Store, "vs_1").last_active_at = time.time() - DAY + 30
        use()
        store = client.vector_stores.retrieve("vs_1")
        assert store.last_active_at is not None and store.last_active_at > time.time() - 10
        assert store.expires_at == store.last_active_at + DAY
    sweep_at(harness, time.time())
    assert points(harness) == 1


def test_an_expired_file_is_hidden_immediately_and_then_deleted_everywhere(client: OpenAI, harness: RetrievalHarness) -> None:
    file_id, other = index_file(harness), index_file(harness)
    with harness.database.session() as session:
        session.get_one(File, file_id).expires_at = time.time() - 1
    for _ in range(2):
        assert [hit.file_id for hit in client.vector_stores.search("vs_1", query="seal").data] == [other]
        assert [file.id for file in client.files.list()] == [other]
        for call in (lambda: client.files.retrieve(file_id), lambda: client.vector_stores.files.create("vs_1", file_id=file_id)):
            with pytest.raises(openai.NotFoundError):
                call()
        sweep_at(harness, time.time())
    assert points(harness) == 1
    assert not harness.folder.path_of(file_id).exists() and harness.folder.path_of(other).exists()
    assert client.vector_stores.retrieve("vs_1").file_counts.total == 1


def test_what_does_not_fit_in_one_sweep_is_swept_by_the_next(client: OpenAI, harness: RetrievalHarness) -> None:
    about = {"project_id": "default", "filename": "a.txt", "purpose": "assistants", "bytes": 1, "sha256": "", "expires_at": 1.0}
    with harness.database.session() as session:
        session.add_all(File(id=f"file-{number}", **about) for number in range(BATCH_SIZE + 1))
    assert [sweep_at(harness, time.time()) for _ in range(2)] == [True, False]
    with harness.database.session() as session:
        assert session.scalars(select(File)).all() == []


def test_positions_of_deleted_rows_are_deleted_after_a_day(client: OpenAI, harness: RetrievalHarness) -> None:
    client.files.delete(index_file(harness))
    for later, left in ((DAY - 60, 2), (DAY + 60, 0)):
        sweep_at(harness, time.time() + later)
        with harness.database.session() as session:
            assert len(session.scalars(select(DeletedPosition)).all()) == left


def test_the_sweeper_follows_its_clock_continues_after_errors_and_stops(client: OpenAI, harness: RetrievalHarness) -> None:
    index_file(harness)
    client.vector_stores.update("vs_1", expires_after={"anchor": "last_active_at", "days": 1})
    now = [time.time()]
    swept, calls = threading.Event(), [0]

    def clock() -> float:
        calls[0] += 1
        if calls[0] == 2:
            raise RuntimeError("once")
        if calls[0] > 2:
            now[0] += 2 * DAY
            swept.set()
        return now[0]

    sweeper = Sweeper(harness.database, harness.index, harness.folder, interval_seconds=0.01, clock=clock)
    sweeper.start()
    assert swept.wait(10)
    wait_until(lambda: points(harness) == 0, 10)
    sweeper.stop()
    assert not sweeper._thread.is_alive()

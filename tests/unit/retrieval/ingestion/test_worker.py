import threading
from typing import Any

import pytest

from services.retrieval.catalog import attachments, ingest_queue
from services.retrieval.catalog.records import Attachment
from services.retrieval.index.points import TENANT
from services.retrieval.ingestion import pipeline
from services.retrieval.ingestion import worker as worker_module
from shared.errors import Unavailable
from tests.fake_index import INDEX_DOWN
from tests.retrieval_harness import RetrievalHarness, call_once
from tests.serving import wait_until
from tests.unit.retrieval.ingestion.interruption import LONG_TEXT

pytestmark = pytest.mark.usefixtures("one_batch_at_a_time")


def test_an_unexpected_error_does_not_end_the_worker(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, claim = harness.worker(), ingest_queue.claim
    failures = iter([ZeroDivisionError("bug")])

    def claim_later(*args: Any) -> Attachment | None:
        for error in failures:
            raise error
        return claim(*args)

    monkeypatch.setattr(ingest_queue, "claim", claim_later)
    with pytest.raises(Unavailable, match="not running"):
        worker.check()
    file_id = harness.attach("one two three")
    worker.start()
    try:
        wait_until(lambda: harness.attachment(file_id).status == "completed")
        worker.check()
    finally:
        worker.stop()


def test_a_file_waits_for_an_index_that_is_down_and_its_record_says_so(harness: RetrievalHarness) -> None:
    file_id, worker = harness.attach("one two three"), harness.worker()
    harness.index.failure = INDEX_DOWN
    worker.start()
    try:
        wait_until(lambda: harness.attachment(file_id).error is not None)
        waiting = harness.attachment(file_id)
        assert waiting.status == "in_progress" and waiting.error is not None
        assert "RETRIEVAL_QDRANT_URL" in waiting.error["message"]
        assert harness.embedder.embedded == []
        harness.index.failure = None
        wait_until(lambda: harness.attachment(file_id).status == "completed")
        assert harness.attachment(file_id).error is None
    finally:
        worker.stop()


class Killed(BaseException):
    """Ends a thread as a kill ends a process: nothing after it runs."""


def die() -> None:
    raise Killed


def test_work_that_a_killed_process_left_half_done_is_done_once(harness: RetrievalHarness) -> None:
    file_id = harness.attach(LONG_TEXT)
    harness.embedder.before_batch = call_once(die, 2)
    with pytest.raises(Killed):
        harness.worker("dead").work_once()
    half = harness.count_points(**{TENANT: "vs_1"})
    assert half > 0 and harness.attachment(file_id).status == "in_progress"
    assert not harness.worker("next").work_once()
    with harness.database.session() as session:
        ingest_queue.release_all(session)
    assert harness.worker("next").work_once()
    done = harness.attachment(file_id)
    assert done.status == "completed" and done.chunk_count == harness.count_points(**{TENANT: "vs_1"}) > half


def test_stopping_requeues_the_file_and_the_next_process_finishes_it(harness: RetrievalHarness) -> None:
    file_id, first = harness.attach(LONG_TEXT), harness.worker("first")
    reached, proceed = threading.Event(), threading.Event()

    def wait() -> None:
        reached.set()
        proceed.wait(10)

    harness.embedder.before_batch = wait
    first.start()
    assert reached.wait(10)
    stopping = threading.Thread(target=first.stop)
    stopping.start()
    wait_until(first._stopping.is_set)
    proceed.set()
    stopping.join(10)
    record = harness.attachment(file_id)
    assert (record.status, record.stage, record.lease_owner) == ("in_progress", "queued", None)
    assert harness.worker("second").work_once()
    assert harness.attachment(file_id).status == "completed"


def attach_elsewhere(harness: RetrievalHarness, text: str, *stores: str) -> list[str]:
    return [harness.attach(text, store_id=harness.add_store(store)) for store in stores]


def test_a_small_file_of_another_store_is_indexed_before_a_large_one_is_finished(harness: RetrievalHarness) -> None:
    large, worker, small = harness.attach(LONG_TEXT), harness.worker(), list[str]()
    harness.embedder.before_batch = call_once(lambda: small.extend(attach_elsewhere(harness, "one two three", "vs_2")), 2)
    assert worker.work_once()
    assert harness.attachment(small[0], "vs_2").status == "completed"
    waiting = harness.attachment(large)
    assert waiting.status == "in_progress" and 0 < waiting.chunks_done <= 3 * pipeline.BATCH_SIZE
    assert worker.work_once() and not worker.work_once()
    done = harness.attachment(large)
    assert done.status == "completed" and done.chunk_count == harness.count_points(**{TENANT: "vs_1"}) > 3 * pipeline.BATCH_SIZE


def test_large_files_of_several_stores_progress_together(harness: RetrievalHarness) -> None:
    harness.attach(LONG_TEXT)
    attach_elsewhere(harness, LONG_TEXT, "vs_2", "vs_3")
    worker, counts = harness.worker(), list[list[int]]()
    harness.embedder.before_batch = lambda: counts.append([harness.count_points(**{TENANT: store}) for store in ("vs_1", "vs_2", "vs_3")])
    for _ in range(3):
        assert worker.work_once()
    assert len(counts) == 12 and all(max(each) - min(each) <= pipeline.BATCH_SIZE for each in counts)


def test_no_more_files_are_begun_than_may_be_open(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "MAX_OPEN_FILES", 2)
    files = [harness.attach(LONG_TEXT), *attach_elsewhere(harness, LONG_TEXT, "vs_2", "vs_3")]
    worker, open_files = harness.worker(), list[int]()
    harness.embedder.before_batch = lambda: open_files.append(len(worker._open))
    while worker.work_once():
        pass
    assert max(open_files) == 1  # and the one that has its turn
    statuses = [harness.attachment(file, store_id=store).status for file, store in zip(files, ("vs_1", "vs_2", "vs_3"), strict=True)]
    assert statuses == ["completed"] * 3


def test_stopping_requeues_every_open_file(harness: RetrievalHarness) -> None:
    files = {"vs_1": harness.attach(LONG_TEXT), "vs_2": attach_elsewhere(harness, LONG_TEXT, "vs_2")[0]}
    worker = harness.worker()
    harness.embedder.before_batch = call_once(worker.request_stop, 4)
    worker.start()
    worker.stop()
    records = [harness.attachment(file, store_id=store) for store, file in files.items()]
    assert [(each.status, each.stage, each.lease_owner) for each in records] == [("in_progress", "queued", None)] * 2
    assert harness.work() == 2
    assert [harness.attachment(file, store_id=store).status for store, file in files.items()] == ["completed"] * 2


def test_an_open_file_that_is_deleted_meanwhile_leaves_no_points(harness: RetrievalHarness) -> None:
    file_id, worker = harness.attach(LONG_TEXT), harness.worker()

    def delete() -> None:
        attach_elsewhere(harness, "one two three", "vs_2")
        with harness.database.session() as session:
            attachments.delete(session, Attachment.file_id == file_id)

    harness.embedder.before_batch = call_once(delete, 3)
    while worker.work_once():
        pass
    assert harness.count_points(**{TENANT: "vs_1"}) == 0 and harness.count_points(**{TENANT: "vs_2"}) == 1
    with harness.database.session() as session:
        assert session.query(Attachment).filter(Attachment.vector_store_id == "vs_1").count() == 0

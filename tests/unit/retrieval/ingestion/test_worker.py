import threading
from typing import Any

import pytest

from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import Attachment
from services.retrieval.index.points import TENANT
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

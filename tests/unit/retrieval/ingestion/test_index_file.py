from collections.abc import Sequence

import pytest

from services.retrieval.catalog import attachments, files, ingest_queue, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.chunk import AUTO
from services.retrieval.index import Point
from services.retrieval.index.points import ATTACHMENT
from services.retrieval.ingestion import index_file
from services.retrieval.ingestion.index_file import UNEXPECTED
from services.retrieval.lifecycle.cancel import cancel_file
from services.retrieval.lifecycle.delete import delete_file_everywhere, delete_from_store
from shared.errors import StorageFull
from tests.fake_index import INDEX_DOWN
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.ingestion.interruption import LONG_TEXT, explode, ingest_while

pytestmark = pytest.mark.usefixtures("one_batch_at_a_time")


@pytest.mark.parametrize(
    ("filename", "content", "code", "message"),
    [
        ("a.exe", b"MZ", "unsupported_file", "upported"),
        ("a.pdf", b"nothing", "invalid_file", "plain text"),
        ("a.txt", b"   ", "invalid_file", "no text"),
    ],
)
def test_a_file_that_cannot_be_read_fails_with_a_reason(
    harness: RetrievalHarness, filename: str, content: bytes, code: str, message: str
) -> None:
    file_id = harness.attach(content, filename)
    harness.worker().work_once()
    failed = harness.attachment(file_id)
    assert failed.status == "failed" and failed.error is not None
    assert failed.error["code"] == code and message in failed.error["message"]


def test_a_bug_fails_one_file_and_not_the_worker(harness: RetrievalHarness) -> None:
    bad, worker = harness.attach("one two"), harness.worker()
    harness.embedder.before_batch = explode
    worker.work_once()
    assert harness.attachment(bad).error == {"code": "server_error", "message": UNEXPECTED}
    harness.embedder.before_batch = lambda: None
    good = harness.attach("three four")
    worker.work_once()
    assert harness.attachment(good).status == "completed"


def test_the_points_of_a_failed_file_are_deleted(harness: RetrievalHarness) -> None:
    file_id = ingest_while(harness, explode)
    assert harness.attachment(file_id).status == "failed" and harness.count_points() == 0


def test_a_failed_file_is_ignored_by_searches_and_is_canceled_immediately_when_attached_again(harness: RetrievalHarness) -> None:
    file_id = harness.attach(b"", "empty.txt")
    harness.worker().work_once()
    with harness.database.session() as session:
        assert attachments.find_unfinished_ids(session, "vs_1") == []
        options = attachments.AttachOptions(None, AUTO.model_dump(), chunking_is_default=True)
        attachments.attach(session, stores.find(session, "default", "vs_1"), files.find(session, "default", file_id), options)
    assert cancel_file(harness.database, "default", "vs_1", file_id)[0].status == "cancelled"


def test_a_file_fails_only_after_its_points_are_deleted(harness: RetrievalHarness) -> None:
    def fail_with_the_index_down(_: str) -> None:
        harness.index.failure = INDEX_DOWN
        explode()

    file_id = ingest_while(harness, fail_with_the_index_down)
    waiting = harness.attachment(file_id)
    assert (waiting.status, waiting.stage, harness.count_points()) == ("in_progress", "queued", 64)
    assert waiting.error is not None and "RETRIEVAL_QDRANT_URL" in waiting.error["message"]
    harness.index.failure = None
    harness.folder.delete(file_id)
    make_due(harness)
    harness.work()
    assert harness.attachment(file_id).status == "failed" and harness.count_points() == 0


def make_due(harness: RetrievalHarness) -> None:
    """End every delay."""
    with harness.database.session() as session:
        session.query(Attachment).update({"not_before": None})


def delete_while_the_worker_sleeps(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a worker sleep through its lease and the deletion of its file, and then write points."""
    file_id, upsert = harness.attach(LONG_TEXT), harness.index.upsert

    def sleep_first(space: str, batch: Sequence[Point]) -> None:
        with harness.database.session() as session:
            ingest_queue.release_all(session)
        assert delete_file_everywhere(harness.database, harness.index, harness.folder, file_id).note is None
        upsert(space, batch)
        assert harness.count_points() > 0

    monkeypatch.setattr(harness.index, "upsert", sleep_first)
    return file_id


def count_records(harness: RetrievalHarness) -> int:
    with harness.database.session() as session:
        return session.query(Attachment).count()


def test_points_written_after_the_record_was_deleted_are_deleted(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    delete_while_the_worker_sleeps(harness, monkeypatch)
    harness.work()
    assert harness.count_points() == 0 and count_records(harness) == 0


@pytest.mark.parametrize("failure", [INDEX_DOWN, StorageFull("There is no space left in the index folder.")])
def test_points_written_after_the_record_was_deleted_are_deleted_even_if_the_index_fails_at_first(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    delete_while_the_worker_sleeps(harness, monkeypatch)
    worker = harness.worker()
    worker.work_once()
    monkeypatch.setattr(harness.index, "failure", failure)
    harness.work()
    assert harness.count_points() > 0 and count_records(harness) == 1, "a tombstone remembers the points"
    monkeypatch.setattr(harness.index, "failure", None)
    make_due(harness)
    harness.work()
    assert harness.count_points() == 0 and count_records(harness) == 0


def test_a_worker_that_lost_its_lease_deletes_no_points_of_its_successor(harness: RetrievalHarness) -> None:
    def lose_the_lease(file_id: str) -> None:
        with harness.database.session() as session:
            session.get_one(Attachment, harness.attachment(file_id).id).lease_owner = "successor"
        explode()

    file_id = ingest_while(harness, lose_the_lease)
    assert harness.attachment(file_id).status == "in_progress" and harness.count_points() > 0


def test_a_file_that_ended_three_processes_is_given_up(harness: RetrievalHarness) -> None:
    file_id = harness.attach("one")
    for _ in range(index_file.MAX_ATTEMPTS):
        with harness.database.session() as session:
            assert ingest_queue.claim(session, "dead", -1)
    harness.worker().work_once()
    failed = harness.attachment(file_id)
    assert failed.error is not None and "ended while they worked on this file" in failed.error["message"]


def test_files_that_wait_for_the_index_do_not_slow_down_others(harness: RetrievalHarness) -> None:
    troubled, other = harness.attach("one two three"), harness.attach("four five six")
    worker = harness.worker()
    harness.index.failure = INDEX_DOWN

    def seconds_until_retry(file_id: str) -> float:
        with harness.database.session() as session:
            waiting = harness.attachment(file_id)
            others = session.query(Attachment).filter(Attachment.id != waiting.id)
            others.update({"not_before": 4_000_000_000.0})
            session.get_one(Attachment, waiting.id).not_before = None
        assert worker.work_once()
        retried = harness.attachment(file_id)
        assert retried.not_before is not None
        return retried.not_before

    import time

    for _ in range(6):
        seconds_until_retry(troubled)
    assert seconds_until_retry(troubled) > time.time() + 10
    assert seconds_until_retry(other) < time.time() + 1


def test_a_file_attached_again_while_its_deletion_is_under_way_is_complete(harness: RetrievalHarness) -> None:
    again: list[str] = []

    def replace(file_id: str) -> None:
        delete_from_store(harness.database, harness.index, "vs_1", file_id)
        again.append(harness.attach(LONG_TEXT))

    ingest_while(harness, replace)
    harness.work()
    done = harness.attachment(again[0])
    assert done.status == "completed"
    assert done.chunk_count == harness.count_points() == harness.count_points(**{ATTACHMENT: done.id})

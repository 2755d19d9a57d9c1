import threading
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, ingest_queue, stores
from services.retrieval.catalog.records import Attachment
from services.retrieval.contracts.chunking import StaticChunking, StaticStrategy
from shared.contracts.paging import PageRequest
from shared.errors import Conflict, NotFound
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.catalog.attaching import add_file, attach


def test_a_deletion_is_not_undone_by_attaching_the_file_again_at_the_same_time(harness: RetrievalHarness) -> None:
    failed = attach(harness, add_file(harness, "file-1"))
    with harness.database.session() as session:
        session.get_one(Attachment, failed.id).status = "failed"
    with harness.database.session() as session:
        stale = session.get_one(Attachment, failed.id)
        with harness.database.engine.connect() as other:
            other.execute(update(Attachment).where(Attachment.id == failed.id).values(status="deleting"))
            other.commit()
        options = attachments.AttachOptions(None, {}, chunking_is_default=True)
        assert stale.status == "failed" and not attachments._restart(session, stale, options)
    again = attach(harness, "file-1")
    assert again.id != failed.id and again.status == "in_progress"


def test_attaching_a_file_twice_changes_nothing(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    first = attach(harness, "file-1", attributes={"kind": "manual"})
    assert attach(harness, "file-1").id == first.id
    assert attach(harness, "file-1", attributes={"kind": "manual"}).id == first.id


def test_attaching_a_file_again_with_other_options_is_rejected(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    attach(harness, "file-1", attributes={"kind": "manual"})
    other = StaticStrategy(static=StaticChunking(max_chunk_size_tokens=100, chunk_overlap_tokens=0))
    for options in ({"attributes": {"kind": "letter"}}, {"chunking_strategy": other}):
        with pytest.raises(Conflict, match="Delete it from the store first"):
            attach(harness, "file-1", **options)


def test_attaching_a_failed_file_again_starts_it_over(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    first = attach(harness, "file-1")
    with harness.database.session() as session:
        ingest_queue.claim(session, "me", 30)
        ingest_queue.fail(session, first.id, "me", "invalid_file", "broken")
    again = attach(harness, "file-1", attributes={"kind": "manual"})
    assert (again.id, again.status, again.error, again.attributes) == (first.id, "in_progress", None, {"kind": "manual"})


def test_concurrent_requests_to_attach_a_file_get_the_same_attachment(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(attach(harness, "file-1").id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8 and len(set(ids)) == 1


def test_a_tombstone_is_invisible_and_does_not_prevent_a_new_attachment(harness: RetrievalHarness) -> None:
    first = attach(harness, add_file(harness, "file-1"))
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        attachments.mark_deleting(session, Attachment.id == first.id)
        attachments.delete_tombstones(session, [first.id])
        with pytest.raises(NotFound):
            attachments.find(session, "vs_1", "file-1")
        assert not ingest_queue.update_progress(session, first.id, "me", "embedding", 50, 30)
    second = attach(harness, "file-1")
    assert second.id != first.id
    with harness.database.session() as session:
        assert session.get(Attachment, first.id) is not None
        assert stores.count_files(session, ["vs_1"])["vs_1"].statuses == {"in_progress": 1}


def test_a_file_that_no_worker_has_started_is_canceled_immediately(harness: RetrievalHarness) -> None:
    for number in range(3):
        attach(harness, add_file(harness, f"file-{number}"))
    with harness.database.session() as session:
        held = ingest_queue.claim(session, "me", 30)
        assert held is not None and held.file_id == "file-0"
        session.get_one(Attachment, attachments.find(session, "vs_1", "file-1").id).status = "completed"
        attachments.cancel(session, stores.find(session, "default", "vs_1"))
        assert [attachments.find(session, "vs_1", f"file-{n}").status for n in range(3)] == ["cancelling", "completed", "cancelled"]
        assert not ingest_queue.update_progress(session, held.id, "me", "embedding", 50, 30)
        shown = attachments.list_page(session, "vs_1", "cancelled", PageRequest(10, "asc")).rows
    assert [each.file_id for each in shown] == ["file-0", "file-2"]


def test_a_canceled_file_can_be_attached_again(harness: RetrievalHarness) -> None:
    ids = [attach(harness, add_file(harness, f"file-{number}")).id for number in range(2)]
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        attachments.cancel(session, stores.find(session, "default", "vs_1"))
    again = [attach(harness, f"file-{number}") for number in range(2)]
    assert [each.status for each in again] == ["in_progress", "in_progress"]
    assert again[0].id != ids[0] and again[1].id == ids[1]


def test_a_file_that_is_attached_again_while_its_cancellation_ends_starts_over(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled, mark_deleting = attach(harness, add_file(harness, "file-1")), attachments.mark_deleting
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        attachments.cancel(session, stores.find(session, "default", "vs_1"))

    def mark_too_late(session: Session, *conditions: Any) -> Any:
        ingest_queue.mark_cancelled(session, cancelled.id, "me")
        return mark_deleting(session, *conditions)

    monkeypatch.setattr(attachments, "mark_deleting", mark_too_late)
    again = attach(harness, "file-1")
    assert (again.id, again.status) == (cancelled.id, "in_progress")


def test_the_chunks_of_a_store_are_those_of_its_completely_indexed_files(harness: RetrievalHarness) -> None:
    assert measure_chunks(harness) == (0, 0)
    indexed = [harness.attach("\n\n".join(f"Paragraph {number} of {name}. " * 20 for number in range(4)), f"{name}.txt") for name in "ab"]
    harness.work()
    counts = [harness.attachment(file_id).chunk_count for file_id in indexed]
    sizes = [harness.attachment(file_id).usage_bytes for file_id in indexed]
    harness.attach("still waiting", "c.txt")
    assert min(counts) > 1 and measure_chunks(harness) == (harness.count_points(), sum(sizes)) == (sum(counts), sum(sizes))
    with harness.database.session() as session:
        attachments.mark_deleting(session, Attachment.file_id == indexed[0])
    assert measure_chunks(harness) == (counts[1], sizes[1])


def measure_chunks(harness: RetrievalHarness) -> tuple[int, int]:
    with harness.database.session() as session:
        return attachments.measure_chunks(session, "vs_1")


def test_a_search_reads_the_rows_of_its_hits_and_of_unfinished_files_only(harness: RetrievalHarness) -> None:
    place = {"vector_store_id": "vs_1", "space": "words", "chunking": {}, "status": "completed", "may_have_points": True}
    with harness.database.session() as session:
        session.add_all(Attachment(id=f"vsf_{number}", file_id=f"file-{number}", **place) for number in range(300))
    sent: list[tuple[str, Any]] = []
    event.listen(harness.database.engine, "before_cursor_execute", lambda *call: sent.append(call[2:4]))
    with harness.database.session() as session:
        attachments.find_searchable(session, ["vsf_1", "vsf_2"])
        attachments.find_unfinished_ids(session, "vs_1")
    with harness.database.engine.connect() as connection:
        plans = [[row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each[0]}", each[1])] for each in list(sent[:2])]
    assert plans[0][0] == "SEARCH vector_store_files USING INDEX sqlite_autoindex_vector_store_files_1 (id=?)"
    assert plans[1][0] == "SEARCH vector_store_files USING INDEX ix_vector_store_files_queue (status=? AND vector_store_id=?)"

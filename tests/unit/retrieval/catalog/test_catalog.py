import threading
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments, files, ingest_queue, stores
from services.retrieval.catalog.records import Attachment, File, Store
from services.retrieval.contracts.chunking import StaticChunking, StaticStrategy
from services.retrieval.contracts.vector_stores import VectorStoreCreate, VectorStoreFileCreate
from services.retrieval.lifecycle.attach import attach_file, create_store
from shared.contracts.paging import PageRequest
from shared.errors import Conflict, InvalidRequest, NotFound
from shared.records.database import Record
from shared.records.projects import ApiKey, Project
from tests.retrieval_harness import RetrievalHarness

TABLES = {record.__tablename__ for record in (Project, ApiKey, File, Store, Attachment)}


def add_file(harness: RetrievalHarness, id: str, **values: object) -> str:
    with harness.database.session() as session:
        files.add(
            session,
            File(**{"id": id, "project_id": "default", "filename": id, "purpose": "assistants", "bytes": 1, "sha256": "", **values}),
        )
    return id


def attach(harness: RetrievalHarness, file_id: str, **terms: object) -> Attachment:
    asked = VectorStoreFileCreate.model_validate({"file_id": file_id, **terms})
    return attach_file(harness.database, harness.embedders, "default", "vs_1", asked)[0]


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    return kind != "table" or name in TABLES


def test_the_migrations_make_exactly_the_tables_of_the_records(harness: RetrievalHarness) -> None:
    with harness.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, Record.metadata) == []


def test_a_list_is_cut_into_pages_that_neither_lose_nor_repeat(harness: RetrievalHarness) -> None:
    for number in range(25):
        add_file(harness, f"file-{number:02}", created_at=1000.0 + number // 3, purpose="evals" if number % 5 == 0 else "assistants")
    for order in ("asc", "desc"):
        seen: list[str] = []
        after: str | None = None
        more = True
        with harness.database.session() as session:
            while more:
                page = files.list_page(session, "default", None, PageRequest(4, order, after))
                seen += [file.id for file in page.rows]
                after, more = seen[-1], page.has_more
        expected = [f"file-{number:02}" for number in range(25)]
        assert seen == (expected if order == "asc" else expected[::-1])
    with harness.database.session() as session:
        assert [file.id for file in files.list_page(session, "default", "evals", PageRequest(2, "asc")).rows] == ["file-00", "file-05"]
        back = files.list_page(session, "default", None, PageRequest(3, "asc", before="file-10"))
        assert ([file.id for file in back.rows], back.has_more) == (["file-07", "file-08", "file-09"], True)


def test_a_cursor_may_name_a_row_that_the_filter_shows_no_more(harness: RetrievalHarness) -> None:
    for number in range(4):
        attach(harness, add_file(harness, f"file-{number}"))
    with harness.database.session() as session:
        first = attachments.list_page(session, "vs_1", "in_progress", PageRequest(2, "asc"))
        first.rows[-1].status = "completed"
    with harness.database.session() as session:
        rest = attachments.list_page(session, "vs_1", "in_progress", PageRequest(2, "asc", first.rows[-1].file_id))
    assert [each.file_id for each in (*first.rows, *rest.rows)] == ["file-0", "file-1", "file-2", "file-3"]


def test_what_is_deleted_while_it_is_attached_again_is_not_undone(harness: RetrievalHarness) -> None:
    failed = attach(harness, add_file(harness, "file-1"))
    with harness.database.session() as session:
        session.get_one(Attachment, failed.id).status = "failed"
    with harness.database.session() as session:
        stale = session.get_one(Attachment, failed.id)
        with harness.database.engine.connect() as other:
            other.execute(update(Attachment).where(Attachment.id == failed.id).values(status="deleting"))
            other.commit()
        terms = attachments.AttachOptions(None, {}, chunking_is_default=True)
        assert stale.status == "failed" and not attachments._restart(session, stale, terms)
    again = attach(harness, "file-1")
    assert again.id != failed.id and again.status == "in_progress"


def test_a_cursor_from_elsewhere_is_refused(harness: RetrievalHarness) -> None:
    with harness.database.session() as session, pytest.raises(InvalidRequest, match="file-x"):
        files.list_page(session, "default", None, PageRequest(4, "asc", "file-x"))


def test_no_project_finds_anothers_files_or_stores(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    with harness.database.session() as session:
        with pytest.raises(NotFound):
            files.find(session, "other", "file-1")
        with pytest.raises(NotFound):
            stores.find(session, "other", "vs_1")
        assert files.list_page(session, "other", None, PageRequest(4)).rows == []
        assert stores.list_page(session, "other", PageRequest(4)).rows == []


def test_attaching_twice_is_attaching_once(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    first = attach(harness, "file-1", attributes={"kind": "manual"})
    assert attach(harness, "file-1").id == first.id
    assert attach(harness, "file-1", attributes={"kind": "manual"}).id == first.id


def test_attaching_again_on_other_terms_is_refused(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    attach(harness, "file-1", attributes={"kind": "manual"})
    other = StaticStrategy(static=StaticChunking(max_chunk_size_tokens=100, chunk_overlap_tokens=0))
    for terms in ({"attributes": {"kind": "letter"}}, {"chunking_strategy": other}):
        with pytest.raises(Conflict, match="Delete it from the store first"):
            attach(harness, "file-1", **terms)


def test_attaching_what_had_failed_begins_again(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    first = attach(harness, "file-1")
    with harness.database.session() as session:
        ingest_queue.claim(session, "me", 30)
        ingest_queue.fail(session, first.id, "me", "invalid_file", "broken")
    again = attach(harness, "file-1", attributes={"kind": "manual"})
    assert (again.id, again.status, again.error, again.attributes) == (first.id, "in_progress", None, {"kind": "manual"})


def test_many_attaching_the_same_at_once_get_the_same(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(attach(harness, "file-1").id)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 8 and len(set(ids)) == 1


def test_a_store_is_created_with_all_its_files_or_not_at_all(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    store = Store(id="vs_2", project_id="default", name="", embedding_model="words", space="words")
    with pytest.raises(NotFound, match="file-x"):
        create_store(harness.database, store, VectorStoreCreate(file_ids=["file-1", "file-x"]))
    with harness.database.session() as session:
        assert session.scalars(select(Attachment)).all() == []
        with pytest.raises(NotFound):
            stores.find(session, "default", "vs_2")


def test_a_store_of_another_embedder_takes_no_files(harness: RetrievalHarness) -> None:
    add_file(harness, "file-1")
    with harness.database.session() as session:
        stores.update(session, stores.find(session, "default", "vs_1"), {"space": "other"})
    with pytest.raises(Conflict, match="RETRIEVAL_EMBEDDING_MODEL"):
        attach_file(harness.database, harness.embedders, "default", "vs_1", VectorStoreFileCreate(file_id="file-1"))


def test_one_of_many_workers_gets_each_attachment(harness: RetrievalHarness) -> None:
    for number in range(10):
        attach(harness, add_file(harness, f"file-{number}"))
    won: list[str] = []

    def work(owner: str) -> None:
        while True:
            with harness.database.session() as session:
                found = ingest_queue.claim(session, owner, 30)
            if found is None:
                return
            won.append(found.id)

    threads = [threading.Thread(target=work, args=(f"worker-{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == len(set(won)) == 10


def test_a_lost_lease_is_never_written_over(harness: RetrievalHarness) -> None:
    id = attach(harness, add_file(harness, "file-1")).id
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "slow", -1)
        assert ingest_queue.claim(session, "quick", 30)
        assert not ingest_queue.update_progress(session, id, "slow", "embedding", 50, 30)
        assert not ingest_queue.complete(session, id, "slow", 3, 10)
        assert not ingest_queue.fail(session, id, "slow", "server_error", "late")
        assert ingest_queue.complete(session, id, "quick", 3, 10)


def test_what_is_held_back_is_claimed_when_it_is_due(harness: RetrievalHarness) -> None:
    id = attach(harness, add_file(harness, "file-1")).id
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        assert ingest_queue.requeue(session, id, "me", "waits for the index", 60)
        assert ingest_queue.claim(session, "me", 30) is None
        due = ingest_queue.seconds_until_next(session)
        assert due is not None and 50 < due <= 60
        assert attachments.find(session, "vs_1", "file-1").error == {"code": "server_error", "message": "waits for the index"}


def test_a_tombstone_is_seen_by_no_caller_and_does_not_bar_a_new_attachment(harness: RetrievalHarness) -> None:
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
        assert stores.count_files(session, ["vs_1"])["vs_1"][0] == {"in_progress": 1}


def test_what_nobody_began_is_cancelled_at_once_and_the_rest_when_the_worker_has_cleared_up(harness: RetrievalHarness) -> None:
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


def test_what_was_cancelled_can_be_attached_again(harness: RetrievalHarness) -> None:
    ids = [attach(harness, add_file(harness, f"file-{number}")).id for number in range(2)]
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        attachments.cancel(session, stores.find(session, "default", "vs_1"))
    again = [attach(harness, f"file-{number}") for number in range(2)]
    assert [each.status for each in again] == ["in_progress", "in_progress"]
    assert again[0].id != ids[0] and again[1].id == ids[1]


def test_what_is_attached_again_at_the_moment_when_its_cancelling_ends_begins_again(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancelled, bury = attach(harness, add_file(harness, "file-1")), attachments.mark_deleting
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        attachments.cancel(session, stores.find(session, "default", "vs_1"))

    def bury_too_late(session: Session, *conditions: Any) -> Any:
        ingest_queue.mark_cancelled(session, cancelled.id, "me")
        return bury(session, *conditions)

    monkeypatch.setattr(attachments, "mark_deleting", bury_too_late)
    again = attach(harness, "file-1")
    assert (again.id, again.status) == (cancelled.id, "in_progress")


def test_what_waits_for_nothing_is_due_now(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        assert ingest_queue.seconds_until_next(session) is None
    attach(harness, add_file(harness, "file-1"))
    with harness.database.session() as session:
        assert ingest_queue.seconds_until_next(session) == 0.0

"""Who is next in the ingest queue, and how a claim asks the database: it must stay quick with thousands of files waiting."""

import threading
import time
from typing import Any

import pytest
from sqlalchemy import Engine, event

from services.retrieval.catalog import attachments, ingest_queue
from services.retrieval.catalog.records import CANCELLING, DELETING, IN_PROGRESS, Attachment, File, IngestTurn, Store
from shared.records.projects import Project
from tests.retrieval_harness import RetrievalHarness
from tests.unit.retrieval.catalog.attaching import add_file, attach

INDEX = "ix_vector_store_files_queue"


def attachment(name: str, status: str, created_at: float, store: str = "vs_1", **values: Any) -> Attachment:
    place = {"vector_store_id": store, "file_id": name, "space": "space", "chunking": {}}
    return Attachment(**{"id": name, "status": status, "created_at": created_at, **place, **values})


def add_stores(harness: RetrievalHarness, stores: dict[str, str], files: int) -> None:
    """Add stores, each with its project, and to each some files that wait, older ones first."""
    with harness.database.session() as session:
        session.add_all(Project(id=project, created_at=1) for project in set(stores.values()) - {"default"})
        session.flush()
        session.add_all(
            Store(id=store, project_id=project, name="", embedding_model="words", space="words")
            for store, project in stores.items()
            if store != "vs_1"
        )
        session.add_all(attachment(f"{store}-{number}", IN_PROGRESS, float(number), store) for store in stores for number in range(files))


def claim_all(harness: RetrievalHarness, limit: int = 1000) -> list[str]:
    """Claim what waits, one after the other, as one worker; return the ids."""
    claimed: list[str] = []
    while len(claimed) < limit:
        with harness.database.session() as session:
            mine = ingest_queue.claim(session, "me", 30)
        if mine is None:
            return claimed
        claimed.append(mine.id)
    return claimed


def listen(engine: Engine) -> list[tuple[str, Any]]:
    """Return a list that every query sent from now on is put into, with its parameters."""
    sent: list[tuple[str, Any]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, parameters))

    return sent


@pytest.mark.parametrize("analyzed", [False, True], ids=["with-no-statistics", "with-statistics"])
def test_a_claim_reads_the_queue_in_the_order_of_an_index_without_sorting(harness: RetrievalHarness, analyzed: bool) -> None:
    with harness.database.session() as session:
        session.add_all(attachment(f"file-{number}", IN_PROGRESS, float(number)) for number in range(300))
    with harness.database.engine.begin() as connection:
        if analyzed:
            connection.exec_driver_sql("ANALYZE")
    sent = listen(harness.database.engine)
    with harness.database.session() as session:
        claimed = ingest_queue.claim(session, "me", 30)
    assert claimed is not None and claimed.id == "file-0"
    looking = [
        (statement, parameters)
        for statement, parameters in sent
        if statement.startswith("SELECT") and "ORDER BY vector_store_files" in statement
    ]
    assert len(looking) == len(ingest_queue.STATUSES)
    for statement, parameters in looking:
        plan = explain(harness, statement, parameters)
        assert plan == [f"SEARCH vector_store_files USING INDEX {INDEX} (status=? AND vector_store_id=?)"]
    [(statement, parameters)] = [each for each in sent if "RECURSIVE" in each[0]]
    reads = [line for line in explain(harness, statement, parameters) if "vector_store_files" in line]
    per_row = f"SEARCH vector_store_files USING INDEX {INDEX} (status=? AND vector_store_id=?)"
    assert reads and all(line.startswith((f"SEARCH vector_store_files USING COVERING INDEX {INDEX}", per_row)) for line in reads)


@pytest.mark.parametrize("held", [0, 1])
def test_stores_whose_work_is_delayed_or_not_for_this_worker_cost_no_query_each(harness: RetrievalHarness, held: int) -> None:
    add_stores(harness, {f"vs_{number:03}": f"project-{number % 5}" for number in range(100)}, 1)
    add_stores(harness, {"vs_own": "own"}, held)
    with harness.database.session() as session:
        for stored in session.query(Attachment).where(Attachment.vector_store_id != "vs_own"):
            large = int(stored.vector_store_id.removeprefix("vs_")) % 2
            session.add(File(id=stored.file_id, project_id="default", filename="a", purpose="assistants", sha256="", bytes=10**9 * large))
            stored.not_before = None if large else time.time() + 1000
    mine = {"vs_own": attachment("vs_own-0", IN_PROGRESS, 0.0, "vs_own")} if held else {}
    sent = listen(harness.database.engine)
    with harness.database.session() as session:
        claimed = ingest_queue.claim(session, "me", 30, 10**6, mine)
    assert (claimed.vector_store_id if claimed else None) == ("vs_own" if held else None)
    assert len(sent) == 1


def explain(harness: RetrievalHarness, statement: str, parameters: Any) -> list[str]:
    with harness.database.engine.connect() as connection:
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]


def test_projects_take_turns_and_then_the_stores_of_a_project(harness: RetrievalHarness) -> None:
    add_stores(harness, {"vs_a": "one", "vs_b": "one", "vs_c": "two"}, 4)
    claimed = [id.rpartition("-")[0] for id in claim_all(harness)]
    assert claimed == ["vs_a", "vs_c", "vs_b", "vs_c", "vs_a", "vs_c", "vs_b", "vs_c", "vs_a", "vs_b", "vs_a", "vs_b"]


def test_a_store_that_comes_later_does_not_wait_for_what_another_has_queued(harness: RetrievalHarness) -> None:
    add_stores(harness, {"vs_1": "default"}, 5000)
    first = claim_all(harness, 3)
    add_stores(harness, {"vs_a": "default", "vs_b": "another"}, 1)
    assert [*first, *claim_all(harness, 3)] == ["vs_1-0", "vs_1-1", "vs_1-2", "vs_b-0", "vs_a-0", "vs_1-3"]


def test_files_of_deleted_stores_wait_for_their_turn_too(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        session.add_all(attachment(f"gone-{number}", DELETING, 1.0, "vs_gone") for number in range(3))
        session.add_all(attachment(f"file-{number}", IN_PROGRESS, 2.0) for number in range(3))
    assert [id.partition("-")[0] for id in claim_all(harness)] == ["file", "gone"] * 3


def test_the_turn_of_a_store_belongs_to_the_file_that_is_open_there(harness: RetrievalHarness) -> None:
    add_stores(harness, {"vs_1": "default", "vs_2": "default"}, 2)
    turns: list[str] = []
    with harness.database.session() as session:
        held = ingest_queue.claim(session, "me", 30)
        assert held is not None
        for _ in range(4):
            mine = ingest_queue.claim(session, "me", 30, held={held.vector_store_id: held})
            turns.append(mine.id if mine else "")
    assert turns == ["vs_2-0", "vs_1-0", "vs_2-1", "vs_1-0"]


def test_a_worker_with_many_open_files_begins_small_files_and_those_of_projects_that_have_none_open(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest_queue, "MANY_OPEN_FILES", 2)
    projects = {"vs_a": "one", "vs_b": "one", "vs_c": "one", "vs_d": "one", "vs_e": "two", "vs_f": "two"}
    sizes = dict.fromkeys(projects, ingest_queue.SMALL_BYTES + 1) | {"vs_d": ingest_queue.SMALL_BYTES}
    add_stores(harness, projects, 1)
    with harness.database.session() as session:
        values = {"filename": "a.txt", "purpose": "assistants", "sha256": ""}
        session.add_all(File(id=f"{store}-0", project_id=projects[store], bytes=size, **values) for store, size in sizes.items())
        held: dict[str, Attachment] = {}
        for _ in range(2):
            mine = ingest_queue.claim(session, "me", 30, held=held)
            assert mine is not None
            held[mine.vector_store_id] = mine
        assert sorted(held) == ["vs_a", "vs_e"]
        begun = [
            mine.id for _ in range(6) if (mine := ingest_queue.claim(session, "me", 30, held=held)) and mine.vector_store_id not in held
        ]
        assert begun == ["vs_d-0"]
        del held["vs_e"]
        held["vs_d"] = attachment("vs_d-0", IN_PROGRESS, 0.0, "vs_d")
        begun = [
            mine.id for _ in range(6) if (mine := ingest_queue.claim(session, "me", 30, held=held)) and mine.vector_store_id not in held
        ]
        assert begun == ["vs_f-0"]


def test_an_open_file_whose_record_is_gone_gets_its_turn(harness: RetrievalHarness) -> None:
    gone = attachment("gone", IN_PROGRESS, 1.0, "vs_gone")
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30, held={"vs_gone": gone}) is gone


def test_turns_are_forgotten_after_a_while(harness: RetrievalHarness) -> None:
    add_stores(harness, {"vs_1": "default"}, 1)
    claim_all(harness)
    with harness.database.session() as session:
        for before, left in ((time.time() - 60, 1), (time.time() + 60, 0)):
            ingest_queue.delete_old_turns(session, before)
            assert session.query(IngestTurn).count() == left


def test_the_oldest_is_claimed_first_whether_it_waits_to_be_indexed_canceled_or_deleted(harness: RetrievalHarness) -> None:
    waiting = [("a", DELETING, 3.0), ("b", IN_PROGRESS, 1.0), ("c", CANCELLING, 2.0), ("d", IN_PROGRESS, 4.0)]
    with harness.database.session() as session:
        session.add_all(attachment(*each) for each in waiting)
        session.add(attachment("e", IN_PROGRESS, 0.0, duplicate_of="b"))
    claimed = []
    with harness.database.session() as session:
        while (mine := ingest_queue.claim(session, "me", 30)) is not None:
            claimed.append(mine.id)
    assert claimed == ["b", "c", "a", "d"]


def test_a_worker_for_small_files_also_claims_deletions_and_does_not_wait_for_large_files(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        session.add_all(
            File(id=name, project_id="default", filename=name, purpose="assistants", bytes=size, sha256="")
            for name, size in {"large": 101, "small": 100, "gone": 101}.items()
        )
        waiting = [("large", IN_PROGRESS, 1.0), ("small", IN_PROGRESS, 2.0), ("gone", DELETING, 3.0)]
        session.add_all(attachment(*each) for each in waiting)
    with harness.database.session() as session:
        assert ingest_queue.seconds_until_next(session, 100) == 0.0
        taken = [mine.id for _ in range(3) if (mine := ingest_queue.claim(session, "me", 30, 100)) is not None]
        assert taken == ["small", "gone"]
        assert (ingest_queue.seconds_until_next(session, 100) or 0) > 20
        assert ingest_queue.seconds_until_next(session) == 0.0


def test_each_attachment_is_claimed_by_one_of_many_workers(harness: RetrievalHarness) -> None:
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


def test_a_worker_that_lost_its_lease_cannot_write(harness: RetrievalHarness) -> None:
    id = attach(harness, add_file(harness, "file-1")).id
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "slow", -1)
        assert ingest_queue.claim(session, "quick", 30)
        assert not ingest_queue.update_progress(session, id, "slow", "embedding", 50, 30)
        assert not ingest_queue.complete(session, id, "slow", 3, 10)
        assert not ingest_queue.fail(session, id, "slow", "server_error", "late")
        assert ingest_queue.complete(session, id, "quick", 3, 10)


def test_a_delayed_attachment_is_claimed_when_it_is_due(harness: RetrievalHarness) -> None:
    id = attach(harness, add_file(harness, "file-1")).id
    with harness.database.session() as session:
        assert ingest_queue.claim(session, "me", 30)
        assert ingest_queue.requeue(session, id, "me", "waits for the index", 60)
        assert ingest_queue.claim(session, "me", 30) is None
        due = ingest_queue.seconds_until_next(session)
        assert due is not None and 50 < due <= 60
        assert attachments.find(session, "vs_1", "file-1").error == {"code": "server_error", "message": "waits for the index"}


def test_an_attachment_that_waits_for_nothing_is_due_now(harness: RetrievalHarness) -> None:
    with harness.database.session() as session:
        assert ingest_queue.seconds_until_next(session) is None
    attach(harness, add_file(harness, "file-1"))
    with harness.database.session() as session:
        assert ingest_queue.seconds_until_next(session) == 0.0

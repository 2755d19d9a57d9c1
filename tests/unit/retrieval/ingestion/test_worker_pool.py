import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import CANCELLING, Attachment
from services.retrieval.ingestion import worker_pool
from services.retrieval.ingestion.worker_pool import SMALL_FILE_BYTES, WorkerPool
from services.retrieval.parse import Document
from tests.retrieval_harness import RetrievalHarness
from tests.serving import wait_until

SECONDS = 20.0


def test_a_pool_indexes_several_files_at_the_same_time(harness: RetrievalHarness) -> None:
    both = threading.Barrier(2)

    def wait_for_the_other() -> None:
        both.wait(10)

    harness.embedder.before_batch = wait_for_the_other
    ids = [harness.attach(f"text number {number}") for number in range(4)]
    pool = WorkerPool(harness.ingest_dependencies(), "me", 2)
    pool.start()
    try:
        wait_until(lambda: all(harness.attachment(id).status == "completed" for id in ids))
        pool.check()
    finally:
        pool.stop()
    assert harness.count_points() == 4


@pytest.mark.parametrize("size", [1, 3])
def test_small_files_do_not_wait_for_large_ones_if_there_are_several_workers(harness: RetrievalHarness, size: int) -> None:
    gate, reading = threading.Event(), list[str]()

    def read(_: Path, filename: str, __: object) -> Document:
        reading.append(filename)
        assert filename == "small.txt" or gate.wait(SECONDS)
        return Document("few words")

    large = [harness.attach(b"x" * (SMALL_FILE_BYTES + 1), f"large-{number}.txt") for number in range(4)]
    small = harness.attach("one two three", "small.txt")
    pool = WorkerPool(harness.ingest_dependencies(read), "me", size)
    pool.start()
    try:
        if size > 1:
            wait_until(lambda: harness.attachment(small).status == "completed", SECONDS)
            assert all(harness.attachment(file).status == "in_progress" for file in large)
        else:
            wait_until(lambda: bool(reading), SECONDS)
            assert reading == ["large-0.txt"]
        gate.set()
        wait_until(lambda: all(harness.attachment(file).status == "completed" for file in [*large, small]), SECONDS)
    finally:
        gate.set()
        pool.stop()


def test_a_pool_stops_although_a_reader_hangs_and_the_next_process_indexes_its_file_at_once(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, reading = threading.Event(), threading.Event()

    def hang(*_: object) -> Document:
        reading.set()
        gate.wait(SECONDS)
        return Document("few words")

    monkeypatch.setattr(worker_pool, "STOP_SECONDS", 0.1)
    file_id = harness.attach("few words")
    pool = WorkerPool(harness.ingest_dependencies(hang), "stopped", 2)
    pool.start()
    try:
        assert reading.wait(SECONDS)
        pool.stop()
        given_back = harness.attachment(file_id)
        assert (given_back.status, given_back.stage, given_back.lease_owner) == ("in_progress", "queued", None)
        assert harness.worker("next").work_once()
    finally:
        gate.set()
        pool.stop()  # the worker that hung finds that the file is no longer its own
    assert (harness.attachment(file_id).status, harness.count_points()) == ("completed", 1)


def test_a_pool_gives_back_its_own_work_only(harness: RetrievalHarness) -> None:
    ids = [harness.attach(name) for name in ("one", "two", "three")]
    for owner in ("me/0", "me/1", "me2/0"):
        with harness.database.session() as session:
            assert ingest_queue.claim(session, owner, 60) is not None
    with harness.database.session() as session:
        session.get_one(Attachment, harness.attachment(ids[1]).id).status = CANCELLING
    WorkerPool(harness.ingest_dependencies(), "me", 1).put_back()
    rows = [harness.attachment(id) for id in ids]
    assert [(row.status, row.lease_owner, row.attempts) for row in rows] == [
        ("in_progress", None, 0), ("cancelling", None, 0), ("in_progress", "me2/0", 1),
    ]  # fmt: skip


def test_stores_share_the_workers_however_many_files_each_has(harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    few = harness.add_store("vs_2")
    many = [harness.attach(f"text number {number}") for number in range(60)]
    late = [harness.attach(f"other text {number}", store_id=few) for number in range(3)]
    claimed = dict[str, None]()  # in the order of the database, which admits one writer at a time
    claim = ingest_queue.claim

    def record_claim(session: Session, *args: Any, **options: Any) -> Attachment | None:
        attachment = claim(session, *args, **options)
        if attachment is not None:
            claimed[attachment.file_id] = None
        return attachment

    monkeypatch.setattr(ingest_queue, "claim", record_claim)
    pool = WorkerPool(harness.ingest_dependencies(), "me", 4)
    pool.start()
    try:
        wait_until(lambda: len(claimed) == len(many) + len(late), SECONDS)
    finally:
        pool.stop()
    order = list(claimed)
    assert max(order.index(file) for file in late) < 20  # four workers that read the turns at the same time choose the same store

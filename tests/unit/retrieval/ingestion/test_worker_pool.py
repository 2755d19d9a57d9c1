import threading
from pathlib import Path

import pytest

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

    def read(_: Path, filename: str) -> Document:
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

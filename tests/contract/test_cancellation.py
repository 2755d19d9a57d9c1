"""A canceled file frees its worker soon, whatever the worker is doing; shown through the API."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI, omit

from services.retrieval.ingestion import index_file, pipeline
from services.retrieval.ingestion.pipeline import StoppableParser
from services.retrieval.ingestion.worker import IngestWorker
from services.retrieval.parse import Document
from services.retrieval.parse.sandbox import parser
from tests.retrieval_harness import InProcessParser, RetrievalHarness
from tests.serving import wait_until
from tests.unit.retrieval.sdk import open_sdk

LONG = "\n\n".join(f"Sentence {number} about topic{number % 7}." for number in range(3000))


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[RetrievalHarness]:
    opened = RetrievalHarness(tmp_path)
    yield opened
    opened.close()


class Gate:
    """Where the first that comes is held until the test ends."""

    def __init__(self) -> None:
        self.reached, self._opened, self._held = threading.Event(), threading.Event(), threading.Lock()

    def hold_first(self) -> None:
        if self._held.acquire(blocking=False):
            self.reached.set()
            self._opened.wait(60)

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open()


def attach(client: OpenAI, name: str, text: str, strategy: Any = omit) -> str:
    file = client.files.create(file=(name, text.encode()), purpose="assistants")
    client.vector_stores.files.create(vector_store_id="vs_1", file_id=file.id, chunking_strategy=strategy)
    return file.id


def cancel_and_index_another(harness: RetrievalHarness, gate: Gate, parse: StoppableParser) -> None:
    """Start a worker, cancel its file when it is at the gate, and wait until it has indexed another file."""
    worker = IngestWorker(harness.ingest_dependencies(parse), "me")
    with open_sdk(harness, worker) as client:
        first = attach(client, "first.txt", LONG)
        worker.start()
        assert gate.reached.wait(60)
        client.post(f"/vector_stores/vs_1/files/{first}/cancel", cast_to=object)
        second = attach(client, "second.txt", "few words")

        def status(id: str) -> str:
            return client.vector_stores.files.retrieve(id, vector_store_id="vs_1").status

        wait_until(lambda: status(second) == "completed" and status(first) == "cancelled")
        worker.stop()
    assert harness.search("few words", search_mode="keyword")


def test_a_worker_that_waits_for_a_reader_is_free_after_a_cancellation(harness: RetrievalHarness, gate: Gate) -> None:
    def parse(path: Path, filename: str, check: Callable[[], None]) -> Document:
        while filename == "first.txt":
            gate.reached.set()
            threading.Event().wait(0.01)
            check()
        return InProcessParser()(path, filename)

    cancel_and_index_another(harness, gate, parse)


def test_a_worker_that_waits_for_the_embedder_is_free_after_a_cancellation(harness: RetrievalHarness, gate: Gate) -> None:
    harness.embedder.before_batch = gate.hold_first
    cancel_and_index_another(harness, gate, InProcessParser())


def test_a_chunker_that_embeds_stops_with_the_batch_in_which_its_file_is_canceled(
    harness: RetrievalHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_file, "REPORT_INTERVAL_SECONDS", 0.0)
    batches: list[int] = []
    with open_sdk(harness) as client:
        file_id = attach(client, "first.txt", LONG, {"type": "semantic"})

        def cancel() -> None:
            if not batches:
                client.post(f"/vector_stores/vs_1/files/{file_id}/cancel", cast_to=object)
            batches.append(1)

        harness.embedder.before_batch = cancel
        assert harness.worker().work_once()
    assert len(batches) == 1 and harness.count_points() == 0


def test_a_cancellation_is_noticed_within_a_second() -> None:
    assert parser.CHECK_SECONDS + index_file.REPORT_INTERVAL_SECONDS < 1
    assert pipeline.CHECK_SECONDS + index_file.REPORT_INTERVAL_SECONDS < 1

"""The retrieval service killed at each stage of ingestion: what was accepted is indexed after the next start, once and completely."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from openai import OpenAI

from services.retrieval.index.edge import EdgeIndex
from services.retrieval.index.points import ATTACHMENT, TENANT
from tests.integration.retrieval_service import READY_SECONDS, Process
from tests.serving import wait_until

CHUNKING = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}}
NOTE = "Note {number} of {name}: the sensor was read, its value lay between the marks, and nobody wrote more about that day.\n\n"
FILES = 6  # more than the service works on at once
# Run in the service's process before it starts: it kills itself as soon as the database says that a file of the stage has reached it.
KILL_ITSELF = """
import os, signal
from sqlalchemy import event
from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import Attachment, File
from services.retrieval.ingestion import index_file

update_progress = ingest_queue.update_progress
index_file.REPORT_INTERVAL_SECONDS = 0.0

def update_and_die(session, id, owner, stage, percent, seconds, chunks_done, chunk_count):
    updated = update_progress(session, id, owner, stage, percent, seconds, chunks_done, chunk_count)
    file = session.get(File, session.get(Attachment, id).file_id)
    if file.filename.endswith("-{stage}.txt") and stage == "{stage}" and chunks_done >= {chunks_done}:
        event.listen(session, "after_commit", lambda _: os.kill(os.getpid(), signal.SIGKILL), once=True)
    return updated

ingest_queue.update_progress = update_and_die
"""
# Each stage, and how many chunks of the file must be in the index by then.
STAGES = {"parsing": 0, "chunking": 0, "embedding": 1, "indexing": 1}


def notes(name: str, number: int) -> bytes:
    return "".join(NOTE.format(number=each, name=name) for each in range(number)).encode()


@dataclass(frozen=True)
class Row:
    """The database's row of a file in a store."""

    id: str
    space: str
    store_id: str
    file_id: str
    stage: str
    status: str
    chunk_count: int


class Service:
    """The service on a folder, started, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, before: str = "") -> None:
        self._process = Process(self.folder, before=before)
        self.client = OpenAI(base_url=f"{self._process.url}/v1", api_key="none", max_retries=0)
        self._process.wait_until_ready()

    def wait_until_killed(self) -> None:
        self._process.popen.wait(READY_SECONDS)
        assert self._process.popen.returncode == -signal.SIGKILL
        self.client.close()

    def close(self) -> None:
        self.client.close()
        self._process.popen.terminate()
        self._process.popen.wait(30)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    try:
        yield service
    finally:
        service.close()


def attach(client: OpenAI, contents: dict[str, bytes]) -> None:
    """Attach the files to a new store with one call."""
    store = client.vector_stores.create().id
    ids = [client.files.create(file=(name, content), purpose="assistants").id for name, content in contents.items()]
    client.vector_stores.file_batches.create(store, file_ids=ids, chunking_strategy=CHUNKING)  # type: ignore[arg-type]


def read_rows(folder: Path) -> list[Row]:
    with closing(sqlite3.connect(folder / "retrieval.db")) as database:
        columns = "id, space, vector_store_id, file_id, stage, status, chunk_count"
        return [Row(*row) for row in database.execute(f"select {columns} from vector_store_files")]


@pytest.mark.timeout(400)
def test_files_are_indexed_once_and_completely_if_the_service_is_killed_at_each_stage(service: Service) -> None:
    folder, seen = service.folder, set[str]()
    for stage, chunks_done in STAGES.items():
        # It first indexes what it was killed over at the stage before.
        service.start(KILL_ITSELF.format(stage=stage, chunks_done=chunks_done))
        assert_all_are_completed(service)
        # One file takes several batches of chunks. The service indexes four files at a time, so the last ones are still queued.
        names = [f"{number}-{stage}.txt" for number in range(FILES)]
        attach(service.client, {name: notes(name, 260 if name == names[0] else 15) for name in names})
        service.wait_until_killed()
        seen |= {row.stage for row in read_rows(folder)}
    service.start()
    assert_all_are_completed(service)
    service.close()
    assert seen >= {"queued", *STAGES}
    assert_index_has_exactly(folder, read_rows(folder))


def assert_all_are_completed(service: Service) -> None:
    wait_until(lambda: {row.status for row in read_rows(service.folder)} <= {"completed"}, READY_SECONDS)
    assert all(store.file_counts.completed == FILES for store in service.client.vector_stores.list())


def assert_index_has_exactly(folder: Path, expected: list[Row]) -> None:
    """Compare the points with the records: for each file, for each store, and in all."""
    [space] = {row.space for row in expected}
    with closing(EdgeIndex(folder / "index")) as index:
        for row in expected:
            assert index.count(space, {ATTACHMENT: row.id}) == row.chunk_count > 0
        for store in {row.store_id for row in expected}:
            assert index.count(space, {TENANT: store}) == sum(row.chunk_count for row in expected if row.store_id == store)
        assert index.count(space, {}) == sum(row.chunk_count for row in expected)

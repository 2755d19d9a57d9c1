"""The retrieval service killed at each stage of ingestion: what was accepted is indexed after the next start, once and whole."""

import os
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
TRIES = 3
FILES = 6  # more than the service works on at once
EMPTY_ROW = "<tr>" + "<td class='left'></td>" * 20 + "</tr>"


def notes(name: str, number: int) -> bytes:
    return "".join(NOTE.format(number=each, name=name) for each in range(number)).encode()


# Name, content, and the stages at one of which the service is killed.
KILLS = {
    "parsing.html": (f"<html><body><p>Empty rows.</p><table>{EMPTY_ROW * 4000}</table></body></html>".encode(), {"parsing"}),
    "embedding.txt": (notes("embedding", 80), {"chunking", "embedding"}),
    "indexing.txt": (notes("indexing", 260), {"indexing"}),
}


@dataclass(frozen=True)
class Row:
    """What the database tells of a file in a store."""

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

    def start(self) -> None:
        self._process = Process(self.folder)
        self.client = OpenAI(base_url=f"{self._process.url}/v1", api_key="none", max_retries=0)
        self._process.wait_until_ready()

    @property
    def is_up(self) -> bool:
        return self._process.popen.poll() is None

    def signal(self, number: int) -> None:
        os.kill(self._process.popen.pid, number)

    def is_killed_at(self, file: str, stages: set[str]) -> bool:
        """Kill the process if the file is at one of the stages; it is held still while one looks, so that it dies at that stage."""
        if stage_of(self.folder, file) not in stages:
            return False
        self.signal(signal.SIGSTOP)
        is_there = stage_of(self.folder, file) in stages
        self.signal(signal.SIGKILL if is_there else signal.SIGCONT)
        if is_there:
            self.close()
        return is_there

    def close(self) -> None:
        self.client.close()
        self._process.popen.terminate()
        self._process.popen.wait(30)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path)
    try:
        service.start()
        yield service
    finally:
        service.close()


def attach(client: OpenAI, contents: dict[str, bytes]) -> dict[str, str]:
    """Attach the files to a new store by one call; return their ids by their names."""
    store = client.vector_stores.create().id
    files = {name: client.files.create(file=(name, content), purpose="assistants").id for name, content in contents.items()}
    client.vector_stores.file_batches.create(store, file_ids=list(files.values()), chunking_strategy=CHUNKING)  # type: ignore[arg-type]
    return files


def read_rows(folder: Path) -> list[Row]:
    with closing(sqlite3.connect(folder / "retrieval.db")) as database:
        columns = "id, space, vector_store_id, file_id, stage, status, chunk_count"
        return [Row(*row) for row in database.execute(f"select {columns} from vector_store_files")]


def stage_of(folder: Path, file: str) -> str:
    return next(row.stage for row in read_rows(folder) if row.file_id == file)


def kill_at(service: Service, name: str) -> None:
    """Attach files and kill the service at a stage of the one of that name; a stage that passes between two looks is tried again."""
    content, stages = KILLS[name]
    # The service indexes four files at the same time: the last ones are queued meanwhile.
    contents = {name: content, **{f"{number}-{name}.txt": notes(f"{name} {number}", 15 + number) for number in range(1, FILES)}}
    for _ in range(TRIES):
        file = attach(service.client, contents)[name]
        wait_until(lambda file=file: service.is_killed_at(file, stages) or stage_of(service.folder, file) == "completed", READY_SECONDS)
        if not service.is_up:
            return
    raise AssertionError(f"{name} was never seen at {stages}")


@pytest.mark.timeout(300)
def test_files_are_indexed_once_and_whole_though_the_service_is_killed_at_each_stage(service: Service) -> None:
    folder = service.folder
    met: set[str] = set()
    for name in KILLS:
        kill_at(service, name)
        met |= {row.stage for row in read_rows(folder)}
        service.start()
        wait_until(lambda: {row.status for row in read_rows(folder)} == {"completed"}, READY_SECONDS)
        assert all(store.file_counts.completed == FILES for store in service.client.vector_stores.list())
    assert met >= {"queued", "parsing", "indexing"} and met & {"chunking", "embedding"}
    service.close()
    assert_index_has_exactly(folder, read_rows(folder))


def assert_index_has_exactly(folder: Path, expected: list[Row]) -> None:
    """Compare the points with the records: for each file, for each store, and in all."""
    [space] = {row.space for row in expected}
    with closing(EdgeIndex(folder / "index")) as index:
        for row in expected:
            assert index.count(space, {ATTACHMENT: row.id}) == row.chunk_count > 0
        for store in {row.store_id for row in expected}:
            assert index.count(space, {TENANT: store}) == sum(row.chunk_count for row in expected if row.store_id == store)
        assert index.count(space, {}) == sum(row.chunk_count for row in expected)

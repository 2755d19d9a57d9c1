"""The process of the embedded index: what callers see if it is killed or busy, that nothing is lost, and that it ends with the service."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx
import psutil
import pytest
from openai import OpenAI

from services.retrieval.chunk import Chunk
from services.retrieval.index import Query, edge_server
from services.retrieval.index.bm25 import Bm25
from services.retrieval.index.edge_client import SERVER_MODULE, EdgeClient
from services.retrieval.index.points import TENANT, ChunkOwner, Point, to_point
from shared.errors import Unavailable
from shared.workers.child_calls import Call, CallConnection
from tests.integration.retrieval_service import READY_SECONDS, ROOT, Process
from tests.serving import is_up, wait_until

SECONDS = 60.0
BM25 = Bm25()
SERVICE = """
import sys
from pathlib import Path
from services.retrieval.index.edge_client import EdgeClient
index = EdgeClient(Path(sys.argv[1]))
print(index.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[EdgeClient]:
    opened = EdgeClient(tmp_path / "index")
    yield opened
    opened.close()


def points(first: int, count: int) -> list[Point]:
    owner = ChunkOwner("vs_1", "file-1", "a1")
    texts = [f"pump number {position}" for position in range(first, first + count)]
    chunks = [Chunk(first + number, text, 0, len(text), None, [], None) for number, text in enumerate(texts)]
    return [to_point(owner, chunk, [1.0, chunk.position / 1000, 0.0], BM25.encode_passage(chunk.text)) for chunk in chunks]


def kill(index: EdgeClient, number: int = signal.SIGKILL) -> int:
    pid = index.pid
    assert pid is not None
    os.kill(pid, number)
    return pid


def test_what_was_written_is_there_after_the_process_was_killed(index: EdgeClient) -> None:
    index.ensure_space("space", 3)
    for first in range(0, 1200, 100):  # with one optimization on the way
        index.upsert("space", points(first, 100))
    index.delete("space", {"file_id": "file-1", "text": "none"})
    pid = kill(index)
    nearest, matching = index.search("space", "vs_1", Query([1.0, 0.0, 0.0], BM25.encode_query("pump")), None, 5)
    assert (len(nearest), len(matching)) == (5, 5) and index.count("space", {TENANT: "vs_1"}) == 1200
    assert index.pid not in (None, pid)


def test_a_search_that_was_interrupted_is_done_again_and_a_write_is_reported(index: EdgeClient) -> None:
    index.ensure_space("space", 3)
    index.upsert("space", points(0, 10))
    results: list[object] = []

    def write() -> None:
        try:
            index.upsert("space", points(10, 10))
        except Unavailable as error:
            results.append(error.message)

    threads = [threading.Thread(target=write), threading.Thread(target=lambda: results.append(index.count("space", {})))]
    pid = kill(index, signal.SIGSTOP)
    for thread in threads:
        thread.start()
    wait_until(lambda: len(index._process.pending) == 2, SECONDS)
    os.kill(pid, signal.SIGKILL)
    for thread in threads:
        thread.join(SECONDS)
    assert [each for each in results if isinstance(each, str) and "RETRIEVAL_INDEX" in each and "Try again" in each]
    assert 10 in results or 20 in results  # the write was either done or not
    index.upsert("space", points(10, 10))
    assert index.count("space", {}) == 20


def test_keywords_are_searched_while_the_vector_is_computed(index: EdgeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    index.ensure_space("space", 3)
    index.upsert("space", points(0, 10))
    keywords, vector, order = BM25.encode_query("pump"), [1.0, 0.0, 0.0], list[str]()
    call = index._process.call

    def watched(action: tuple[str, str, str, Query]) -> object:
        order.append("keywords" if action[3].keywords else "vector")
        return call(action)

    def compute() -> list[float]:
        order.append("computed")
        return vector

    at_once = index.search("space", "vs_1", Query(vector, keywords), None, 5)
    monkeypatch.setattr(index._process, "call", watched)
    assert index.search("space", "vs_1", Query(compute, keywords), None, 5) == at_once
    assert order == ["keywords", "computed", "vector"]


class Received:
    """A connection that has received calls already, and notes which are answered."""

    def __init__(self, *names: str) -> None:
        self._calls = [Call(number, (name,)) for number, name in enumerate(names)]
        self.answered: list[int] = []

    def receive(self) -> Call | None:
        return self._calls.pop(0) if self._calls else None

    def respond(self, call_id: int, work: Callable[[], object]) -> None:
        work()
        self.answered.append(call_id)


class WaitingIndex:
    """An index whose writes and counts wait until somebody checks it."""

    def __init__(self) -> None:
        self._checked = threading.Event()

    def upsert(self) -> None:
        assert self._checked.wait(SECONDS)

    count = upsert

    def check(self) -> None:
        self._checked.set()


def test_neither_a_write_nor_a_read_holds_up_another_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, connection = WaitingIndex(), Received("upsert", "count", "check")
    monkeypatch.setattr(edge_server, "EdgeIndex", lambda folder: waiting)
    edge_server.Server(cast(CallConnection, connection), tmp_path).run()
    wait_until(lambda: len(connection.answered) == 3, SECONDS)
    assert connection.answered[0] == 2


def test_a_check_starts_a_killed_process_again_and_does_not_wait_for_a_busy_one(index: EdgeClient) -> None:
    kill(index)
    wait_until(lambda: index.pid is None, SECONDS)
    index.check()
    pid = kill(index, signal.SIGSTOP)
    index.check()
    os.kill(pid, signal.SIGCONT)


def test_a_folder_that_another_service_uses_is_reported_and_no_process_is_left(index: EdgeClient, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="in use by another process"):
        EdgeClient(tmp_path / "index")
    children = psutil.Process().children(recursive=True)
    assert [each.pid for each in children if SERVER_MODULE in each.cmdline()] == [index.pid]


def test_the_process_ends_when_the_service_is_killed_and_another_can_open_the_folder_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVICE, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        pid = int(service.stdout.readline())
        service.kill()
    EdgeClient(tmp_path).close()
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@contextmanager
def running(folder: Path) -> Iterator[tuple[Process, OpenAI, psutil.Process]]:
    """Run the service; yield it with a client and the process of its index."""
    service = Process(folder)
    try:
        service.wait_until_ready()
        children = psutil.Process(service.popen.pid).children(recursive=True)
        [index] = [each for each in children if SERVER_MODULE in each.cmdline()]
        with OpenAI(base_url=f"{service.url}/v1", api_key="none", max_retries=0) as client:
            yield service, client, index
    finally:
        service.popen.terminate()
        service.popen.wait(30)


def attach(client: OpenAI, name: str, text: str) -> str:
    file = client.files.create(file=(name, text.encode()), purpose="assistants")
    store = client.vector_stores.create(file_ids=[file.id]).id
    wait_until(lambda: client.vector_stores.retrieve(store).status == "completed", READY_SECONDS)
    return store


def test_a_busy_index_stops_neither_the_event_loop_nor_readiness(tmp_path: Path) -> None:
    with running(tmp_path) as (service, client, index):
        store = attach(client, "pump.txt", "The seal of the pump is turquoise.")
        index.suspend()
        try:
            waiting = threading.Thread(target=lambda: client.vector_stores.search(store, query="seal"))
            waiting.start()
            for path in ("/health/live", "/health/ready", "/v1/vector_stores"):
                started = time.monotonic()
                assert httpx.get(f"{service.url}{path}", timeout=5).status_code == 200
                assert time.monotonic() - started < 2
            assert waiting.is_alive()
        finally:
            index.resume()
        waiting.join(SECONDS)
        assert not waiting.is_alive()


def test_the_service_survives_the_kill_of_its_index_while_files_are_indexed(tmp_path: Path) -> None:
    with running(tmp_path) as (service, client, index):
        first = attach(client, "pump.txt", "The seal of the pump is turquoise.")
        text = "\n\n".join(f"Note {number}: the sensor was read, and nobody wrote more about that day." for number in range(1500))
        file = client.files.create(file=("notes.txt", text.encode()), purpose="assistants")
        store = client.vector_stores.create(file_ids=[file.id]).id

        def progress() -> dict[str, object]:
            return client.vector_stores.files.retrieve(file.id, vector_store_id=store).to_dict()

        wait_until(lambda: int(str(progress()["chunks_done"])) > 0, READY_SECONDS)
        index.kill()
        assert client.vector_stores.search(first, query="seal").data[0].content[0].text.startswith("The seal")
        wait_until(lambda: progress()["status"] == "completed", READY_SECONDS)
        assert is_up(f"{service.url}/health/ready")
        chunks = int(str(progress()["chunk_count"]))
    opened = EdgeClient(tmp_path / "index")
    [space] = [each.name for each in (tmp_path / "index").iterdir() if each.is_dir()]
    assert opened.count(space, {TENANT: store}) == chunks and opened.count(space, {TENANT: first}) == 1
    opened.close()

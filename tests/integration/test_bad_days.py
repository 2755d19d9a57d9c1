"""Failures of the services that the front door calls, and of its clients: each ends in the right error in time and leaves nothing behind.

One front door, as a separate process, serves all of them; its engine and its retrieval service come and go behind two addresses.
"""

import asyncio
import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from shared.records.database import Database
from shared.records.models.adapters import Adapter
from shared.settings import JobSettings
from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.integration.generation_service import FrontDoor, running
from tests.ports import free_port
from tests.scripted_engine import ScriptedEngine, scripted_engine
from tests.serving import DEADLINE, serving, wait_until

CHAT = "/v1/chat/completions"
# Long enough for a fake on a busy machine, short enough to wait for. A call that waited for one of them is a 504, never a 503.
ENGINE_SECONDS, RETRIEVAL_SECONDS, UNREAD_SECONDS = 8.0, 5.0, 1
RED, BLUE = "red-key-1", "blue-key-1"
DOCUMENTS: dict[str, Any] = {"retrieval": {"vector_store_ids": ["vs_a"]}}
ADAPTER = "ft:tiny:red:x:abcdefgh12345678"


@dataclass(frozen=True)
class Day:
    """The front door, and the ports at which it expects the services it calls."""

    door: FrontDoor
    engine_port: int
    retrieval_port: int

    @contextmanager
    def good(self, engine: FakeEngine | None = None, *, retrieval: bool = True) -> Iterator[FakeEngine]:
        """Serve an engine, and a retrieval service with the project red's store `vs_a`."""
        stores = FakeRetrieval(projects={f"Bearer {RED}": "red", f"Bearer {BLUE}": "blue"})
        stores.add_store([make_hit("Arms: two.", 0.9)], "red")
        engine = engine or FakeEngine()
        with ExitStack() as stack:
            stack.enter_context(serving(engine.app(), self.engine_port))
            if retrieval:
                stack.enter_context(serving(stores.app(), self.retrieval_port))
            wait_until(lambda: self.ask().is_success)
            engine.bodies.clear()
            yield engine

    def ask(self, text: str = "How many arms?", key: str = RED, **fields: Any) -> httpx.Response:
        """Ask; return the answer, whether it succeeded or not."""
        call = {"model": "tiny", "messages": [{"role": "user", "content": text}], **fields}
        return self.send(json.dumps(call).encode(), key)

    def send(self, body: bytes, key: str = RED) -> httpx.Response:
        """Send a body as it is."""
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        return httpx.post(self.door.url + CHAT, content=body, headers=headers, timeout=DEADLINE)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    engine, retrieval = free_port(), free_port()
    settings = {
        "GENERATION_ENGINE_SECONDS": str(ENGINE_SECONDS),
        "GENERATION_ENGINE_CHECK_SECONDS": "0.2",
        "GENERATION_RETRIEVAL_URL": f"http://127.0.0.1:{retrieval}",
        "GENERATION_RETRIEVAL_SECONDS": str(RETRIEVAL_SECONDS),
        "TANDEM_KEYS": f"red:{RED},blue:{BLUE}",
        "TANDEM_WORKER_KEY": "worker-key",
    }
    data, unread = tmp_path_factory.mktemp("data"), f"from shared.web.server import serve\nserve.UNREAD_SECONDS = {UNREAD_SECONDS}"
    with running(data, f"http://127.0.0.1:{engine}", before=unread, **settings) as door:
        yield Day(door, engine, retrieval)
        assert "Traceback" not in door.log.read_text()


@pytest.fixture
def day(started: Day) -> Iterator[Day]:
    """The front door; at the end it must have released everything."""
    yield started
    wait_until(lambda: started.door.num_requests_running == 0)
    wait_until(lambda: started.door.connections == [])
    with started.good():
        assert started.ask().is_success


def error_of(response: httpx.Response) -> dict[str, Any]:
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


@contextmanager
def silent(port: int) -> Iterator[socket.socket]:
    """Listen on a port, and never answer."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        yield listening


def was_let_go(listening: socket.socket) -> bool:
    """Return whether the caller has closed the connection after its request."""
    listening.settimeout(DEADLINE)
    connection, _ = listening.accept()
    with connection:
        connection.settimeout(DEADLINE)
        while connection.recv(65536):
            pass
    return True


def test_dead_retrieval_is_a_503_and_plain_calls_continue(day: Day) -> None:
    with day.good(retrieval=False) as engine:
        response = day.ask(**DOCUMENTS)
        assert (response.status_code, engine.bodies) == (503, [])
        assert "GENERATION_RETRIEVAL_URL" in error_of(response)["message"]
        assert day.ask().is_success


def test_slow_retrieval_is_a_504_and_its_call_is_closed(day: Day) -> None:
    with day.good(retrieval=False) as engine, silent(day.retrieval_port) as retrieval:
        response = day.ask(**DOCUMENTS)
        assert (response.status_code, error_of(response)["type"], engine.bodies) == (504, "timeout_error", [])
        assert was_let_go(retrieval)


@pytest.mark.parametrize(
    "said",
    [b"<html>", b"[]", b"{}", b'{"data": [{"text": 1}]}', b'{"data": NaN}', b"\xff\xfe", b"[" * 100_000, b"1" * 100_000],
    ids=lambda said: said[:20].decode("latin-1"),
)
def test_retrieval_that_answers_something_else_is_a_503(day: Day, said: bytes) -> None:
    with day.good(retrieval=False) as engine, scripted_engine(day.retrieval_port) as retrieval:
        retrieval.respond(said)
        response = day.ask(**DOCUMENTS)
        assert (response.status_code, engine.bodies) == (503, [])
        assert "GENERATION_RETRIEVAL_URL" in error_of(response)["message"]


def broken_off(retrieval: ScriptedEngine) -> None:
    retrieval.respond(b'{"data": [', missing_bytes=5)


def not_http(retrieval: ScriptedEngine) -> None:
    retrieval.parts = [b"220 ready\r\n"]


def nothing(retrieval: ScriptedEngine) -> None:
    retrieval.parts = []


def failing(retrieval: ScriptedEngine) -> None:
    retrieval.respond(b"Internal Server Error", 500, "text/plain")


@pytest.mark.parametrize("way", [broken_off, not_http, nothing, failing])
def test_a_service_that_sends_no_proper_response_is_a_503(day: Day, way: Any) -> None:
    with day.good(retrieval=False), scripted_engine(day.retrieval_port) as retrieval:
        way(retrieval)
        assert day.ask(**DOCUMENTS).status_code == 503
    if way is not failing:  # what the engine says is the engine's own: its 500 stays one
        with scripted_engine(day.engine_port) as engine:
            way(engine)
            response = day.ask()
            assert response.status_code == 503
            assert "GENERATION_ENGINE_URL" in error_of(response)["message"]


def test_an_engine_that_is_dead_is_a_503_until_it_is_back(day: Day) -> None:
    response = day.ask()
    assert response.status_code == 503
    assert "GENERATION_ENGINE_URL" in error_of(response)["message"]
    with day.good():
        assert day.ask().is_success


def test_a_silent_engine_is_a_504_and_its_call_is_closed(day: Day) -> None:
    with silent(day.engine_port) as engine:
        response = day.ask()
        assert (response.status_code, error_of(response)["type"]) == (504, "timeout_error")
        assert was_let_go(engine)


@pytest.mark.parametrize("documents", [{}, DOCUMENTS], ids=["plain", "with documents"])
def test_an_engine_that_dies_mid_stream_ends_it_with_an_error_event(day: Day, documents: dict[str, Any]) -> None:
    with day.good() as engine:
        engine.disconnects = True
        response = day.ask("one two", stream=True, **documents)
        events = response.content.strip().split(b"\n\n")
        errors = [event for event in events if b'"error"' in event]
        assert events[-1] == b"data: [DONE]"
        assert "GENERATION_ENGINE_URL" in json.loads(errors[0].removeprefix(b"data: "))["error"]["message"]
        engine.disconnects = False
        assert day.ask("one two", stream=True, **documents).is_success


OUT_OF_CACHE = {"message": "The KV cache is full.", "type": "InternalServerError", "param": None, "code": 500}


def test_an_engine_without_room_says_so_itself(day: Day) -> None:
    with scripted_engine(day.engine_port) as engine:
        engine.respond(json.dumps({"error": OUT_OF_CACHE}).encode(), 500)
        refused = day.ask()
        assert (refused.status_code, error_of(refused)["message"]) == (500, "The KV cache is full.")
        aborted = b'{"choices": [{"index": 0, "text": "", "finish_reason": "abort"}]}'
        engine.respond(aborted)
        cut_off = day.ask()
        assert cut_off.status_code == 503 and "before the answer was complete" in error_of(cut_off)["message"]
        said = [b'data: {"choices": []}\n\n', b'data: {"error": ' + json.dumps(OUT_OF_CACHE).encode() + b"}\n\n", b"data: [DONE]\n\n"]
        engine.stream(*said)
        assert day.ask(stream=True).content == b"".join(said)


def test_a_client_that_stops_reading_is_cut_off_and_its_generation_ends(day: Day) -> None:
    with scripted_engine(day.engine_port) as engine:
        engine.stream_endlessly(b'data: {"choices": []}\n\n' * 2000)
        before = day.door.memory_bytes
        with raw_client(day, "one", stream=True) as client:
            assert client.recv(100)
            assert engine.running == 1
            wait_until(lambda: engine.running == 0)
            assert day.door.memory_bytes - before < 64 * 2**20


@contextmanager
def raw_client(day: Day, text: str, **fields: Any) -> Iterator[socket.socket]:
    """Make a call, and leave the answer to be read or not."""
    address = urlsplit(day.door.url)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(DEADLINE)
        connection.connect((str(address.hostname), int(address.port or 0)))
        connection.sendall(raw_call(text, **fields))
        yield connection


def raw_call(text: str, **fields: Any) -> bytes:
    body = json.dumps({"model": "tiny", "messages": [{"role": "user", "content": text}], **fields}).encode()
    head = f"POST {CHAT} HTTP/1.1\r\nHost: tandem\r\nAuthorization: Bearer {RED}\r\nConnection: close\r\n"
    return head.encode() + f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_500_simultaneous_clients_are_all_answered(day: Day) -> None:
    calls = [raw_call(f"say {number}", stream=number % 2 == 0) for number in range(500)]
    with day.good() as engine:
        answers = asyncio.run(at_once(day.door.url, calls))
        wait_until(lambda: engine.running == 0)
    for number, answer in enumerate(answers):
        assert answer.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 429 "))
        assert str(number).encode() in answer or b"retry-after" in answer


def test_500_clients_that_disconnect_together_leave_nothing_in_the_engine(day: Day) -> None:
    calls = [raw_call("one", stream=number % 2 == 0) for number in range(500)]
    with day.good() as engine:
        engine.hangs = True
        asyncio.run(at_once(day.door.url, calls, lambda: engine.running > 100))
        wait_until(lambda: engine.running == 0)
        wait_until(lambda: day.door.num_requests_running == 0)


async def at_once(url: str, calls: Sequence[bytes], leave: Any = None) -> list[bytes]:
    """Make every call at the same time; return the answers, or leave all of them as soon as `leave()` is true."""
    address = urlsplit(url)
    clients = [await asyncio.open_connection(address.hostname, address.port) for _ in calls]
    for (_, writer), call in zip(clients, calls, strict=True):
        writer.write(call)
    if leave is None:
        answers = list(await asyncio.gather(*(reader.read() for reader, _ in clients)))
    else:
        await asyncio.to_thread(wait_until, leave)
        answers = []
    for _, writer in clients:
        writer.close()
    return answers


def test_a_prompt_of_10_mb_is_left_to_the_engine(day: Day) -> None:
    prompt = "word " * 2_000_000
    too_long = {"message": "This model's maximum context length is 2048 tokens.", "type": "BadRequestError", "param": None, "code": 400}
    with scripted_engine(day.engine_port) as engine:
        engine.respond(json.dumps({"error": too_long}).encode(), 400)
        response = day.ask(prompt)
        assert (response.status_code, error_of(response)["code"]) == (400, "context_length_exceeded")
        assert len(engine.calls[0][1]) > len(prompt)


def test_a_question_of_10_mb_with_documents_is_refused(day: Day) -> None:
    with day.good():
        response = day.ask("word " * 2_000_000, **DOCUMENTS)
        assert (response.status_code, error_of(response)["type"]) == (400, "invalid_request_error")


def test_a_body_over_the_limit_is_a_413(day: Day) -> None:
    response = day.ask("x" * 34_000_000)
    assert (response.status_code, error_of(response)["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'{"model": "tiny", "messages": [',
        b'{"model": "tiny", "messages": [], "temperature": NaN}',
        b'{"model": "tiny", "messages": [], "temperature": -Infinity}',
        b'{"model": "tiny", "messages": [], "user": "\xff"}',
        b'{"model": "tiny", "messages": [], "user": "\\ud800"}',
        b'{"model": "tiny", "messages": []} and more',
        b'{"model": "tiny", "messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"model": "tiny", "messages": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}",
        b'{"model": "tiny", "messages": [], "seed": ' + b"9" * 1_000_000 + b"}",
        '{"model": "tiny", "messages": []}'.encode("utf-16"),
    ],
    ids=lambda body: repr(body[:60])[2:],
)
def test_invalid_json_is_a_400_and_never_reaches_the_engine(day: Day, body: bytes) -> None:
    with scripted_engine(day.engine_port) as engine:
        response = day.send(body)
        assert (response.status_code, error_of(response)["type"], engine.calls) == (400, "invalid_request_error", [])


def test_a_model_that_is_unknown_or_deleted_is_a_404(day: Day) -> None:
    database = Database(JobSettings(data=day.door.log.parent).jobs_url)
    with day.good() as engine:
        engine.adapters.add(ADAPTER)
        assert error_of(day.ask(model=ADAPTER))["code"] == "model_not_found"
        with database.session() as session:
            session.add(Adapter(name=ADAPTER, project_id="red", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
        assert day.ask(model=ADAPTER).is_success
        assert day.ask(model=ADAPTER, key=BLUE).status_code == 404
        with database.session() as session:
            session.delete(session.get_one(Adapter, ADAPTER))
        wait_until(lambda: day.ask(model=ADAPTER).status_code == 404)
    database.close()


def test_a_store_of_another_project_is_a_404_and_nothing_is_generated(day: Day) -> None:
    with day.good() as engine:
        assert day.ask(**DOCUMENTS).is_success
        engine.bodies.clear()
        response = day.ask(key=BLUE, **DOCUMENTS)
        assert (response.status_code, error_of(response)["param"], engine.bodies) == (404, "retrieval.vector_store_ids[0]", [])

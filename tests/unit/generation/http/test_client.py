import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.generation.http.client import ServiceClient
from services.generation.http.reply import read_body
from shared.errors import DeadlineExceeded, InvalidRequest, Unavailable, Unreachable
from shared.http.keepalive import keep_alive
from tests.serving import DEADLINE, serving

pytestmark = pytest.mark.anyio
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"


class OneResponseServer:
    """A server that promises to keep connections, responds once on each, and closes it when the next request arrives."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.connections = 0
        self.broken = 0

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._respond_once, args=(connection,), daemon=True).start()

    def _respond_once(self, connection: socket.socket) -> None:
        with connection:
            if connection.recv(65536):
                connection.sendall(RESPONSE)
            if connection.recv(65536):
                self.broken += 1


@contextmanager
def one_response_server() -> Iterator[OneResponseServer]:
    server = OneResponseServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.listening.shutdown(socket.SHUT_RDWR)
    server.listening.close()
    thread.join(DEADLINE)


async def test_a_stale_connection_is_never_an_error() -> None:
    with one_response_server() as server:
        client = ServiceClient("The engine", server.url, timeout_seconds=5)
        for _ in range(5):
            response = await client.call("POST", "/", content=b"{}")
            assert (response.status_code, response.content) == (200, b"ok")
        await client.close()
        assert server.broken > 0


async def test_connections_are_reused() -> None:
    clients: list[object] = []

    async def remember(request: Request) -> Response:
        clients.append(request.client)
        return Response("ok")

    with serving(Starlette(routes=[Route("/", remember)])) as url:
        client = ServiceClient("The engine", url, timeout_seconds=5)
        for _ in range(3):
            await client.call("GET", "/")
        await client.close()
    assert len(set(clients)) == 1


async def test_connections_notice_that_the_other_host_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []

    def remember(opened: socket.socket) -> socket.socket:
        kept.append(keep_alive(opened).getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE))
        return opened

    monkeypatch.setattr("services.generation.http.client.keep_alive", remember)
    with serving(Starlette(routes=[Route("/", lambda _: Response("ok"))])) as url:
        client = ServiceClient("The engine", url, timeout_seconds=5)
        await client.call("GET", "/")
        await client.close()
    assert kept == [1]


async def test_the_error_of_a_dead_service_names_it(dead_url: str) -> None:
    client = ServiceClient("The engine (SETTING)", dead_url, timeout_seconds=5)
    with pytest.raises(Unreachable, match=r"The engine \(SETTING\) cannot be reached"):
        await client.call("GET", "/")
    with pytest.raises(Unavailable):
        await client.ping("/")
    await client.close()


async def test_a_slow_service_exceeds_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = ServiceClient("The engine", f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.05)
        with pytest.raises(DeadlineExceeded, match="did not respond in time"):
            await client.call("GET", "/")
        await client.close()


def serve_once(listening: socket.socket, response: bytes) -> threading.Thread:
    """Return a started thread that answers one request with these bytes, and closes the connection."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(response)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return thread


CUT_OFF = "The engine closed the connection before its response was complete."


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", CUT_OFF),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", CUT_OFF),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "The engine sent a response that is not valid HTTP."),
    ],
)
async def test_a_broken_response_is_described_without_words_of_the_library(response: bytes, message: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = serve_once(listening, response)
        client = ServiceClient("The engine", f"http://127.0.0.1:{listening.getsockname()[1]}", timeout_seconds=DEADLINE)
        with pytest.raises(Unavailable) as raised:
            await read_body(await client.open("POST", "/"))
        await client.close()
        thread.join(DEADLINE)
    assert raised.value.message == message


@pytest.mark.parametrize("url", ["ftp://engine", "http://"])
async def test_a_url_that_cannot_be_used_is_an_error_in_plain_words(url: str) -> None:
    client = ServiceClient("The engine", url, timeout_seconds=5)
    with pytest.raises(Unreachable, match=r"^The engine cannot be reached: its URL must begin with http:// or https:// and name a host\.$"):
        await client.call("GET", "/")
    await client.close()


@pytest.mark.parametrize(("media_type", "is_stream"), [("application/json", False), ("text/event-stream; charset=utf-8", True)])
async def test_a_reply_is_read_unless_it_is_a_stream_of_events(media_type: str, is_stream: bool) -> None:
    async def respond(_: Request) -> Response:
        return Response("body", media_type=media_type)

    with serving(Starlette(routes=[Route("/", respond)])) as url:
        client = ServiceClient("The engine", url, timeout_seconds=5)
        reply = await client.send("GET", "/")
        assert (reply.status, isinstance(reply.body, bytes)) == (200, not is_stream)
        assert await read_body(reply) == b"body"
        opened = await client.open("GET", "/")
        assert not isinstance(opened.body, bytes)
        assert await read_body(opened) == b"body"
        await client.close()


async def test_an_upload_is_streamed_and_its_response_is_still_to_come() -> None:
    async def echo(request: Request) -> Response:
        return Response(await request.body())

    async def body() -> AsyncIterator[bytes]:
        for chunk in (b"a", b"b"):
            yield chunk

    with serving(Starlette(routes=[Route("/", echo, methods=["POST"])])) as url:
        client = ServiceClient("The service", url, timeout_seconds=5)
        reply = await client.upload("POST", "/", body(), [])
        assert not isinstance(reply.body, bytes)
        assert await read_body(reply) == b"ab"
        await client.close()


async def test_an_upload_whose_service_never_asks_for_the_body_exceeds_the_deadline() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"a"

    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = ServiceClient("The service", f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_seconds=0.05)
        with pytest.raises(DeadlineExceeded, match="did not respond in time"):
            await client.upload("POST", "/", body(), [("Expect", "100-continue")])
        await client.close()


async def test_an_upload_to_a_dead_service_is_unreachable_in_the_same_words(dead_url: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield b"a"

    client = ServiceClient("The service", dead_url, timeout_seconds=5)
    with pytest.raises(Unreachable, match="The service cannot be reached"):
        await client.upload("POST", "/", body(), [])
    await client.close()


async def test_the_response_to_an_upload_may_come_before_its_end() -> None:
    async def refuse(_: Request) -> Response:
        return Response("too large", 413)

    async def body() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.Event().wait()

    with serving(Starlette(routes=[Route("/", refuse, methods=["POST"])])) as url:
        client = ServiceClient("The service", url, timeout_seconds=5)
        reply = await client.upload("POST", "/", body(), [("Content-Length", "600000000")])
        assert (reply.status, await read_body(reply)) == (413, b"too large")
        await client.close()


async def test_an_upload_whose_body_breaks_off_raises_the_bodys_own_error() -> None:
    async def echo(request: Request) -> Response:
        return Response(await request.body())

    async def body() -> AsyncIterator[bytes]:
        yield b"a"
        raise InvalidRequest("too slow", status=408)

    with serving(Starlette(routes=[Route("/", echo, methods=["POST"])])) as url:
        client = ServiceClient("The service", url, timeout_seconds=5)
        with pytest.raises(InvalidRequest, match="too slow"):
            await client.upload("POST", "/", body(), [])
        await client.close()

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.generation.http.client import ServiceClient
from shared.errors import DeadlineExceeded, Unavailable
from tests.fakes import DEADLINE, serving

pytestmark = pytest.mark.anyio
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\nok"


class OneAnswerServer:
    """A server that promises to keep connections, answers once on each, and closes it when the next request arrives there."""

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
            threading.Thread(target=self._answer_once, args=(connection,), daemon=True).start()

    def _answer_once(self, connection: socket.socket) -> None:
        with connection:
            if connection.recv(65536):
                connection.sendall(ANSWER)
            if connection.recv(65536):
                self.broken += 1


@contextmanager
def one_answer_server() -> Iterator[OneAnswerServer]:
    server = OneAnswerServer()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.listening.shutdown(socket.SHUT_RDWR)
    server.listening.close()
    thread.join(DEADLINE)


async def test_a_connection_that_went_stale_never_surfaces() -> None:
    with one_answer_server() as server:
        neighbour = ServiceClient("The engine", server.url, seconds=5)
        for _ in range(5):
            response = await neighbour.call("POST", "/", content=b"{}")
            assert (response.status_code, response.content) == (200, b"ok")
        await neighbour.close()
        assert server.broken > 0


async def test_connections_are_reused() -> None:
    clients: list[object] = []

    async def remember(request: Request) -> Response:
        clients.append(request.client)
        return Response("ok")

    with serving(Starlette(routes=[Route("/", remember)])) as url:
        neighbour = ServiceClient("The engine", url, seconds=5)
        for _ in range(3):
            await neighbour.call("GET", "/")
        await neighbour.close()
    assert len(set(clients)) == 1


async def test_a_dead_neighbour_is_named(dead_url: str) -> None:
    neighbour = ServiceClient("The engine (SETTING)", dead_url, seconds=5)
    with pytest.raises(Unavailable, match=r"The engine \(SETTING\) cannot be reached"):
        await neighbour.call("GET", "/")
    with pytest.raises(Unavailable):
        await neighbour.ping("/")
    await neighbour.close()


async def test_a_slow_neighbour_is_a_missed_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        neighbour = ServiceClient("The engine", f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.05)
        with pytest.raises(DeadlineExceeded, match="did not respond in time"):
            await neighbour.call("GET", "/")
        await neighbour.close()

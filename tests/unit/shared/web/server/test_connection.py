"""What a connection does with the bytes that arrive."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from shared.web.server.connection import Connection
from shared.web.server.limits import PARSED_BYTES, ConnectionLimits
from shared.web.server.serve import configure

LIMITS = ConnectionLimits(header_seconds=10, connections=10)
HEAD = b"POST / HTTP/1.1\r\nHost: here\r\n"
CHUNK = b"1\r\n \r\n"


class Transport(asyncio.Transport):
    """A transport that keeps what is written, and knows whether it is read from."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.reads = True
        self.closing = self.has_ended = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.has_ended
        self.written += bytes(data)

    def pause_reading(self) -> None:
        self.reads = False

    def resume_reading(self) -> None:
        self.reads = True

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.has_ended = True

    def is_closing(self) -> bool:
        return self.closing

    def close(self) -> None:
        self.closing = True


class App:
    """An app that answers with 204 after it has read the body, once `may_read` is set."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.may_read = asyncio.Event()
        self.has_answered = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.may_read.wait()
        body, is_complete = b"", False
        while not is_complete:
            message = await receive()
            body += message.get("body", b"")
            is_complete = not message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        self.has_answered.set()


def run(check: Callable[[Connection, Transport, App], Awaitable[None]]) -> None:
    async def main() -> None:
        app, transport = App(), Transport()
        config = configure(app, LIMITS)
        config.load()
        connection = Connection(config=config, server_state=ServerState(), app_state={}, limits=LIMITS)
        connection.connection_made(transport)
        await check(connection, transport, app)
        connection.connection_lost(None)

    asyncio.run(main())


def parsed(connection: Connection) -> int:
    """Return how many bytes of the body wait for the app."""
    return len(connection.cycle.body)


def test_a_body_of_tiny_chunks_is_parsed_in_many_turns_of_the_loop_and_is_whole() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        connection.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 40_000 + b"0\r\n\r\n")
        assert 0 < parsed(connection) <= PARSED_BYTES / len(CHUNK)
        assert not transport.reads
        turns = 0
        while not transport.reads:
            await asyncio.sleep(0)
            turns += 1
        assert turns > 10
        assert parsed(connection) == 40_000
        app.may_read.set()
        await app.has_answered.wait()
        assert app.bodies == [b" " * 40_000]

    run(check)


def test_a_large_body_in_one_piece_is_parsed_at_once() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        connection.data_received(HEAD + b"Content-Length: 250000\r\n\r\n" + b"x" * 250_000)
        assert parsed(connection) == 250_000
        app.may_read.set()
        await app.has_answered.wait()
        assert app.bodies == [b"x" * 250_000]
        assert transport.reads

    run(check)


def test_what_arrives_while_chunks_wait_is_parsed_after_them() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        app.may_read.set()
        connection.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 20_000)
        connection.data_received(b"1\r\nx\r\n" + b"0\r\n\r\n" + HEAD + b"Content-Length: 2\r\n\r\nab")
        while len(app.bodies) < 2:
            await asyncio.sleep(0)
        assert app.bodies == [b" " * 20_000 + b"x", b"ab"]

    run(check)


def test_reading_goes_on_only_if_the_app_is_ready_too() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        connection.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"8\r\n12345678\r\n" * 9_000)
        while parsed(connection) < 72_000:
            await asyncio.sleep(0)
        assert not transport.reads
        connection.data_received(b"0\r\n\r\n")
        app.may_read.set()
        await app.has_answered.wait()
        assert transport.reads
        assert app.bodies == [b"12345678" * 9_000]

    run(check)


def test_chunks_that_wait_are_dropped_if_the_connection_is_closed() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        connection.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 20_000)
        before = parsed(connection)
        transport.close()
        for _ in range(10):
            await asyncio.sleep(0)
        assert parsed(connection) == before

    run(check)


def test_nothing_is_read_while_chunks_wait_even_if_the_app_is_ready() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        connection.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 40_000)
        connection.flow.resume_reading()  # as the app does to receive more
        assert not transport.reads

    run(check)


@pytest.mark.parametrize("length", [66_000, 70_000, 100_000])
def test_headers_that_end_beyond_the_limit_are_refused_once(length: int) -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        connection.data_received(HEAD + b"X: " + b"x" * length + b"\r\n\r\n")
        assert transport.written.count(b"HTTP/1.1 431") == 1

    run(check)


def test_tiny_chunks_after_a_body_of_known_length_are_parsed_in_portions_too() -> None:
    async def check(connection: Connection, transport: Transport, app: App) -> None:
        first = HEAD + b"Content-Length: 100000\r\n\r\n" + b"x" * 100_000
        connection.data_received(first + HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 20_000 + b"0\r\n\r\n")
        assert parsed(connection) <= PARSED_BYTES / len(CHUNK)
        app.may_read.set()
        while len(app.bodies) < 2:
            await asyncio.sleep(0)
        assert app.bodies == [b"x" * 100_000, b" " * 20_000]

    run(check)

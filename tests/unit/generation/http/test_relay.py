import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from services.generation.http.relay import RelayResponse, run_until_disconnect
from services.generation.http.reply import Reply
from shared.errors import Unavailable

pytestmark = pytest.mark.anyio


class Client:
    """The client's side of a call: it stays until `has_left` is set, and keeps the messages it receives."""

    def __init__(self) -> None:
        self.has_left = asyncio.Event()
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        await self.has_left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)


class Source:
    """A body that may wait or fail at its end; it counts how often it was closed."""

    def __init__(self, *chunks: bytes, error: Exception | None = None, hangs: bool = False) -> None:
        self.parts, self.error, self.hangs = chunks, error, hangs
        self.waiting = asyncio.Event()
        self.closed = 0

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        for chunk in self.parts:
            yield chunk
        if self.hangs:
            self.waiting.set()
            await asyncio.Event().wait()
        if self.error:
            raise self.error

    async def close(self) -> None:
        self.closed += 1

    def reply(self) -> Reply:
        return Reply(200, [("Content-Type", "text/plain")], self.chunks(), self.close)


def test_the_bytes_of_a_services_headers_are_kept() -> None:
    headers = [("X-Name", sent.decode(errors="surrogateescape")) for sent in ("“ü”".encode(), b"na\xefve")]
    assert RelayResponse(Reply(200, headers, b"")).raw_headers == [(b"x-name", "“ü”".encode()), (b"x-name", b"na\xefve")]


async def test_the_result_of_the_work_is_returned() -> None:
    async def work() -> int:
        return 3

    assert await run_until_disconnect(Client().receive, work()) == 3


async def test_errors_of_the_work_are_raised() -> None:
    async def work() -> None:
        raise Unavailable("gone")

    with pytest.raises(Unavailable):
        await run_until_disconnect(Client().receive, work())


async def test_the_work_is_canceled_and_has_ended_when_the_client_has_left() -> None:
    client, ended = Client(), asyncio.Event()

    async def work() -> None:
        try:
            client.has_left.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(ClientDisconnect):
        await run_until_disconnect(client.receive, work())
    assert ended.is_set()


async def test_a_stream_is_passed_along_and_closed() -> None:
    client, source = Client(), Source(b"a", b"b")
    await RelayResponse(source.reply())({}, client.receive, client.send)
    assert client.sent[0] == {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
    assert [message["body"] for message in client.sent[1:]] == [b"a", b"b", b""]
    assert source.closed == 1


async def test_a_stream_is_closed_when_the_client_leaves_while_it_waits() -> None:
    client, source = Client(), Source(b"a", hangs=True)
    sending = asyncio.create_task(RelayResponse(source.reply())({}, client.receive, client.send))
    await source.waiting.wait()
    client.has_left.set()
    await sending
    assert source.closed == 1
    assert client.sent[-1].get("more_body") is True


async def test_a_stream_that_breaks_off_stays_unfinished() -> None:
    client, source = Client(), Source(b"a", error=Unavailable("gone"))
    await RelayResponse(source.reply())({}, client.receive, client.send)
    assert client.sent[-1] == {"type": "http.response.body", "body": b"a", "more_body": True}
    assert source.closed == 1


async def test_a_body_that_was_read_is_sent_in_one_message() -> None:
    client = Client()
    await RelayResponse(Reply(201, [("Content-Type", "text/plain")], b"ab"))({}, client.receive, client.send)
    assert client.sent == [
        {"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"text/plain")]},
        {"type": "http.response.body", "body": b"ab"},
    ]

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import Message

from services.generation.http.relay import RelayResponse, Reply, run_until_disconnect
from shared.errors import Unavailable

pytestmark = pytest.mark.anyio


class Client:
    """The client's side of a call: it stays until `leave` is called, and keeps what it was sent."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)


class Source:
    """Bytes that come until they are held up, and whether they were let go of."""

    def __init__(self, *pieces: bytes, then: Exception | None = None, holds: bool = False) -> None:
        self.pieces, self.then, self.holds = pieces, then, holds
        self.waiting = asyncio.Event()
        self.closed = 0

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        for piece in self.pieces:
            yield piece
        if self.holds:
            self.waiting.set()
            await asyncio.Event().wait()
        if self.then:
            raise self.then

    async def close(self) -> None:
        self.closed += 1

    def reply(self) -> Reply:
        return Reply(200, [("Content-Type", "text/plain")], self.chunks(), self.close)


async def test_work_that_ends_is_returned() -> None:
    async def work() -> int:
        return 3

    assert await run_until_disconnect(Client().receive, work()) == 3


async def test_errors_of_the_work_come_through() -> None:
    async def work() -> None:
        raise Unavailable("gone")

    with pytest.raises(Unavailable):
        await run_until_disconnect(Client().receive, work())


async def test_work_has_ended_when_the_client_is_gone() -> None:
    client, ended = Client(), asyncio.Event()

    async def work() -> None:
        try:
            client.gone.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    with pytest.raises(ClientDisconnect):
        await run_until_disconnect(client.receive, work())
    assert ended.is_set()


async def test_an_answer_is_passed_along_and_closed() -> None:
    client, source = Client(), Source(b"a", b"b")
    await RelayResponse(source.reply())({}, client.receive, client.send)
    assert client.sent[0] == {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]}
    assert [message["body"] for message in client.sent[1:]] == [b"a", b"b", b""]
    assert source.closed == 1


async def test_an_answer_is_let_go_of_when_the_client_leaves_while_it_waits() -> None:
    client, source = Client(), Source(b"a", holds=True)
    sending = asyncio.create_task(RelayResponse(source.reply())({}, client.receive, client.send))
    await source.waiting.wait()
    client.gone.set()
    await sending
    assert source.closed == 1
    assert client.sent[-1].get("more_body") is True


async def test_an_answer_that_breaks_off_stays_unfinished() -> None:
    client, source = Client(), Source(b"a", then=Unavailable("gone"))
    await RelayResponse(source.reply())({}, client.receive, client.send)
    assert client.sent[-1] == {"type": "http.response.body", "body": b"a", "more_body": True}
    assert source.closed == 1

"""Answers that are passed along while they come, and work that ends when the client goes away.

A server only learns by listening that a client left; so everything that keeps the engine busy runs beside a listener.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.errors import TandemError
from shared.log import get_logger

T = TypeVar("T")
Chunks = AsyncGenerator[bytes, None]
HeaderList = list[tuple[str, str]]

log = get_logger(__name__)


@dataclass(frozen=True)
class Reply:
    """A neighbour's answer whose body is still to come. `close` lets go of it, read or not."""

    status: int
    headers: HeaderList
    chunks: Chunks
    close: Callable[[], Awaitable[None]]

    @property
    def is_stream(self) -> bool:
        """Whether the body is a stream of server-sent events."""
        return any(name.lower() == "content-type" and value.startswith("text/event-stream") for name, value in self.headers)


async def whole(reply: Reply) -> Reply:
    """Return a plain reply with its body read, so that one that breaks off is still an error with a status; a stream as it is."""
    if reply.is_stream:
        return reply
    try:
        body = b"".join([chunk async for chunk in reply.chunks])
    finally:
        await reply.close()
    return replace(reply, chunks=only(body))


async def only(body: bytes) -> Chunks:
    """Yield a body that is there already."""
    if body:
        yield body


def until_closed(reply: Reply, then: Callable[[], None]) -> Reply:
    """Return the reply, with `then` called when it is closed; once, however often that is."""
    is_open = True

    async def close() -> None:
        nonlocal is_open
        if is_open:
            is_open = False
            then()
        await reply.close()

    return replace(reply, close=close)


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns. The request's body must have been read before.

    Raises:
        ClientDisconnect: the client went away first; `work` was cancelled and has ended.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Relay(Response):
    """A response that passes a reply along as it comes; the reply is closed in any case, at once when the client leaves."""

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.background = None
        self.raw_headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
        self._reply = reply

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        try:
            await unless_gone(receive, self._send(send))
        except ClientDisconnect:
            log.debug("the client left before the answer's end")
        except TandemError as error:
            # Too late for an error answer: the body stays unfinished, from which the server breaks off the connection.
            log.warning("an answer broke off", problem=error.message)

    async def _send(self, send: Send) -> None:
        try:
            async with aclosing(self._reply.chunks) as chunks:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await self._reply.close()

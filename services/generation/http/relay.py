"""Passes a reply to the client as it arrives, and stops the work if the client disconnects.

A server notices that a client has disconnected only if it listens. So work that keeps the engine busy runs next to a listener.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.generation.http.reply import Reply
from shared.errors import TandemError
from shared.log import get_logger

T = TypeVar("T")

log = get_logger(__name__)


async def run_until_disconnect(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`. The body of the client's request must have been read before.

    Raises:
        ClientDisconnect: if the client disconnects first; `work` is then canceled and has ended.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_wait_for_disconnect(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _encode(received: str) -> bytes:
    """Return a part of a header as the service sent it."""
    return received.encode(errors="surrogateescape")


class RelayResponse(Response):
    """A response that passes a reply along as it comes, and closes it at the end, or as soon as the client disconnects."""

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.background = None
        self.raw_headers = [(_encode(name.lower()), _encode(value)) for name, value in reply.headers]
        self._reply = reply

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        if isinstance(self._reply.body, bytes):
            await self._start(send)
            await send({"type": "http.response.body", "body": self._reply.body})
            return
        try:
            await run_until_disconnect(receive, self._send_chunks(send))
        except ClientDisconnect:
            log.debug("client disconnected before the end of the response")
        except TandemError as error:
            # Too late for an error status: the body stays incomplete, so the server closes the connection.
            log.warning("response is incomplete", problem=error.message)

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _send_chunks(self, send: Send) -> None:
        try:
            async with aclosing(self._reply.chunks) as chunks:
                await self._start(send)
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await self._reply.close()

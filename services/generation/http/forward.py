"""Forwards a request to another service and streams both bodies, so that one address serves the whole API.

Headers are forwarded, except those of a single connection. Bodies are neither stored nor inspected.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import replace

from starlette.requests import Request
from starlette.types import Message, Receive

from services.generation.http.client import ServiceClient
from services.generation.http.relay import run_until_disconnect
from services.generation.http.reply import HeaderList, Reply

# RFC 9110, 7.6.1: headers that belong to one hop. `Host` does too, and `Expect` is only for a body; the client adds the request id itself.
HOP_BY_HOP = {
    "connection", "expect", "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "x-request-id",
}  # fmt: skip
REQUEST_TIMEOUT = 408
SET_BY_SERVER = {"date", "server"}  # this server adds its own to every response


async def forward(request: Request, service: ServiceClient) -> Reply:
    """Send the client's request to `service`, and return the response as it arrives.

    Raises:
        Unavailable: if the service cannot be reached, or closes the connection.
        DeadlineExceeded: if the service is too slow.
        ClientDisconnect: if the client disconnects.
    """
    target, headers = _target(request), _end_to_end((_decode(name), _decode(value)) for name, value in request.headers.raw)
    if _has_body(request):
        sent = asyncio.Event()
        expected = [("expect", value) for value in request.headers.getlist("expect")]
        call = service.upload(request.method, target, _body(request, sent), [*headers, *expected])
        reply = await run_until_disconnect(_receive_after(sent, request.receive), call)
    else:
        reply = await run_until_disconnect(request.receive, service.open(request.method, target, headers=headers))
    return replace(reply, headers=_headers_for_client(reply))


def _headers_for_client(reply: Reply) -> HeaderList:
    headers = [(name, value) for name, value in _end_to_end(reply.headers) if name not in SET_BY_SERVER]
    # The rest of a body that took too long is not awaited here either.
    return [*headers, ("connection", "close")] if reply.status == REQUEST_TIMEOUT else headers


def _target(request: Request) -> str:
    """Return path and query as the client wrote them."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def _has_body(request: Request) -> bool:
    return "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0"


async def _body(request: Request, sent: asyncio.Event) -> AsyncGenerator[bytes, None]:
    async for chunk in request.stream():
        if chunk:
            yield chunk
    sent.set()


def _receive_after(sent: asyncio.Event, receive: Receive) -> Receive:
    """Return a `receive` that waits until the body is sent, because the messages before that are the body's."""

    async def receive_after() -> Message:
        await sent.wait()
        return await receive()

    return receive_after


def _decode(sent: bytes) -> str:
    """Return a part of a header, so that its bytes arrive as they came. Only UTF-8 does: aiohttp sends Latin-1 as UTF-8."""
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return sent.decode("latin-1")


def _end_to_end(headers: Iterable[tuple[str, str]]) -> HeaderList:
    lowered = [(name.lower(), value) for name, value in headers]
    connection = {part.strip().lower() for name, value in lowered if name == "connection" for part in value.split(",")}
    return [(name, value) for name, value in lowered if name not in HOP_BY_HOP | connection]

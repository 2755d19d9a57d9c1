"""Passes a call through to retrieval, streaming both ways, so that one address serves the whole API.

Headers go along, except those that belong to one connection; nothing of the body is kept or looked at.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable

from starlette.requests import Request
from starlette.types import Message, Receive

from services.generation.http.client import Answer, Neighbour
from services.generation.http.relay import HeaderList, Reply, unless_gone

# RFC 9110, 7.6.1: headers of one hop. `Host` and `Expect` are this hop's too; the request id is set anew from the bound one.
HOP = {
    "connection", "expect", "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "transfer-encoding", "upgrade", "x-request-id",
}  # fmt: skip
SET_HERE = {"date", "server"}  # by this server, on every answer


async def forward(request: Request, retrieval: Neighbour) -> Reply:
    """Make the caller's call at retrieval and return its answer as it comes.

    Raises:
        Unavailable: retrieval is gone.
        DeadlineExceeded: it is too slow.
        ClientDisconnect: the client went away.
    """
    target, headers = _target(request), _without_hop(request.headers.items())
    if _has_body(request):
        sent = asyncio.Event()
        call = retrieval.send_stream(request.method, target, _body(request, sent), headers)
        response = await unless_gone(_later(sent, request.receive), call)
    else:
        response = await unless_gone(request.receive, retrieval.send(request.method, target, headers=headers))
    return Reply(response.status_code, _answer_headers(response), retrieval.chunks(response), response.aclose)


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


def _later(sent: asyncio.Event, receive: Receive) -> Receive:
    """Return a `receive` that waits until the body is sent, since until then its messages are the body's."""

    async def receive_later() -> Message:
        await sent.wait()
        return await receive()

    return receive_later


def _without_hop(headers: Iterable[tuple[str, str]]) -> HeaderList:
    given = [(name.lower(), value) for name, value in headers]
    named = {part.strip().lower() for name, value in given if name == "connection" for part in value.split(",")}
    return [(name, value) for name, value in given if name not in HOP | named]


def _answer_headers(response: Answer) -> HeaderList:
    return [(name, value) for name, value in _without_hop(response.header_list) if name not in SET_HERE]

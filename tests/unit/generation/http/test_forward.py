import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message

from services.generation.http.client import ServiceClient
from services.generation.http.forward import forward
from services.generation.http.reply import read_body
from tests.serving import serving

pytestmark = pytest.mark.anyio


async def describe(request: Request) -> Response:
    headers = dict(request.headers)
    body = (await request.body()).decode()
    path = request.scope["raw_path"].decode() + "?" + request.scope["query_string"].decode()
    return JSONResponse({"path": path, "headers": headers, "body": body}, headers={"X-Own": "yes", "Keep-Alive": "timeout=5"})


@pytest.fixture
async def service() -> AsyncIterator[ServiceClient]:
    with serving(Starlette(routes=[Route("/{rest:path}", describe, methods=["GET", "POST"])])) as url:
        client = ServiceClient("The service", url, timeout_seconds=5)
        yield client
        await client.close()


def make_request(method: str, headers: dict[str, str], body: bytes = b"") -> Request:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent or not body:
            await asyncio.Event().wait()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": "/a b",
        "raw_path": b"/a%20b",
        "query_string": b"x=%2F",
        "headers": raw,
    }
    return Request(scope, receive)


async def test_path_query_and_headers_go_along_except_those_of_one_connection(service: ServiceClient) -> None:
    headers = {"authorization": "Bearer k", "connection": "x-hop", "x-hop": "1", "te": "trailers", "x-own": "2"}
    reply = await forward(make_request("GET", headers), service)
    seen = json.loads(await read_body(reply))
    assert seen["path"] == "/a%20b?x=%2F"
    assert (seen["headers"]["authorization"], seen["headers"]["x-own"]) == ("Bearer k", "2")
    assert not {"x-hop", "te"} & set(seen["headers"])
    names = {name for name, _ in reply.headers}
    assert "x-own" in names
    assert not {"date", "server", "keep-alive"} & names


async def test_a_body_is_streamed_along(service: ServiceClient) -> None:
    reply = await forward(make_request("POST", {"content-length": "3"}, b"abc"), service)
    assert json.loads(await read_body(reply))["body"] == "abc"

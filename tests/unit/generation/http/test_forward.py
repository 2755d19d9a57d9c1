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
from services.generation.http.relay import RelayResponse
from services.generation.http.reply import read_body
from tests.serving import serving

pytestmark = pytest.mark.anyio


async def describe(request: Request) -> Response:
    headers = dict(request.headers)
    body = (await request.body()).decode()
    path = request.scope["raw_path"].decode() + "?" + request.scope["query_string"].decode()
    response = JSONResponse({"path": path, "headers": headers, "body": body}, headers={"X-Own": "yes", "Keep-Alive": "timeout=5"})
    response.raw_headers.append((b"x-sent", request.headers.get("x-sent", "").encode("latin-1")))
    return response


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


@pytest.mark.parametrize(("method", "length"), [("GET", "0"), ("POST", "2")])
async def test_the_bytes_of_headers_arrive_as_they_came(service: ServiceClient, method: str, length: str) -> None:
    value = "bytes=½-日 “ü”"
    reply = await forward(make_request(method, {"x-sent": value, "content-length": length}, b"{}"), service)
    assert json.loads(await read_body(reply))["headers"]["x-sent"].encode("latin-1").decode() == value
    assert dict(RelayResponse(reply).raw_headers)[b"x-sent"].decode() == value


async def test_a_header_that_is_not_utf8_is_sent_as_utf8(service: ServiceClient) -> None:
    request = make_request("GET", {})
    request.scope["headers"].append((b"x-sent", b"na\xefve"))
    reply = await forward(request, service)
    assert json.loads(await read_body(reply))["headers"]["x-sent"].encode("latin-1").decode() == "naïve"


async def test_a_body_is_streamed_along(service: ServiceClient) -> None:
    reply = await forward(make_request("POST", {"content-length": "3"}, b"abc"), service)
    assert json.loads(await read_body(reply))["body"] == "abc"

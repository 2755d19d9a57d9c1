"""Requests one after the other on one connection, in pieces of any size: each gets its own response, whatever came before it."""

import random
import threading
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.web.server.limits import ConnectionLimits
from tests.raw_http import RawConnection, connected
from tests.serving import serving

UPGRADES = (b"", b"", b"", b"Connection: Upgrade\r\nUpgrade: h2c\r\n")
PIECES = (1, 7, 100, 5_000, 70_000)


async def echo(request: Request) -> Response:
    return Response(await request.body())


async def refuse(_: Request) -> Response:
    return Response(b"early", 413)  # before the body was read


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    routes = [Route("/echo", echo, methods=["POST"]), Route("/refuse", refuse, methods=["POST"])]
    with serving(Starlette(routes=routes), limits=ConnectionLimits(60, 1000)) as url:
        yield url


def make_request(draw: random.Random) -> tuple[bytes, tuple[int, bytes]]:
    """Return a request, and the status and body of its response."""
    body = draw.randbytes(draw.randint(0, draw.choice([10, 1_000, 100_000])))
    path, response = draw.choice([(b"/echo", (200, body)), (b"/echo", (200, body)), (b"/refuse", (413, b"early"))])
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\n" + draw.choice(UPGRADES)
    if draw.random() < 0.5:
        return head + b"Content-Length: %d\r\n\r\n" % len(body) + body, response
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + in_chunks(body, draw), response


def in_chunks(body: bytes, draw: random.Random) -> bytes:
    encoded = b""
    while body:
        size = draw.randint(1, len(body))
        encoded += b"%x\r\n" % size + body[:size] + b"\r\n"
        body = body[size:]
    return encoded + b"0\r\n" + draw.choice([b"", b"X-Trailer: 1\r\n"]) + b"\r\n"


def send_in_pieces(connection: RawConnection, data: bytes, draw: random.Random) -> None:
    while data:
        size = draw.choice(PIECES)
        connection.send(data[:size])
        data = data[size:]


@pytest.mark.parametrize("seed", range(60))
def test_every_request_of_a_connection_gets_its_own_response(url: str, seed: int) -> None:
    draw = random.Random(seed)
    requests = [make_request(draw) for _ in range(draw.randint(1, 6))]
    with connected(url) as connection:
        data = b"".join(request for request, _ in requests)
        sender = threading.Thread(target=send_in_pieces, args=(connection, data, draw))
        sender.start()
        responses = [connection.receive() for _ in requests]
        sender.join()
    assert [(response.status, response.body) for response in responses] == [expected for _, expected in requests]

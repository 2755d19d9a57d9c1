"""Concurrent clients that send requests without a pause, over HTTP/1.1 with persistent connections.

Written on bare sockets, so that measuring takes as little processor time as possible from what is measured.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, cast
from urllib.parse import urlsplit

import uvloop

CHAT = "/v1/chat/completions"
HEAD_END = b"\r\n\r\n"
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass
class Load:
    """What clients measured: seconds in total, and for each request the seconds to the first byte of the response's body and to its end."""

    seconds: float = 0.0
    first_byte: list[float] = field(default_factory=list)
    complete: list[float] = field(default_factory=list)
    failed: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Responses per second."""
        return len(self.complete) / self.seconds

    @property
    def first_ms(self) -> float:
        """The median time to the first byte, in milliseconds."""
        return sorted(self.first_byte)[len(self.first_byte) // 2] * 1000

    def __iadd__(self, other: "Load") -> "Load":
        self.seconds += other.seconds
        self.first_byte += other.first_byte
        self.complete += other.complete
        self.failed += other.failed
        return self


def chat_request(model: str, text: str, **fields: Any) -> bytes:
    """Return a chat request as it is sent."""
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": text}], **fields}).encode()
    head = f"POST {CHAT} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + HEAD_END + body


def send(url: str, requests: Sequence[bytes], clients: int) -> Load:
    """Send every request, `clients` at a time; return what they measured.

    Raises:
        RuntimeError: if a response is not a 200.
    """
    load = uvloop.run(_send(url, requests, clients))
    if load.failed:
        raise RuntimeError(f"{len(load.failed)} of {len(requests)} requests failed, the first with {load.failed[0][:500]!r}")
    return load


def repeat_request(request: bytes, count: int) -> list[bytes]:
    """Return the same request `count` times."""
    return list(repeat(request, count))


async def _send(url: str, requests: Sequence[bytes], clients: int) -> Load:
    loop, address, load, remaining = asyncio.get_running_loop(), urlsplit(url), Load(), iter(requests)
    host, port = str(address.hostname), int(address.port or 80)
    connections = [await loop.create_connection(lambda: Client(load, remaining), host, port) for _ in range(clients)]
    started = time.perf_counter()
    for _, client in connections:
        client.send_next()
    await asyncio.gather(*(client.ended for _, client in connections))
    load.seconds = time.perf_counter() - started
    return load


class Client(asyncio.Protocol):
    """One client on one connection: sends a request, waits for the complete response, and repeats until no request is left."""

    def __init__(self, load: Load, requests: Iterator[bytes]) -> None:
        self._load = load
        self._requests = requests
        self._head = b""
        self._received = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def send_next(self) -> None:
        """Send the next request, or close the connection."""
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._received, self._head = b"", b""
        self._started = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._head:
            self._head, end, self._received = self._received.partition(HEAD_END)
            if not end:
                self._head, self._received = b"", self._head
                return
            self._length = _content_length(self._head)
            self._first_byte = 0.0
        if self._received and not self._first_byte:
            self._first_byte = time.perf_counter() - self._started
        if self._is_complete():
            self._record()
            self.send_next()

    def connection_lost(self, _: Exception | None) -> None:
        if self._head and not self._is_complete():
            self._load.failed.append(self._head + b" was cut off")
        self.ended.set_result(None)

    def _is_complete(self) -> bool:
        return self._received.endswith(LAST_CHUNK) if self._length is None else len(self._received) >= self._length

    def _record(self) -> None:
        if not self._head.startswith(b"HTTP/1.1 200"):
            self._load.failed.append(self._head + HEAD_END + self._received)
        self._load.first_byte.append(self._first_byte)
        self._load.complete.append(time.perf_counter() - self._started)


def _content_length(head: bytes) -> int | None:
    """Return the length in the head of a response; None if it is sent in chunks."""
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else None

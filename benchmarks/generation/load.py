"""Callers who ask without a pause, as many as wanted at the same time, over HTTP/1.1 with kept connections.

Written on bare sockets so that measuring takes as little of the processor as it can from what is measured.
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
    """What callers saw: seconds over all, and for each call the seconds to the first byte of the answer's body and to its end."""

    seconds: float = 0.0
    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    refused: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.whole) / self.seconds

    @property
    def first_ms(self) -> float:
        """The median of the times to the first byte, in milliseconds."""
        return sorted(self.first)[len(self.first) // 2] * 1000

    def __iadd__(self, other: "Load") -> "Load":
        self.seconds += other.seconds
        self.first += other.first
        self.whole += other.whole
        self.refused += other.refused
        return self


def chat(model: str, text: str, **fields: Any) -> bytes:
    """Return a chat call as it goes over the wire."""
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": text}], **fields}).encode()
    head = f"POST {CHAT} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + HEAD_END + body


def ask(url: str, calls: Sequence[bytes], callers: int) -> Load:
    """Make every call, `callers` at a time; return what they saw.

    Raises:
        RuntimeError: an answer was not a 200.
    """
    load = uvloop.run(_ask(url, calls, callers))
    if load.refused:
        raise RuntimeError(f"{len(load.refused)} of {len(calls)} calls failed, the first with {load.refused[0][:500]!r}")
    return load


def repeated(call: bytes, count: int) -> list[bytes]:
    """Return the same call so many times."""
    return list(repeat(call, count))


async def _ask(url: str, calls: Sequence[bytes], callers: int) -> Load:
    loop, address, load, left = asyncio.get_running_loop(), urlsplit(url), Load(), iter(calls)
    host, port = str(address.hostname), int(address.port or 80)
    made = [await loop.create_connection(lambda: Caller(load, left), host, port) for _ in range(callers)]
    began = time.perf_counter()
    for _, caller in made:
        caller.ask()
    await asyncio.gather(*(caller.ended for _, caller in made))
    load.seconds = time.perf_counter() - began
    return load


class Caller(asyncio.Protocol):
    """One caller on one connection: asks, waits for the whole answer, asks again until no call is left."""

    def __init__(self, load: Load, calls: Iterator[bytes]) -> None:
        self._load = load
        self._calls = calls
        self._head = b""
        self._received = b""
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        """Make the next call, or end."""
        call = next(self._calls, None)
        if call is None:
            self._transport.close()
            return
        self._received, self._head = b"", b""
        self._began = time.perf_counter()
        self._transport.write(call)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._head:
            self._head, end, self._received = self._received.partition(HEAD_END)
            if not end:
                self._head, self._received = b"", self._head
                return
            self._length = _length(self._head)
            self._first = 0.0
        if self._received and not self._first:
            self._first = time.perf_counter() - self._began
        if self._is_whole():
            self._note()
            self.ask()

    def connection_lost(self, _: Exception | None) -> None:
        if self._head and not self._is_whole():
            self._load.refused.append(self._head + b" broke off")
        self.ended.set_result(None)

    def _is_whole(self) -> bool:
        return self._received.endswith(LAST_CHUNK) if self._length is None else len(self._received) >= self._length

    def _note(self) -> None:
        if not self._head.startswith(b"HTTP/1.1 200"):
            self._load.refused.append(self._head + HEAD_END + self._received)
        self._load.first.append(self._first)
        self._load.whole.append(time.perf_counter() - self._began)


def _length(head: bytes) -> int | None:
    """Return the length that the head of an answer announces; None where it comes in chunks."""
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else None

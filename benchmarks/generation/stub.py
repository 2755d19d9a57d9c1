"""An engine faster than any real one, as a process: it responds to chat requests immediately with prepared bytes, plain or streamed.

python -m benchmarks.generation.stub PORT

A streamed response is TOKENS events, written one by one and PAUSE_SECONDS apart, so that a proxy has to handle each separately, as with a
real engine. A request with `"paced": true` gets a response at the pace of a real engine (PACES, chosen for each response).
It knows just enough of HTTP/1.1: bodies with a length, persistent connections.
"""

import asyncio
import json
import random
import sys
from typing import Any, cast

import uvloop

TOKENS = 16
PAUSE_SECONDS = 0.001
PACES = (0.02, 0.04)
MODEL = "stub"
HEAD_END = b"\r\n\r\n"


def _response(status: str, content_type: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}".encode() + HEAD_END + body


def _event(choice: dict[str, Any]) -> bytes:
    identity = {"id": "chatcmpl-0123456789abcdef", "object": "chat.completion.chunk", "created": 1_700_000_000, "model": MODEL}
    event = b"data: " + json.dumps({**identity, "choices": [{"index": 0, "logprobs": None, **choice}]}).encode() + b"\n\n"
    return f"{len(event):x}\r\n".encode() + event + b"\r\n"


_WORDS = ["word "] * TOKENS
_USAGE = {"prompt_tokens": 12, "completion_tokens": TOKENS, "total_tokens": 12 + TOKENS}
_CHOICE = {"index": 0, "message": {"role": "assistant", "content": "".join(_WORDS)}, "logprobs": None, "finish_reason": "stop"}
_COMPLETION = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [_CHOICE], "usage": _USAGE}
PLAIN = _response("200 OK", "application/json", json.dumps(_COMPLETION).encode())
HEALTHY = _response("200 OK", "text/plain", b"")
STREAM_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked" + HEAD_END
DONE = b"data: [DONE]\n\n"
EVENTS = [
    STREAM_HEAD + _event({"delta": {"role": "assistant", "content": ""}, "finish_reason": None}),
    *(_event({"delta": {"content": word}, "finish_reason": None}) for word in _WORDS),
    f"{len(DONE):x}\r\n".encode() + DONE + b"\r\n0\r\n\r\n",
]


class Stub(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(HEAD_END)
        if end and len(body) >= _content_length(head):
            self._received = b""
            self._respond(head, body)

    def _respond(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            self._transport.write(HEALTHY)
        elif b'"stream": true' in body:
            self._write_event(0, random.uniform(*PACES) if b'"paced": true' in body else PAUSE_SECONDS)
        else:
            self._transport.write(PLAIN)

    def _write_event(self, number: int, pause: float) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(EVENTS[number])
        if number + 1 < len(EVENTS):
            self._loop.call_later(pause, self._write_event, number + 1, pause)


def _content_length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))

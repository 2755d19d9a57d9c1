"""An engine that responds with exactly the bytes of a test, complete or broken off, and records every call."""

import json
import socketserver
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

HEADERS_END = b"\r\n\r\n"
JSON = "application/json"
EVENTS = "text/event-stream; charset=utf-8"


@dataclass
class ScriptedEngine:
    """The script: `parts` are written one after the other, then the connection is closed.

    `calls` has the path and body of every call; `running` is the number of calls that are being answered.
    """

    parts: Iterable[bytes] = ()
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    running: int = 0
    url: str = ""

    def respond(self, body: bytes, status: int = 200, content_type: str = JSON, missing_bytes: int = 0) -> None:
        """Respond to the next calls with `body`; the announced length is `missing_bytes` more than what is sent."""
        self.parts = [_headers(status, content_type, f"Content-Length: {len(body) + missing_bytes}"), body]

    def stream(self, *parts: bytes, ends: bool = True) -> None:
        """Respond to the next calls with a stream of these parts, each written separately; it ends incomplete unless it `ends`."""
        chunks = [f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts]
        self.parts = [_headers(200, EVENTS, "Transfer-Encoding: chunked"), *chunks, *([b"0\r\n\r\n"] if ends else [])]

    def stream_endlessly(self, part: bytes) -> None:
        """Respond to the next calls with a stream that has no end."""
        chunk = f"{len(part):x}\r\n".encode() + part + b"\r\n"
        self.parts = chain([_headers(200, EVENTS, "Transfer-Encoding: chunked")], repeat(chunk))

    def handle(self, call: socketserver.StreamRequestHandler) -> None:
        """Respond to one call."""
        headers = b"".join(iter(call.rfile.readline, b"\r\n")).decode("latin-1")
        _, path, _ = headers.split(" ", 2)
        length = next((int(line[15:]) for line in headers.splitlines() if line.lower().startswith("content-length:")), 0)
        body = call.rfile.read(length)
        if not path.startswith("/v1/") or path == "/v1/models":
            models = json.dumps({"object": "list", "data": [{"id": "tiny"}]}).encode()
            call.wfile.write(_headers(200, JSON, f"Content-Length: {len(models)}") + models)
            return
        self.calls.append((path, body))
        self.running += 1
        try:
            for part in self.parts:
                call.wfile.write(part)
        finally:
            self.running -= 1


def _headers(status: int, content_type: str, length: str) -> bytes:
    return f"HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\n{length}\r\nConnection: close".encode() + HEADERS_END


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 600

    def handle_error(self, *_: Any) -> None:
        """Log nothing: in some tests the callers disconnect on purpose."""


@contextmanager
def scripted_engine(port: int = 0) -> Iterator[ScriptedEngine]:
    """Serve a scripted engine on the loopback interface."""
    engine = ScriptedEngine()

    class Call(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            engine.handle(self)

    with _Server(("127.0.0.1", port), Call) as server:
        engine.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield engine
        server.shutdown()
        thread.join()

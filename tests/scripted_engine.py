"""An engine that answers with the very bytes a test gave it, whole or broken off, and keeps every call as it came."""

import json
import socketserver
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any

HEAD_END = b"\r\n\r\n"
JSON = "application/json"
EVENTS = "text/event-stream; charset=utf-8"


@dataclass
class ScriptedEngine:
    """The script: `pieces` are written one after the other, then the connection is closed.

    `calls` are path and body of what came, `running` is how many calls are being answered.
    """

    pieces: Iterable[bytes] = ()
    calls: list[tuple[str, bytes]] = field(default_factory=list)
    running: int = 0
    url: str = ""

    def answer(self, body: bytes, status: int = 200, kind: str = JSON, missing: int = 0) -> None:
        """Answer from now on with `body`, whose announced length is `missing` bytes more than will come."""
        self.pieces = [_head(status, kind, f"Content-Length: {len(body) + missing}"), body]

    def stream(self, *parts: bytes, ends: bool = True) -> None:
        """Answer from now on with a stream of these parts, each written by itself; it breaks off where it does not end."""
        chunks = [f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts]
        self.pieces = [_head(200, EVENTS, "Transfer-Encoding: chunked"), *chunks, *([b"0\r\n\r\n"] if ends else [])]

    def stream_for_ever(self, part: bytes) -> None:
        """Answer from now on with a stream that has no end."""
        chunk = f"{len(part):x}\r\n".encode() + part + b"\r\n"
        self.pieces = chain([_head(200, EVENTS, "Transfer-Encoding: chunked")], repeat(chunk))

    def take(self, file: socketserver.StreamRequestHandler) -> None:
        """Answer one call."""
        head = b"".join(iter(file.rfile.readline, b"\r\n")).decode("latin-1")
        _, path, _ = head.split(" ", 2)
        length = next((int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:")), 0)
        body = file.rfile.read(length)
        if not path.startswith("/v1/") or path == "/v1/models":
            models = json.dumps({"object": "list", "data": [{"id": "tiny"}]}).encode()
            file.wfile.write(_head(200, JSON, f"Content-Length: {len(models)}") + models)
            return
        self.calls.append((path, body))
        self.running += 1
        try:
            for piece in self.pieces:
                file.wfile.write(piece)
        finally:
            self.running -= 1


def _head(status: int, kind: str, length: str) -> bytes:
    return f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\n{length}\r\nConnection: close".encode() + HEAD_END


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 600

    def handle_error(self, *_: Any) -> None:
        """Say nothing: that callers leave is what some tests are about."""


@contextmanager
def scripted_engine(port: int = 0) -> Iterator[ScriptedEngine]:
    """Serve a scripted engine on loopback."""
    engine = ScriptedEngine()

    class Call(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            engine.take(self)

    with _Server(("127.0.0.1", port), Call) as server:
        engine.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield engine
        server.shutdown()
        thread.join()

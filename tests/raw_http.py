"""HTTP as bytes over a socket, for requests that no client library would send."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.serving import DEADLINE


@dataclass(frozen=True)
class Response:
    """A response; `headers` by their names in lowercase."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """The error in the envelope."""
        error: dict[str, Any] = json.loads(self.body)["error"]
        assert self.headers["content-type"] == "application/json"
        assert set(error) == {"message", "type", "param", "code"}
        return error


class RawConnection:
    """A connection to a server."""

    def __init__(self, url: str) -> None:
        address = urlsplit(url)
        assert address.hostname is not None
        self.socket = socket.create_connection((address.hostname, address.port or 80), timeout=DEADLINE)
        self._file = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(data)

    def receive(self, method: str = "GET") -> Response:
        """Return the next response; `method` is that of its request, because the response to a HEAD has no body."""
        version, status, _ = self._file.readline().split(b" ", 2)
        assert version == b"HTTP/1.1"
        lines = iter(self._file.readline, b"\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.decode().partition(":") for line in lines)}
        return Response(int(status), headers, b"" if method == "HEAD" else self._read_body(headers))

    def _read_body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return self._file.read(int(headers["content-length"]))
        sizes = iter(lambda: int(self._file.readline(), 16), 0)
        body = b"".join(self._file.read(size + 2)[:-2] for size in sizes)
        assert self._file.readline() == b"\r\n"
        return body

    def is_closed(self) -> bool:
        """Wait until the server closes the connection or sends something; return whether it closed it."""
        try:
            return self._file.read(1) == b""
        except ConnectionError:
            return True

    def close(self) -> None:
        """Close the connection."""
        self._file.close()
        self.socket.close()


@contextmanager
def connected(url: str) -> Iterator[RawConnection]:
    """Open a connection to the server at `url`, and close it at the end."""
    connection = RawConnection(url)
    try:
        yield connection
    finally:
        connection.close()


def ask(url: str, request: bytes, method: str = "GET") -> Response:
    """Send a request on a new connection, and return the response."""
    with connected(url) as connection:
        connection.send(request)
        return connection.receive(method)

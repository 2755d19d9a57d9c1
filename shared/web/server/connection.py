"""One connection of the server, within limits.

uvicorn's own protocol keeps headers of any length, waits for them without end, and writes its errors as plain text. This one answers 431,
408, 503 and 400 in OpenAI's envelope. How long a body may take is for `middleware.protect`: only the app knows when it waits for one.
"""

import asyncio
from asyncio import TimerHandle
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.errors import TandemError
from shared.web.server import refusal
from shared.web.server.limits import LINGER_SECONDS, MAX_HEADER_BYTES, MAX_PIPELINED, PARSED_BYTES, PARSED_PIECES, ConnectionLimits
from shared.web.server.reading import HeldReading

UPGRADE = (b"connection", b"upgrade", b"http2-settings")


class Connection(HttpToolsProtocol):
    """A connection: waits for headers (`_in_headers`), then for a body, then for the next headers.

    Once it is refused or closing, it only throws away what still arrives, until the client closes it or `LINGER_SECONDS` have passed.
    """

    flow: HeldReading

    def __init__(self, *arguments: Any, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limits = limits
        self._in_headers = True
        self._cycles: list[Any] = []  # the request that is being answered, and those that wait for that
        self._unparsed = b""  # what was read, but waits for its turn of the event loop
        self._pieces = 0  # of bodies, in this turn
        self._announced = 0  # bytes of a body of known length that are still to come
        self._unread = 0  # bytes that the parser holds because neither the headers nor a piece of a body is complete
        self._progress = False
        self._refusal: TandemError | None = None
        self._plain_head: bytes | None = None
        self._is_draining = False
        self._waiting_since: float | None = None
        self._deadline: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = HeldReading(transport)
        self._wait_for_headers()
        if len(self.connections) > self._limits.connections and not self._close_longest_waiting():
            transport.write(refusal.to_bytes(refusal.too_many_connections()))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        self._abandon()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unparsed += data
        if len(self._unparsed) == len(data):
            self._parse()

    def _parse(self) -> None:
        """Parse what was read, up to `PARSED_PIECES` pieces of a body; the rest in the next turn of the event loop."""
        data, start, self._pieces = self._unparsed, 0, 0
        while start < len(data) and self._pieces <= PARSED_PIECES:
            end = start + max(PARSED_BYTES, self._announced)
            self._take(data[start:end])
            start = end
        self._unparsed = data[start:]
        if self._unparsed:
            self.flow.hold()
            self.loop.call_soon(self._parse)
        else:
            self.flow.release()

    def _take(self, data: bytes) -> None:
        if self._is_draining or self.transport.is_closing():
            return
        self._progress = False
        self._unset_keepalive_if_required()
        self._feed(data)
        self._unread = 0 if self._progress else self._unread + len(data)
        if self._unread > MAX_HEADER_BYTES and not self._is_draining:
            self._refuse(refusal.large_headers())
        elif self._unread and self._in_headers and self._deadline is None and self._is_idle():
            self._wait_for_headers()

    def _feed(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse(self._refusal or refusal.not_http())
        except httptools.HttpParserUpgrade as upgrade:
            head, self._plain_head = self._plain_head or b"", None
            self.parser = httptools.HttpRequestParser(self)
            self._feed(head + data[upgrade.args[0] :])

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_headers:  # a header after the body (RFC 9110, 6.5) changes nothing
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > MAX_HEADER_BYTES:
            self._refusal = refusal.large_headers()
        if self._refusal is not None or self.parser.get_method() == b"CONNECT" or self._has_too_many():
            raise ValueError  # stops the parser
        if self.parser.should_upgrade():
            self._plain_head = self._without_upgrade()
            return
        self._cancel_deadline()
        self._in_headers, self._progress, self._waiting_since = False, True, None
        self._announced = self._read_length()
        super().on_headers_complete()
        self.cycle.transport = ClosingTransport(self.transport, self._close_after_response)  # type: ignore[assignment]
        self._cycles = [*(cycle for cycle in self._cycles if not cycle.response_complete), self.cycle]

    def on_body(self, body: bytes) -> None:
        self._progress = True
        self._pieces += 1
        self._announced = max(0, self._announced - len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self._plain_head is not None:
            return
        super().on_message_complete()
        self._in_headers, self._progress, self._announced = True, True, 0
        if self._is_idle():
            self._cancel_deadline()
            self._wait_for_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_idle() or self.transport.is_closing():
            return
        if self._in_headers and not self._is_draining:
            self._waiting_since = self.loop.time()
            return
        self._unset_keepalive_if_required()
        self._set_deadline(LINGER_SECONDS, self.transport.close)

    def _without_upgrade(self) -> bytes:
        """Return the request line and the headers without the offer to upgrade, which a server may ignore (RFC 9110, 7.8).

        The parser would read what follows such an offer as that protocol. Without TLS, Java's client offers HTTP/2 with every request.
        """
        headers = [(name, value) for name, value in self.headers if name not in UPGRADE]
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/1.1", *(name + b": " + value for name, value in headers)]
        return b"".join(line + b"\r\n" for line in [*lines, b""])

    def _read_length(self) -> int:
        """Return the length of the body, 0 if it comes in chunks."""
        headers = dict(self.headers)
        return 0 if b"transfer-encoding" in headers else int(headers.get(b"content-length", b"0"))

    def _has_too_many(self) -> bool:
        return len(self.pipeline) >= MAX_PIPELINED

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait_for_headers(self) -> None:
        self._waiting_since = self._waiting_since or self.loop.time()
        self._set_deadline(self._limits.header_seconds, self._give_up_waiting)

    def _wait_for_request(self) -> None:
        self._waiting_since = self.loop.time()
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _give_up_waiting(self) -> None:
        if self._unread and not self.transport.is_closing():
            self._refuse(refusal.slow_headers(self._limits))
        else:
            self.transport.close()

    def _close_longest_waiting(self) -> bool:
        """Close the connection that has waited longest for a request, to make room for this one; return whether there was one."""
        others = (other for other in self.connections if isinstance(other, Connection) and other is not self)
        waiting = [other for other in others if other._waiting_since is not None and not other.transport.is_closing()]
        if waiting:
            min(waiting, key=lambda other: other._waiting_since or 0).transport.abort()
        return bool(waiting)

    def _refuse(self, error: TandemError) -> None:
        """Answer with an error instead of the app, unless it has begun to answer."""
        if not self._is_idle():
            self._abandon()
            if self.cycle.response_started or self.pipeline:
                self.pipeline.clear()
                self.transport.close()
                return
        self.transport.write(refusal.to_bytes(error))
        self._drain()

    def _abandon(self) -> None:
        """Tell the app that nobody waits for its responses, not only for the last, as uvicorn does."""
        for cycle in self._cycles:
            if not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def _close_after_response(self) -> None:
        if self._in_headers or self.transport.is_closing():
            self.transport.close()
        else:
            self._drain()

    def _drain(self) -> None:
        self._is_draining, self._waiting_since = True, self.loop.time()
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._set_deadline(LINGER_SECONDS, self.transport.close)

    def _set_deadline(self, seconds: float, call: Any) -> None:
        self._cancel_deadline()
        self._deadline = self.loop.call_later(seconds, call)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class ClosingTransport:
    """The transport as a response sees it. Its `close` first lets the client finish sending."""

    def __init__(self, transport: asyncio.Transport, close: Any) -> None:
        self.write = transport.write
        self.is_closing = transport.is_closing
        self.close = close

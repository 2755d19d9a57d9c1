"""A client of one service, with pooled connections. A stale connection never causes an error. The only module that uses aiohttp.

HTTP servers close idle connections, vLLM's after 5 s. The pool closes them earlier. If the server closes one first, the request is sent
again on a new connection. The client knows no paths of any service.

If a request body is streamed, the response may begin before all of it is sent: a service refuses a file that is too large at once.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from yarl import URL

from services.generation.http.reply import Chunks, HeaderList, Reply
from services.generation.http.sse import CONTENT_TYPE
from shared import log
from shared.errors import TandemError, Unavailable
from shared.http.connect import REQUEST_ID_HEADER
from shared.http.errors import LibraryErrors, translate_errors
from shared.http.keepalive import keep_alive

IDLE_SECONDS = 4.0  # below the 5 s after which vLLM and uvicorn close an idle connection
FRESH_SECONDS = 0.01  # a connection that was used this recently is not stale
CONNECT_SECONDS = 5.0
PING_SECONDS = 3.0
READ_BUFFER_BYTES = 2**18
STALE = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
AIOHTTP = LibraryErrors(
    unconnected=(aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError),
    late=(TimeoutError,),
    broken=(aiohttp.ClientError, OSError),
    bad_url=(aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError),
    malformed=(aiohttp.ClientResponseError,),
)
NO_DEFAULTS = ("Accept", "Content-Type")
DEFAULT_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "tandem"}


@dataclass(frozen=True)
class ServiceResponse:
    """A response whose body was read."""

    status_code: int
    content: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    def json(self) -> Any:
        """Return the parsed body. Raises ValueError if it is not JSON."""
        return json.loads(self.content)


class ServiceClient:
    """A client of one service. It must be created while an event loop runs.

    `name` is what error messages call the service. `timeout_seconds` limits each wait for bytes of a response.
    Every method raises Unreachable if the service accepts no connection, DeadlineExceeded if it is too slow, and Unavailable if the
    connection breaks; reading a reply's chunks can raise the last two.
    """

    def __init__(self, name: str, url: str, timeout_seconds: float) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._pooled = _open_session(timeout_seconds, _connect(keepalive_timeout=IDLE_SECONDS))
        self._unpooled = _open_session(timeout_seconds, _connect(force_close=True))
        # Without `Connection: close`, with which a server that answers an upload early would reset the connection.
        self._uploads = _open_session(timeout_seconds, _connect(keepalive_timeout=FRESH_SECONDS))

    async def send(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> Reply:
        """Send a request. The reply's body is read, unless it is a stream of events."""
        with translate_errors(self.name, AIOHTTP):
            response = await self._request(method, path, content, headers)
            if response.content_type == CONTENT_TYPE:
                return self._stream(response)
            return Reply(response.status, list(response.headers.items()), await _read(response))

    async def open(self, method: str, path: str, *, headers: HeaderList | None = None) -> Reply:
        """Send a request without a body. The reply's body is still to come; the caller closes the reply."""
        with translate_errors(self.name, AIOHTTP):
            return self._stream(await self._request(method, path, None, headers))

    async def upload(self, method: str, path: str, content: AsyncIterable[bytes], headers: HeaderList) -> Reply:
        """Send a request whose body is streamed, on a separate connection; such a body cannot be sent twice. Otherwise like `open`.

        With the header `Expect`, the body is sent once the service wants it; aiohttp itself would wait for that without end.
        If `content` raises an error before the response begins, this raises the same error.
        """
        waiting = asyncio.timeout(self._timeout_seconds)
        body = StreamedBody(content, partial(_stop, waiting))
        try:
            with translate_errors(self.name, AIOHTTP):
                async with waiting:
                    response = await self._request_once(self._uploads, method, path, aiter(body), headers)
                return self._stream(response)
        except TandemError:
            if body.error is not None:
                raise body.error from None
            raise

    async def call(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> ServiceResponse:
        """Send a request, and return the response with its body."""
        with translate_errors(self.name, AIOHTTP):
            response = await self._request(method, path, content, headers)
            return ServiceResponse(response.status, await _read(response))

    async def ping(self, path: str) -> None:
        """Raise Unavailable unless GET `path` succeeds within 3 s."""
        timeout = aiohttp.ClientTimeout(total=PING_SECONDS)
        with translate_errors(self.name, AIOHTTP):
            sent = await self._request_once(self._unpooled, "GET", path, None, None, timeout=timeout)
            response = ServiceResponse(sent.status, await _read(sent))
        if not response.is_success:
            raise Unavailable(f"{self.name} returned status {response.status_code} for {path}.")

    async def close(self) -> None:
        """Close every connection."""
        await self._pooled.close()
        await self._unpooled.close()
        await self._uploads.close()

    async def _request(self, method: str, path: str, content: bytes | None, headers: HeaderList | None) -> aiohttp.ClientResponse:
        try:
            return await self._request_once(self._pooled, method, path, content, headers)
        except aiohttp.ClientConnectorError:
            raise
        except STALE:
            return await self._request_once(self._unpooled, method, path, content, headers)

    async def _request_once(
        self, session: aiohttp.ClientSession, method: str, path: str, content: Any, headers: HeaderList | None, **options: Any
    ) -> aiohttp.ClientResponse:
        url = URL(self._url + path, encoded=True)  # the path goes as the caller wrote it; yarl must not quote it again
        return await session.request(method, url, data=content, headers=_add_request_id(headers or []), allow_redirects=False, **options)

    def _stream(self, response: aiohttp.ClientResponse) -> Reply:
        async def close() -> None:
            response.close()

        return Reply(response.status, list(response.headers.items()), _chunks(self.name, response), close)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    try:
        return await response.read()
    finally:
        response.close()  # goes back to the pool if the body was read to its end


async def _chunks(service: str, response: aiohttp.ClientResponse) -> Chunks:
    with translate_errors(service, AIOHTTP):
        try:
            async for chunk in response.content.iter_any():
                yield chunk
        finally:
            response.close()


class StreamedBody:
    """A body on its way to a service; `begin` is called when that begins.

    `error` is why it broke off, if it did; aiohttp reports that only as a broken connection.
    """

    def __init__(self, content: AsyncIterable[bytes], begin: Callable[[], None]) -> None:
        self.error: Exception | None = None
        self._content = content
        self._begin = begin

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        self._begin()
        try:
            async for chunk in self._content:
                yield chunk
        except Exception as error:
            self.error = error
            raise


def _stop(waiting: asyncio.Timeout) -> None:
    with suppress(RuntimeError):  # the response began first
        waiting.reschedule(None)


def _connect(**options: Any) -> aiohttp.TCPConnector:
    """Return a connector without a limit, whose connections notice that the service is gone without a word."""
    return aiohttp.TCPConnector(limit=0, socket_factory=lambda address: keep_alive(socket.socket(*address[:3])), **options)


def _open_session(timeout_seconds: float, connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        headers=DEFAULT_HEADERS,
        skip_auto_headers=NO_DEFAULTS,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=timeout_seconds),
        read_bufsize=READ_BUFFER_BYTES,
    )


def _add_request_id(headers: HeaderList) -> HeaderList:
    request_id = log.request_id()
    return [*headers, (REQUEST_ID_HEADER, request_id)] if request_id else headers

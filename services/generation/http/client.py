"""A client of one service, with pooled connections. A stale connection never causes an error. The only module that uses aiohttp.

HTTP servers close idle connections, vLLM's after 5 s. The pool closes them earlier. If the server was faster, the request is sent once
more on a new connection. The client knows no paths of any service.

A request body that is streamed goes through httpx. A server that refuses such a body closes the connection before its end, and only
httpx still reads the response.
"""

import json
from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx
from yarl import URL

from services.generation.http.reply import Chunks, HeaderList, Reply
from services.generation.http.sse import CONTENT_TYPE
from shared import log
from shared.errors import Unavailable
from shared.http.connect import HTTPX, REQUEST_ID_HEADER, open_async_client
from shared.http.errors import LibraryErrors, translate_errors

IDLE_SECONDS = 4.0  # below the 5 s after which vLLM and uvicorn close an idle connection
CONNECT_SECONDS = 5.0
PING_SECONDS = 3.0
READ_BUFFER_BYTES = 2**18
STALE = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
AIOHTTP = LibraryErrors(
    unconnected=(aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError),
    late=(TimeoutError,),
    broken=(aiohttp.ClientError, OSError),
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
        self._pooled = _open_session(timeout_seconds, aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS))
        self._unpooled = _open_session(timeout_seconds, aiohttp.TCPConnector(limit=0, force_close=True))
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._uploads = open_async_client(url, timeout_seconds=timeout_seconds, limits=limits, headers=DEFAULT_HEADERS)

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
        """Send a request whose body is streamed, on a separate connection; such a body cannot be sent twice. Otherwise like `open`."""
        request = self._uploads.build_request(method, path, content=content, headers=headers)
        with translate_errors(self.name, HTTPX):
            response = await self._uploads.send(request, stream=True)
        return Reply(response.status_code, response.headers.multi_items(), _uploaded_chunks(self.name, response), response.aclose)

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
        await self._uploads.aclose()

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


async def _uploaded_chunks(service: str, response: httpx.Response) -> Chunks:
    with translate_errors(service, HTTPX):
        try:
            async for chunk in response.aiter_raw():
                yield chunk
        finally:
            await response.aclose()


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

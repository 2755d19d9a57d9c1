"""A neighbour over HTTP: one pool of connections, in which a stale one never surfaces as an error.

HTTP servers close idle connections (vLLM's after 5 s). The pool lets go of them earlier; where the server was faster, the call
is made once more on a connection of its own. Knows no neighbour's paths. The one home of aiohttp.

Bodies that are sent as they come go through httpx: a server that refuses one before its end closes the connection, and only httpx
still reads the answer then.
"""

import json
from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
import httpx
from yarl import URL

from services.generation.http.relay import Chunks, HeaderList
from shared import log
from shared.errors import DeadlineExceeded, Unavailable, Unreachable
from shared.http.connect import REQUEST_ID_HEADER, open_async_client
from shared.http.errors import translate_errors

IDLE_SECONDS = 4.0  # below the 5 s after which vLLM and uvicorn close an idle connection
CONNECT_SECONDS = 5.0
PING_SECONDS = 3.0
UNCONNECTED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
BROKEN = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)
NOT_SET_HERE = ("Accept", "Content-Type")
DEFAULTS = {"Accept-Encoding": "identity", "User-Agent": "tandem"}


class Answer:
    """What a neighbour answers. The body is read by whoever wants it; `content` is what was read of it."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status_code = response.status
        self.headers: Mapping[str, str] = response.headers
        self.header_list: HeaderList = list(response.headers.items())
        self.content = b""

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status_code < 300

    def json(self) -> Any:
        """Return the body, which was read, parsed. Raises ValueError where it is not JSON."""
        return json.loads(self.content)

    async def read(self) -> None:
        """Read the whole body, and let go of the connection."""
        try:
            self.content = await self._response.read()
        finally:
            self._response.close()

    async def pieces(self) -> Chunks:
        """Yield the body as it comes, and let go of the connection."""
        try:
            async for piece in self._response.content.iter_any():
                yield piece
        finally:
            self._response.close()

    async def aclose(self) -> None:
        """Let go of the connection: for further use where the body was read to its end, otherwise it is closed."""
        self._response.close()


class SentAnswer(Answer):
    """The answer to a body that was sent as it came."""

    def __init__(self, response: httpx.Response) -> None:
        self._sent = response
        self.status_code = response.status_code
        self.headers = response.headers
        self.header_list = response.headers.multi_items()
        self.content = b""

    async def read(self) -> None:
        try:
            self.content = await self._sent.aread()
        finally:
            await self._sent.aclose()

    async def pieces(self) -> Chunks:
        try:
            async for piece in self._sent.aiter_raw():
                yield piece
        finally:
            await self._sent.aclose()

    async def aclose(self) -> None:
        await self._sent.aclose()


class ServiceClient:
    """One server. `name` is what messages call it, the setting included; `seconds` is the longest wait for its next bytes.

    Made where an event loop runs.
    """

    def __init__(self, name: str, url: str, seconds: float) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._pooled = _open(seconds, aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS))
        self._fresh = _open(seconds, aiohttp.TCPConnector(limit=0, force_close=True))
        unkept = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._sending = open_async_client(url, timeout_seconds=seconds, limits=unkept, headers=DEFAULTS)

    async def send(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> Answer:
        """Make a call and return the answer with its body unread; the caller closes it.

        Raises:
            Unreachable: the neighbour takes no connection.
            Unavailable: it broke off.
            DeadlineExceeded: it was too slow.
        """
        with _translated(self.name):
            try:
                return await self._request(self._pooled, method, path, content, headers)
            except aiohttp.ClientConnectorError:
                raise
            except BROKEN:
                return await self._request(self._fresh, method, path, content, headers)

    async def send_stream(self, method: str, path: str, content: AsyncIterable[bytes], headers: HeaderList) -> Answer:
        """Make a call whose body cannot be sent twice, so on a connection of its own. Otherwise like `send`."""
        request = self._sending.build_request(method, path, content=content, headers=headers)
        with translate_errors(self.name):
            return SentAnswer(await self._sending.send(request, stream=True))

    async def call(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> Answer:
        """Like `send`, with the body read."""
        answer = await self.send(method, path, content=content, headers=headers)
        await self.read(answer)
        return answer

    async def read(self, answer: Answer) -> bytes:
        """Return the whole body of an answer, and let go of its connection."""
        with _translated(self.name):
            await answer.read()
        return answer.content

    async def chunks(self, answer: Answer) -> Chunks:
        """Yield the body's bytes as they come."""
        with _translated(self.name):
            async for piece in answer.pieces():
                yield piece

    async def ping(self, path: str) -> None:
        """Raise Unavailable unless GET `path` succeeds within 3 s."""
        timeout = aiohttp.ClientTimeout(total=PING_SECONDS)
        with _translated(self.name):
            answer = await self._request(self._fresh, "GET", path, None, None, timeout=timeout)
            await answer.read()
        if not answer.is_success:
            raise Unavailable(f"{self.name} answered {path} with {answer.status_code}.")

    async def close(self) -> None:
        """Close every connection."""
        await self._pooled.close()
        await self._fresh.close()
        await self._sending.aclose()

    async def _request(
        self, session: aiohttp.ClientSession, method: str, path: str, content: Any, headers: HeaderList | None, **options: Any
    ) -> Answer:
        # The path is as the client wrote it; the library must not write it anew.
        url = URL(self._url + path, encoded=True)
        sent = _with_request_id(headers or [])
        return Answer(await session.request(method, url, data=content, headers=sent, allow_redirects=False, **options))


def _open(seconds: float, connector: aiohttp.BaseConnector) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=connector,
        headers=DEFAULTS,
        skip_auto_headers=NOT_SET_HERE,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=seconds),
        read_bufsize=2**18,
    )


def _with_request_id(headers: HeaderList) -> HeaderList:
    bound = log.request_id()
    return [*headers, (REQUEST_ID_HEADER, bound)] if bound else headers


@contextmanager
def _translated(neighbour: str) -> Iterator[None]:
    try:
        yield
    except UNCONNECTED as error:
        raise Unreachable(f"{neighbour} cannot be reached ({error or type(error).__name__}).") from error
    except TimeoutError as error:
        raise DeadlineExceeded(f"{neighbour} did not answer in time ({type(error).__name__}).") from error
    except httpx.HTTPError as error:
        with translate_errors(neighbour):
            raise error
    except (aiohttp.ClientError, OSError) as error:
        raise Unavailable(f"{neighbour} cannot be reached ({error or type(error).__name__}).") from error

"""A neighbour over HTTP: one pool of connections, in which a stale one never surfaces as an error.

HTTP servers close idle connections (vLLM's after 5 s). The pool lets go of them earlier; where the server was faster, the call
is made once more on a connection of its own. Knows no neighbour's paths.
"""

from collections.abc import AsyncIterable

import httpx

from services.generation.relay import Chunks, HeaderList
from shared.errors import Unavailable
from shared.http import open_async_client, translated

IDLE_SECONDS = 4.0  # below the 5 s after which vLLM and uvicorn close an idle connection
PING_SECONDS = 3.0
BROKEN = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class Neighbour:
    """One server. `name` is what messages call it, the setting included; `seconds` is the longest wait for its next bytes."""

    def __init__(self, name: str, url: str, seconds: float) -> None:
        self.name = name
        headers = {"Accept-Encoding": "identity", "User-Agent": "tandem"}
        kept = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=IDLE_SECONDS)
        unkept = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._pooled = open_async_client(url, seconds=seconds, limits=kept, headers=headers)
        self._fresh = open_async_client(url, seconds=seconds, limits=unkept, headers=headers)

    async def send(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> httpx.Response:
        """Make a call and return the answer with its body unread; the caller closes it.

        Raises:
            Unavailable: the neighbour cannot be reached.
            DeadlineExceeded: it was too slow.
        """
        request = self._pooled.build_request(method, path, content=content, headers=headers)
        with translated(self.name):
            try:
                return await self._pooled.send(request, stream=True)
            except BROKEN:
                return await self._fresh.send(request, stream=True)

    async def send_stream(self, method: str, path: str, content: AsyncIterable[bytes], headers: HeaderList) -> httpx.Response:
        """Make a call whose body cannot be sent twice, so on a connection of its own. Otherwise like `send`."""
        request = self._fresh.build_request(method, path, content=content, headers=headers)
        with translated(self.name):
            return await self._fresh.send(request, stream=True)

    async def call(self, method: str, path: str, *, content: bytes | None = None, headers: HeaderList | None = None) -> httpx.Response:
        """Like `send`, with the body read."""
        response = await self.send(method, path, content=content, headers=headers)
        await self.read(response)
        return response

    async def read(self, response: httpx.Response) -> bytes:
        """Return the whole body of an answer, and let go of its connection."""
        try:
            with translated(self.name):
                return await response.aread()
        finally:
            await response.aclose()

    async def chunks(self, response: httpx.Response) -> Chunks:
        """Yield the body's bytes as they come."""
        with translated(self.name):
            async for chunk in response.aiter_raw():
                yield chunk

    async def ping(self, path: str) -> None:
        """Raise Unavailable unless GET `path` succeeds within 3 s."""
        with translated(self.name):
            response = await self._fresh.get(path, timeout=PING_SECONDS)
        if not response.is_success:
            raise Unavailable(f"{self.name} answered {path} with {response.status_code}.")

    async def close(self) -> None:
        """Close every connection."""
        await self._pooled.aclose()
        await self._fresh.aclose()

"""A response on its way to the client, in plain types. Needs no HTTP library."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

Chunks = AsyncGenerator[bytes, None]
HeaderList = list[tuple[str, str]]
"""Names and values. Their bytes were read as UTF-8; surrogates stand for those that are not."""


async def close_nothing() -> None:
    """Close a reply that holds no connection."""


@dataclass(frozen=True)
class Reply:
    """A response: `body` is bytes if it was read, otherwise the chunks that are still to come.

    `close` releases the connection, whether the body was read or not. It may be called more than once.
    """

    status: int
    headers: HeaderList
    body: bytes | Chunks
    close: Callable[[], Awaitable[None]] = close_nothing

    @property
    def chunks(self) -> Chunks:
        """The body as chunks."""
        return _one_chunk(self.body) if isinstance(self.body, bytes) else self.body


async def _one_chunk(body: bytes) -> Chunks:
    yield body


async def read_body(reply: Reply) -> bytes:
    """Return the whole body, and close the reply."""
    try:
        return b"".join([chunk async for chunk in reply.chunks])
    finally:
        await reply.close()

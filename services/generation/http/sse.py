"""Server-sent events: a stream of bytes, however the network cut it, as events; and the other way round."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from shared.errors import Unavailable

SEPARATOR = b"\n\n"
DATA = b"data: "
DONE = b"data: [DONE]"


async def split(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield whole events with their separators; what is left at the end as it is."""
    pending = b""
    async for chunk in chunks:
        *whole, pending = (pending + chunk).split(SEPARATOR)
        for event in whole:
            yield event + SEPARATOR
    if pending:
        yield pending


async def data_of(chunks: AsyncIterator[bytes]) -> AsyncGenerator[dict[str, Any], None]:
    """Yield the JSON of every event, up to the one that says the stream is done.

    Raises:
        Unavailable: one is no JSON object.
    """
    async for event in split(chunks):
        said = event.strip()
        if said.startswith(DATA) and said != DONE:
            yield _object(said.removeprefix(DATA))


def _object(said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Unavailable(f"The engine wrote an event that cannot be read: {said[:60].decode(errors='replace')}")
    return found


def write(event: dict[str, Any]) -> bytes:
    """Return an event with its name, as OpenAI writes them."""
    return b"event: " + str(event["type"]).encode() + b"\n" + DATA + json.dumps(event).encode() + SEPARATOR

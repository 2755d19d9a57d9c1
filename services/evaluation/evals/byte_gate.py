"""Limits how much the items in work have together: a worker may have many small ones in memory, but few that are large."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MAX_BYTES = 64 * 1024**2  # of stored JSON; in memory it takes several times as much


class ByteGate:
    """Lets items in while they have at most `limit` bytes together. A larger one waits until it is alone."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._free = limit
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def enter(self, size: int) -> AsyncIterator[None]:
        """Wait until there is room for an item of `size` bytes; the room is taken inside the `async with` block."""
        taken = min(size, self._limit)
        async with self._changed:
            await self._changed.wait_for(lambda: taken <= self._free)
            self._free -= taken
        try:
            yield
        finally:
            async with self._changed:
                self._free += taken
                self._changed.notify_all()

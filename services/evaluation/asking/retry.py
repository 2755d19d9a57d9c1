"""Trying again, for a bounded time, what was refused only for now."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.errors import DeadlineExceeded, TooManyRequests, Unavailable

FOR_NOW = (TooManyRequests, Unavailable, DeadlineExceeded)
FIRST_WAIT_SECONDS = 0.25
LONGEST_WAIT_SECONDS = 8.0

T = TypeVar("T")


async def patiently(call: Callable[[], Awaitable[T]], seconds: float) -> T:
    """Return what `call` returns; where it is refused for now, call again after 0.25 s, 0.5 s … 8 s, for `seconds` in all.

    Raises:
        TandemError: the last refusal, once the time is over; any other error at once.
    """
    deadline = time.monotonic() + seconds
    wait = FIRST_WAIT_SECONDS
    while True:
        try:
            return await call()
        except FOR_NOW:
            if time.monotonic() + wait > deadline:
                raise
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT_SECONDS)

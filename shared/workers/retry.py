"""Retries with exponential back-off, for a bounded time, of calls that fail only for the moment."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.errors import DeadlineExceeded, EngineAsleep, TandemError, TooManyRequests, Unavailable

TRANSIENT = (TooManyRequests, Unavailable, DeadlineExceeded)
FIRST_DELAY_SECONDS = 0.25
MAX_DELAY_SECONDS = 8.0

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[object]]


async def retry(
    call: Callable[[], Awaitable[T]],
    timeout_seconds: float,
    *,
    sleep: Sleep = asyncio.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> T:
    """Return what `call` returns; after a transient error, call again after 0.25 s, 0.5 s, 1 s … 8 s until `timeout_seconds` are over.

    As long as the engine sleeps, because a model is trained on its GPU, there is no limit: the time begins again after that.

    Raises:
        TandemError: the last transient error once the time is over; any other error immediately.
    """
    deadline = clock() + timeout_seconds
    delay = FIRST_DELAY_SECONDS
    while True:
        try:
            return await call()
        except TRANSIENT as error:
            deadline = move_deadline(deadline, error, clock() + timeout_seconds)
            if clock() + delay > deadline:
                raise
        await sleep(delay)
        delay = min(2 * delay, MAX_DELAY_SECONDS)


def move_deadline(deadline: float, error: TandemError, latest: float) -> float:
    """Return until when a call is repeated after an error: none while the engine sleeps, and otherwise no later than `latest`."""
    return math.inf if error.code == EngineAsleep.default_code else min(deadline, latest)

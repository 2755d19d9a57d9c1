"""Repeats calls that fail for the moment: for a bounded time, and only a few times if they time out."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from services.evaluation.asking.failures import is_fatal
from shared.errors import DeadlineExceeded, TandemError, TooManyRequests, Unavailable
from shared.workers.retry import move_deadline

TRANSIENT = (TooManyRequests, Unavailable, DeadlineExceeded)
FIRST_DELAY_SECONDS = 0.25
MAX_DELAY_SECONDS = 8.0
MAX_TIMEOUTS = 2  # each may take minutes, and the next attempt is seldom faster

T = TypeVar("T")


@dataclass(frozen=True)
class Clock:
    """The time in seconds, and how to wait."""

    now: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


async def call_with_retries(call: Callable[[], Awaitable[T]], patience_seconds: float, clock: Clock) -> T:
    """Return what `call` returns. After a transient error, call again after 0.25 s, 0.5 s, 1 s … 8 s, or when the service says.

    The patience begins with the first error. As long as the engine sleeps, because a model is trained on its GPU, there is no limit.

    Raises:
        TandemError: the last transient error once the patience is over, or at the second timeout; any other error immediately.
    """
    delay, timeouts, deadline = FIRST_DELAY_SECONDS, 0, math.inf
    while True:
        try:
            return await call()
        except TRANSIENT as error:
            timeouts += isinstance(error, DeadlineExceeded)
            deadline = move_deadline(deadline, error, clock.now() + patience_seconds)
            wait = max(delay, _seconds_asked_for(error))
            if is_fatal(error) or timeouts == MAX_TIMEOUTS or clock.now() + wait > deadline:
                raise
        await clock.sleep(wait)
        delay = min(2 * delay, MAX_DELAY_SECONDS)


def _seconds_asked_for(error: TandemError) -> float:
    return error.retry_after if isinstance(error, TooManyRequests) else 0.0

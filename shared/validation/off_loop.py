"""Keeps work on large bodies off the event loop, so that the process answers other requests meanwhile."""

from bisect import bisect_left
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

INLINE_BYTES = 16 * 1024
# Bodies up to each of these sizes wait only for one another, and so do larger ones: a long chat does not wait for a huge upload of JSON.
LANES = (128 * 1024, 1024 * 1024)

T = TypeVar("T")
_limiters: RunVar[list[CapacityLimiter]] = RunVar("_limiters")


async def run_off_loop(work: Callable[[], T], size: int) -> T:
    """Return the result of `work`, whose time grows with `size`, in bytes. Small work is done at once, large work in a thread.

    One thread for each lane: every thread that runs Python makes the event loop wait longer for its turn.
    """
    if size <= INLINE_BYTES:
        return work()
    return await run_sync(work, limiter=_lanes()[bisect_left(LANES, size)])


def _lanes() -> list[CapacityLimiter]:
    """Return the limiters of the running event loop, one for each lane."""
    try:
        return _limiters.get()
    except LookupError:
        _limiters.set([CapacityLimiter(1) for _ in range(len(LANES) + 1)])
        return _limiters.get()

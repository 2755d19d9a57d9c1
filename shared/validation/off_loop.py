"""Keeps work on large bodies off the event loop, so that the process answers other requests meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.lowlevel import RunVar
from anyio.to_thread import run_sync

INLINE_BYTES = 16 * 1024

T = TypeVar("T")
_large_bodies: RunVar[CapacityLimiter] = RunVar("_large_bodies")


async def run_off_loop(work: Callable[[], T], size: int) -> T:
    """Return the result of `work`, whose time grows with `size`, in bytes. Small work is done at once, large work in a thread.

    One thread at a time: each that runs Python makes the event loop wait longer for its turn.
    """
    if size <= INLINE_BYTES:
        return work()
    try:
        limiter = _large_bodies.get()
    except LookupError:
        limiter = CapacityLimiter(1)
        _large_bodies.set(limiter)
    return await run_sync(work, limiter=limiter)

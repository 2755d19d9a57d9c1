"""How long a file waits before it is tried again. Each file has its own delay, so that one in trouble does not slow down others."""

import threading
import time
from collections.abc import Callable

FIRST_DELAY_SECONDS = 0.5
MAX_DELAY_SECONDS = 30.0
FORGET_AFTER_SECONDS = 10 * MAX_DELAY_SECONDS


class Backoff:
    """Exponential back-off by attachment id: each delay is twice the one before, up to 30 seconds. Thread-safe.

    `clock` returns seconds. An id that has not come back for five minutes starts again: another process has dealt with it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._delays: dict[str, tuple[float, float]] = {}

    def next_delay(self, id: str) -> float:
        """Return how many seconds the attachment waits now."""
        with self._lock:
            now = self._clock()
            self._delays = {each: value for each, value in self._delays.items() if now - value[1] < FORGET_AFTER_SECONDS}
            last = self._delays.get(id)
            delay = FIRST_DELAY_SECONDS if last is None else min(2 * last[0], MAX_DELAY_SECONDS)
            self._delays[id] = delay, now
            return delay

    def reset(self, id: str) -> None:
        """Start again at the first delay."""
        with self._lock:
            self._delays.pop(id, None)

"""Tells whether a training has stopped moving, which no exit code ever says: a GPU or a disk that no longer answers, a deadlock."""

import time
from collections import deque
from collections.abc import Callable
from statistics import median

START_SECONDS = 1800.0  # to load the libraries, the model and the data
FIRST_SECONDS = 1800.0  # between the first signs, when it is not known yet how long a step takes
MIN_SECONDS = 120.0
FACTOR = 20.0
NUM_INTERVALS = 50  # the median is of the last ones
MIN_INTERVALS = 3
# Signs that follow one another sooner belong together, as those of a step and of its checkpoint: they do not tell how long a step takes.
APART_SECONDS = 1.0


class StallDetector:
    """Watches the signs of life of one training process; `clock` is in seconds.

    A training is stalled if it gives no sign for 20 times as long as usual, and for at least two minutes. What is usual is the median of
    the last 50 intervals, so one long interval, as on a machine that was suspended, changes nothing.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._intervals: deque[float] = deque(maxlen=NUM_INTERVALS)
        self._last_apart: float | None = None

    def note_sign(self) -> None:
        """Note a sign of life: a step, or a part of one."""
        now = self._clock()
        if self._last_apart is None:
            self._last_apart = now
        elif now - self._last_apart >= APART_SECONDS:
            self._intervals.append(now - self._last_apart)
            self._last_apart = now
        self._last = now

    @property
    def silent_seconds(self) -> float:
        """How long ago the last sign was, or the start."""
        return self._clock() - self._last

    def is_stalled(self) -> bool:
        """Return whether the training has given no sign for too long."""
        return self.silent_seconds > self._find_limit()

    def _find_limit(self) -> float:
        if self._last_apart is None:
            return START_SECONDS
        is_known = len(self._intervals) >= MIN_INTERVALS
        return max(MIN_SECONDS, FACTOR * median(self._intervals)) if is_known else FIRST_SECONDS

"""Tells whether a training has stopped moving, which no exit code ever says: a GPU or a disk that no longer answers, a deadlock."""

import time
from collections.abc import Callable

START_SECONDS = 1800.0  # to load the libraries, the model and the data
MIN_SECONDS = 120.0
FACTOR = 20.0


class StallDetector:
    """Watches the signs of life of one training process; `clock` is in seconds.

    A training is stalled if it gives no sign for 20 times as long as ever before, and for at least two minutes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._limit = START_SECONDS
        self._has_started = False

    def note_sign(self) -> None:
        """Note a sign of life: a step, or a part of one."""
        now = self._clock()
        if self._has_started:
            self._limit = max(self._limit, FACTOR * (now - self._last))
        else:
            self._has_started, self._limit = True, MIN_SECONDS
        self._last = now

    @property
    def silent_seconds(self) -> float:
        """How long ago the last sign was, or the start."""
        return self._clock() - self._last

    def is_stalled(self) -> bool:
        """Return whether the training has given no sign for too long."""
        return self.silent_seconds > self._limit

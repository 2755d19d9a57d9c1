"""A stopwatch over the steps of one answer."""

import time


class Steps:
    """Time by step, in milliseconds; it runs from the moment it is made, and each step ends where the next begins."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def end(self, name: str) -> None:
        """Say that a step has ended."""
        now = time.perf_counter()
        self.ms[name] = round((now - self._last) * 1000, 3)
        self._last = now

"""How long each step of an answer took."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Timings:
    """Milliseconds by step. A step ends where the next one begins; `step_started` is when the current one began (`time.perf_counter`)."""

    step_started: float
    ms: Mapping[str, float] = field(default_factory=dict)

    def end_step(self, name: str) -> "Timings":
        """Return the timings with a step that ends now."""
        now = time.perf_counter()
        return replace(self, step_started=now, ms={**self.ms, name: round((now - self.step_started) * 1000, 3)})


def start_timings() -> Timings:
    """Return the timings of an answer that begins now."""
    return Timings(time.perf_counter())

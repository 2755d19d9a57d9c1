"""The front door beside the bare engine: the same calls to both in turns, so that what the machine does meanwhile happens to both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.generation.load import Load, ask

HEAD = ["callers", "bare/s", "front door/s", "ratio", "bare first ms", "first ms", "added ms", "CPU ms a call", "calls/s a core"]
ROUNDS = 3


class FrontDoor(Protocol):
    """A running front door: where it is, and the processor time it has taken, in seconds."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def cpu_seconds(self) -> float:
        """All that it has taken so far."""


@dataclass
class Beside:
    """What callers saw of the bare engine and of the front door; `cpu` is what the front door took, in seconds."""

    bare: Load = field(default_factory=Load)
    door: Load = field(default_factory=Load)
    cpu: float = 0.0

    def row(self, title: str) -> list[object]:
        """Return the row under `HEAD`; a first byte is that of the answer's body."""
        bare, door, cpu = self.bare, self.door, self.cpu / len(self.door.whole) * 1000
        speed = [bare.per_second, door.per_second, f"{door.per_second / bare.per_second:.3f}"]
        first = [_ms(bare.first_ms), _ms(door.first_ms), _ms(door.first_ms - bare.first_ms)]
        return [title, *speed, *first, _ms(cpu), f"{1000 / cpu:.0f}" if cpu else "-"]


def beside(engine_url: str, door: FrontDoor, calls: Sequence[bytes], callers: int, rounds: int = ROUNDS) -> Beside:
    """Make the calls at the bare engine and at the front door, in turns; a first call of each caller does not count."""
    seen = Beside()
    for url in (engine_url, door.url):
        ask(url, calls[: min(callers, len(calls))], callers)
    for _ in range(rounds):
        seen.bare += ask(engine_url, calls, callers)
        before = door.cpu_seconds
        seen.door += ask(door.url, calls, callers)
        seen.cpu += door.cpu_seconds - before
    return seen


def _ms(value: float) -> str:
    return f"{value:.2f}"

"""The front door compared with the bare engine: the same requests to both in turns, so that other load on the machine affects both."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.generation.load import Load, send

COLUMNS = ["clients", "bare/s", "front door/s", "ratio", "bare first ms", "first ms", "added ms", "CPU ms a request", "requests/s a core"]
ROUNDS = 3


class FrontDoor(Protocol):
    """A running front door."""

    @property
    def url(self) -> str:
        """Its URL."""

    @property
    def cpu_seconds(self) -> float:
        """The processor time that it has used so far."""


@dataclass
class Comparison:
    """What clients measured with the bare engine and with the front door, and the processor time of the front door."""

    bare: Load = field(default_factory=Load)
    front_door: Load = field(default_factory=Load)
    cpu_seconds: float = 0.0

    def row(self, title: str) -> list[object]:
        """Return the row of the table with `COLUMNS`; a first byte is that of the response's body."""
        bare, ours = self.bare, self.front_door
        cpu_ms = self.cpu_seconds / len(ours.complete) * 1000
        speed = [bare.per_second, ours.per_second, f"{ours.per_second / bare.per_second:.3f}"]
        first = [_ms(bare.first_ms), _ms(ours.first_ms), _ms(ours.first_ms - bare.first_ms)]
        return [title, *speed, *first, _ms(cpu_ms), f"{1000 / cpu_ms:.0f}" if cpu_ms else "-"]


def compare(engine_url: str, front_door: FrontDoor, requests: Sequence[bytes], clients: int, rounds: int = ROUNDS) -> Comparison:
    """Send the requests to the bare engine and to the front door, in turns; the first request of each client does not count."""
    result = Comparison()
    for url in (engine_url, front_door.url):
        send(url, requests[: min(clients, len(requests))], clients)
    for _ in range(rounds):
        result.bare += send(engine_url, requests, clients)
        before = front_door.cpu_seconds
        result.front_door += send(front_door.url, requests, clients)
        result.cpu_seconds += front_door.cpu_seconds - before
    return result


def _ms(value: float) -> str:
    return f"{value:.2f}"

"""Every engine there is: one line for each base model, with tasks that look after the engines while the service runs."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from services.generation.serving.engine import Engine
from services.generation.serving.pool import Limits, Line, Station
from shared.errors import Unavailable

UP = "up"


class Fleet:
    """The lines of all base models. Made where an event loop runs."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = {line.base: line for line in lines}

    def line(self, base: str) -> Line:
        """Return the line before the engines of a base model, which is one of those that are set."""
        return self._lines[base]

    def stations(self, base: str) -> list[Station]:
        """Return the engines of a base model, none where it is not served."""
        return self._lines[base].stations if base in self._lines else []

    @asynccontextmanager
    async def looked_after(self) -> AsyncIterator[None]:
        """Look after every engine meanwhile."""
        tasks = [asyncio.create_task(line.look_after(station)) for line, station in self._all()]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def ping(self) -> None:
        """Look at every engine now. Raises Unavailable where a base model has none that is healthy."""
        await asyncio.gather(*(line.look_at(station) for line, station in self._all()))
        for line in self._lines.values():
            problems = [station.problem for station in line.stations if station.problem]
            if len(problems) == len(line.stations):
                raise Unavailable(" ".join(problems))

    def state(self) -> dict[str, dict[str, str]]:
        """Return for every base model, by URL, what is known of each engine: `up`, or why it is passed over."""
        return {line.base: {one.engine.url: one.problem or UP for one in line.stations} for line in self._lines.values()}

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(station.engine.close() for _, station in self._all()))

    def _all(self) -> list[tuple[Line, Station]]:
        return [(line, station) for line in self._lines.values() for station in line.stations]


def open_fleet(engines: Mapping[str, Sequence[str]], setting: str, limits: Limits, seconds: float) -> Fleet:
    """Return the fleet of `engines`, the URLs by base model.

    `setting` is where they come from, for messages; `seconds` is the longest wait for an engine's next bytes.
    """
    several = sum(map(len, engines.values())) > 1

    def name(url: str) -> str:
        return f"The engine {url} ({setting})" if several else f"The engine ({setting})"

    return Fleet([Line(base, [Engine(name(url), url, seconds) for url in urls], limits) for base, urls in engines.items()])

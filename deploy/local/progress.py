"""Shows the progress of a step of the demo: a bar in a terminal, or else a line now and then."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

LINE_SECONDS = 15.0


class Update(Protocol):
    """Called with the part of the step that is done (0 to 1) and a short note."""

    def __call__(self, done: float, note: str = "") -> None: ...


def silent(done: float, note: str = "") -> None:
    """Show nothing: the update while no step is running."""
    del done, note


@contextmanager
def step(console: Console, title: str) -> Iterator[Update]:
    """Show a step while the block runs, and how long it took if it succeeded."""
    started = time.monotonic()
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[note]}"), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield Bar(progress, progress.add_task(f"{title:<22}", total=1.0, note=""))
    else:
        yield Spoken(console, title)
    console.print(f"{title:<22} done in {time.monotonic() - started:.0f} s", highlight=False)


class Bar:
    """A bar in a terminal."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def __call__(self, done: float, note: str = "") -> None:
        """Move the bar."""
        self._progress.update(self._task, completed=done, note=note)


class Spoken:
    """Plain lines, at most one every `LINE_SECONDS`."""

    def __init__(self, console: Console, title: str) -> None:
        self._console, self._title = console, title
        self._next = 0.0

    def __call__(self, done: float, note: str = "") -> None:
        """Print a line if the last one is long enough ago."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LINE_SECONDS
            self._console.print(f"{self._title:<22} {done:4.0%}  {note}".rstrip(), highlight=False, markup=False)

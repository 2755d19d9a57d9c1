"""Prints the events of the stack, a line for each, with the time and the name of the process."""

import os
import sys
import time
from collections.abc import Iterable
from itertools import cycle

from deploy.local.keeper import Event, GaveUp, Line, Program, Ready, Restart

SYSTEM = "tandem"
READY = "Tandem is ready: "
ENDED = "The stack stops: "
RESTARTED = " exited ("
COLORS = (36, 33, 32, 35, 31, 34)  # cyan, yellow, green, magenta, red, blue
# The terminal shows only these lines of the noisy processes; their log files have everything.
QUIET = {"broker": (), "engine": ("ERROR", "CRITICAL", "Error:")}


class Terminal:
    """Prints the events of the processes `names`, and the announcement once all of them are ready."""

    def __init__(self, names: Iterable[str], announcement: str) -> None:
        self._awaited = set(names)
        self._announcement = announcement
        self._width = max(map(len, (SYSTEM, *self._awaited)))
        self._colors = dict(zip(names, cycle(COLORS), strict=False))

    def show(self, program: Program, event: Event) -> None:
        """Print an event, unless it is a line of a noisy process."""
        if isinstance(event, Line):
            if not is_quiet(program.name, event.text):
                self._write(program.name, event.text)
            return
        self.say(describe(program, event))
        if isinstance(event, Ready) and program.name in self._awaited:
            self._awaited.discard(program.name)
            if not self._awaited:
                self.say(f"{READY}{self._announcement}")

    def say(self, text: str) -> None:
        """Print a line of the stack itself."""
        self._write(SYSTEM, text)

    def _write(self, name: str, text: str) -> None:
        prefix = f"{time.strftime('%H:%M:%S')} {name.ljust(self._width)} | "
        if name in self._colors and sys.stdout.isatty():
            prefix = f"\033[{self._colors[name]}m{prefix}\033[0m"
        write("".join(f"{prefix}{line}\n" for line in text.splitlines() or [""]))


def write(text: str) -> None:
    """Write to standard output, unbuffered. A closed output is not an error."""
    try:
        os.write(sys.stdout.fileno(), text.encode())
    except OSError:
        return


def describe(program: Program, event: Ready | Restart | GaveUp) -> str:
    """Return in words what happened to a process."""
    match event:
        case Ready(seconds, place):
            return f"{program.name} ready{f' at {place}' if place else ''} after {seconds:.1f} s"
        case Restart(ending, cause, pause):
            return f"{program.name}{RESTARTED}{ending}) and restarts in {pause:.0f} s. {because(program, cause)}"
        case GaveUp(ending, cause):
            return f"{ENDED}{program.name} failed ({ending}). {because(program, cause)}"


def because(program: Program, cause: str) -> str:
    """Return the cause of an exit, if the log has one, and the path of the log."""
    return f"Cause: {cause.rstrip('.')}. Its log: {program.log}" if cause else f"Its log: {program.log}"


def is_quiet(name: str, line: str) -> bool:
    """Return whether a line belongs only in the log file."""
    return name in QUIET and not any(mark in line for mark in QUIET[name])

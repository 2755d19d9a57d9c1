"""Runs programs, one keeper for each, until a signal stops them or one of them keeps exiting.

Keepers are forked (keeper.py), and each reports through a pipe; when the pipe closes, its keeper has ended. SIGTERM stops a
keeper; a signal handler may send it at any moment, more than once. The broker's keeper gets it once the processes that use the
broker have ended. Keepers also stop if this process is killed.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from deploy.local.keeper import Event, GaveUp, Program, keep

POLL_SECONDS = 0.5
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LAST = ("broker",)  # the other programs use it until they have ended
LAST_SECONDS, KILL_SECONDS = 7.5, 8.5  # when it is stopped whatever the others do, and killed; the whole stack has ten seconds
KEEPER_GONE = GaveUp("its keeper was killed", "")
Show = Callable[[Program, Event], None]


@dataclass(frozen=True)
class Keeper:
    """A program's keeper, and the pipe from which its events are read."""

    program: Program
    process: ForkProcess
    events: Connection


@dataclass(frozen=True)
class Failure:
    """The program that ended the stack, and why."""

    program: Program
    event: GaveUp


class Stopper:
    """Stops the keepers, those of `LAST` after the others; also a signal handler.

    A keeper that has ended keeps its process id until it is joined.
    """

    def __init__(self, keepers: Sequence[Keeper]) -> None:
        self._first = [keeper.process.pid for keeper in keepers if keeper.program.name not in LAST]
        self._last = [keeper.process.pid for keeper in keepers if keeper.program.name in LAST]
        self._called_at: float | None = None

    @property
    def was_called(self) -> bool:
        """Return whether the stack is stopping."""
        return self._called_at is not None

    def __call__(self, *_: object) -> None:
        self._called_at = self._called_at or time.monotonic()
        _send(signal.SIGTERM, self._first)

    def go_on(self, running: Collection[Program]) -> None:
        """If the stack is stopping and it is time, stop the last. `running` are the programs whose keepers have not ended."""
        if self._called_at is None:
            return
        seconds = time.monotonic() - self._called_at
        if seconds > KILL_SECONDS:
            _send(signal.SIGKILL, self._last)
        elif seconds > LAST_SECONDS or all(program.name in LAST for program in running):
            _send(signal.SIGTERM, self._last)

    def stop_all(self) -> None:
        """Stop every keeper now."""
        self()
        _send(signal.SIGTERM, self._last)


def supervise(programs: Sequence[Program], show: Show, is_wanted: Callable[[], bool]) -> Failure | None:
    """Run the programs. Return None if they were stopped, or else the program whose failure stopped them all.

    `show` is called with every event. `is_wanted` is called twice a second; the programs stop if it returns False. Replaces the
    handlers of the signals that stop a program.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # a signal waits until every keeper can receive it
    keepers = start(programs)
    stop = Stopper(keepers)
    for number in STOPPING:
        signal.signal(number, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    try:
        return listen(keepers, show, is_wanted, stop)
    finally:
        stop.stop_all()
        for keeper in keepers:
            keeper.process.join()


def start(programs: Sequence[Program]) -> list[Keeper]:
    """Fork a keeper for each program."""
    context, keepers = get_context("fork"), list[Keeper]()
    for program in programs:
        events, ours = context.Pipe(duplex=False)
        inherited = [events, *(keeper.events for keeper in keepers)]
        process = context.Process(target=_keep, args=(program, ours, inherited), name=program.name)
        process.start()
        ours.close()
        keepers.append(Keeper(program, process, events))
    return keepers


def listen(keepers: Sequence[Keeper], show: Show, is_wanted: Callable[[], bool], stop: Stopper) -> Failure | None:
    """Show events until every keeper has ended. If one gives up, stop them all. Return the first that gave up."""
    listening, failures = {keeper.events: keeper.program for keeper in keepers}, list[Failure]()
    while listening:
        for events in wait(list(listening), POLL_SECONDS):
            program = listening[events]  # type: ignore[index]  # the connections in `listening`
            event = _receive(events)  # type: ignore[arg-type]
            if event is None:
                del listening[events]  # type: ignore[arg-type]
                event = None if stop.was_called else KEEPER_GONE
            if event is not None:
                show(program, event)
            if isinstance(event, GaveUp):
                failures.append(Failure(program, event))
                stop()
        if not is_wanted():
            stop()
        stop.go_on(listening.values())
    return failures[0] if failures else None


def _send(number: signal.Signals, pids: Sequence[int | None]) -> None:
    for pid in filter(None, pids):
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _receive(events: Connection) -> Event | None:
    """Return the next event, or None if the keeper has ended."""
    try:
        event: Event = events.recv()
    except (EOFError, OSError):
        return None
    return event


def _keep(program: Program, events: Connection, inherited: Sequence[Connection]) -> None:
    """Run as a keeper. Close the pipe ends that the fork inherited, which belong to other keepers."""
    for end in inherited:
        end.close()
    sending = threading.Lock()

    def report(event: Event) -> None:
        with sending, suppress(OSError):  # fails if the supervisor is gone
            events.send(event)

    keep(program, report)

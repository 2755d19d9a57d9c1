"""Runs programs, one keeper for each, until they are told to stop or one of them will not stay up.

Keepers are forked (keeper.py) and report over a pipe each; the end of a pipe is the end of its keeper. They are told to stop by
SIGTERM, which a signal handler may send at any moment, twice too. They stop by themselves if this process is killed.
"""

import os
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from deploy.local.keeper import Event, GaveUp, Program, keep

LOOK_SECONDS = 0.5
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KEEPER_GONE = GaveUp("its keeper was killed", "")
Show = Callable[[Program, Event], None]


@dataclass(frozen=True)
class Keeper:
    """A program's keeper, and where its events come from."""

    program: Program
    process: ForkProcess
    events: Connection


@dataclass(frozen=True)
class Failure:
    """The program that ended the stack, and why."""

    program: Program
    event: GaveUp


class Stopper:
    """Tells keepers to stop; also a signal handler. A keeper that has ended keeps its process id until it is joined."""

    def __init__(self, keepers: Sequence[Keeper]) -> None:
        self._pids = [keeper.process.pid for keeper in keepers]
        self.was_called = False

    def __call__(self, *_: object) -> None:
        self.was_called = True
        for pid in filter(None, self._pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


def supervise(programs: Sequence[Program], show: Show, is_wanted: Callable[[], bool]) -> Failure | None:
    """Run the programs. Return None if they were told to stop, else the one that ended the others.

    `show` is called with every event; `is_wanted` is asked twice a second, and False tells them to stop. Replaces the handlers of the
    signals that stop a program.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until everyone is there to hear it, a signal waits
    keepers = start(programs)
    stop = Stopper(keepers)
    for number in STOPPING:
        signal.signal(number, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    try:
        return listen(keepers, show, is_wanted, stop)
    finally:
        stop()
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
    """Show events until every keeper has ended; stop all when one gives up. Return the first that did."""
    listening, failures = {keeper.events: keeper.program for keeper in keepers}, list[Failure]()
    while listening:
        for events in wait(list(listening), LOOK_SECONDS):
            program = listening[events]  # type: ignore[index]  # they are the connections that were handed in
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
    return failures[0] if failures else None


def _receive(events: Connection) -> Event | None:
    """Return the next event, or None if the keeper has ended."""
    try:
        event: Event = events.recv()
    except (EOFError, OSError):
        return None
    return event


def _keep(program: Program, events: Connection, inherited: Sequence[Connection]) -> None:
    """Be a keeper. The ends of pipes that came along with the fork are others'."""
    for end in inherited:
        end.close()
    sending = threading.Lock()

    def tell(event: Event) -> None:
        with sending, suppress(OSError):  # nobody hears it if the supervisor is gone
            events.send(event)

    keep(program, tell)

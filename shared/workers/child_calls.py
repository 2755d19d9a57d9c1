"""What a parent and its child process (`child_process.py`) send each other, and the child's end of it."""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from shared.errors import TandemError


@dataclass(frozen=True)
class Call:
    """A request of the parent."""

    id: int
    action: Any


@dataclass(frozen=True)
class Response:
    """The response to the call with that id: its value, or an error."""

    call_id: int
    value: Any = None
    error: Exception | None = None


class CallFailed(Exception):
    """A library's error while the child worked on a call: its class and its message. The error itself may not be picklable."""


class CallConnection:
    """The child's end of the socket. Any thread may respond; one thread receives."""

    def __init__(self, descriptor: int) -> None:
        self._connection = Connection(descriptor)
        self._sending = threading.Lock()

    def receive(self) -> Call | None:
        """Return the next call; None if the parent has closed its end, or has ended."""
        try:
            call: Call = self._connection.recv()
        except (EOFError, OSError):
            return None
        return call

    def respond(self, call_id: int, work: Callable[[], Any]) -> None:
        """Send what `work` returns, or its error."""
        try:
            response = Response(call_id, work())
        except (TandemError, CallFailed) as error:
            response = Response(call_id, error=error)
        except BaseException as error:  # such as the panic of a library written in Rust; the caller must not wait forever
            response = Response(call_id, error=CallFailed(f"{type(error).__name__}: {error}"))
        self._send(response)

    def _send(self, response: Response) -> None:
        with self._sending:
            try:
                self._connection.send(response)
            except OSError:
                self._connection.close()  # the parent has ended, which `receive` notices too


def run_child(serve: Callable[[], None]) -> None:
    """Serve until the parent closes its end, then exit. Signals that stop the parent are ignored: it decides when this process ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    serve()
    os._exit(0)  # without waiting for running work: nobody needs it

"""A child process that responds to calls, as its parent sees it: started by the first call, and again after it has ended.

Its module runs a `CallConnection` (`child_calls.py`). Any number of threads may call it at the same time; responses come in the order in
which calls are finished. The child ends when its parent does, however that ends. Knows nothing of what the calls mean.
"""

import itertools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from shared.errors import Unavailable
from shared.log import get_logger
from shared.workers.child_calls import Call, Response
from shared.workers.threads import THREADS

ROOT = Path(__file__).parents[2]
EXIT_SECONDS = 5.0

log = get_logger(__name__)


class ChildExited(Unavailable):
    """The process ended while it worked on a call: it was killed, perhaps because memory ran out."""


class ChildProcess:
    """Starts `python -m module FILE_DESCRIPTOR arguments…` and calls it. `purpose` says what it does: `that runs the models`."""

    def __init__(self, module: str, purpose: str, arguments: Sequence[str] = ()) -> None:
        self._module = module
        self._purpose = purpose
        self._arguments = arguments
        self._lock = threading.Lock()
        self._ids = itertools.count()
        self._pending: dict[int, tuple[Call, Future[Any]]] = {}
        self._channel: _Channel | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The id of the process; None if it does not run."""
        return self._process.pid if self._process and self._channel else None

    @property
    def pending(self) -> list[Any]:
        """The actions that are in progress."""
        return [call.action for call, _ in list(self._pending.values())]

    def call(self, action: Any) -> Any:
        """Send an action, and wait for the result.

        Raises:
            ChildExited: if the process ended before it responded.
            Unavailable: if it was closed.
            Exception: what the process raised, as it was sent.
        """
        return self.start(action).result()

    def start(self, action: Any) -> Future[Any]:
        """Send an action; return its result, which raises what `call` raises.

        Raises:
            Unavailable: if the process was closed.
        """
        call, result = Call(next(self._ids), action), Future[Any]()
        with self._lock:
            channel = self._open()
            self._pending[call.id] = call, result
        try:
            channel.send(call)
        except OSError:
            self._disconnect(channel)
        except BaseException:  # it cannot be pickled
            self._pending.pop(call.id, None)
            raise
        return result

    def close(self) -> None:
        """End the process. Calls that still wait raise ChildExited."""
        with self._lock:
            self._is_closed = True
            channel, process = self._channel, self._process
        if channel is None or process is None:
            return
        self._disconnect(channel)
        try:
            process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _open(self) -> "_Channel":
        if self._is_closed:
            raise Unavailable("The service is stopping.")
        if self._channel is None:
            ours, theirs = socket.socketpair()
            command = [sys.executable, "-m", self._module, str(theirs.fileno()), *self._arguments]
            with theirs:
                self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=_environment())
            self._channel = _Channel(ours)
            threading.Thread(target=self._receive, args=(self._channel, self._process), name="child-process", daemon=True).start()
        return self._channel

    def _receive(self, channel: "_Channel", process: subprocess.Popen[bytes]) -> None:
        try:
            for response in channel.responses():
                self._resolve(response)
        except Exception:  # the process may run code of another version
            log.exception("the response of a child process cannot be read", module=self._module)
            channel.close()
        if not self._is_closed:
            # First, so that what it had locked is free when its successor starts.
            code = process.wait()
            log.error("child process exited; the next call restarts it", module=self._module, exit_code=code)
        self._disconnect(channel)

    def _resolve(self, response: Response) -> None:
        _, result = self._pending.pop(response.call_id, (None, None))
        if result is None:
            return
        with suppress(InvalidStateError):
            result.set_exception(response.error) if response.error else result.set_result(response.value)

    def _disconnect(self, channel: "_Channel") -> None:
        """Close a channel and fail its calls; there may be a new one already."""
        with self._lock:
            if self._channel is not channel:
                return
            self._channel, pending, self._pending = None, self._pending, {}
        channel.close()
        for _, result in pending.values():
            with suppress(InvalidStateError):
                result.set_exception(ChildExited(f"The process {self._purpose} ended. Try again."))


class _Channel:
    """The parent's end of the socket between the two processes. Any thread may send; one thread receives."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._connection = Connection(os.dup(end.fileno()))
        self._sending = threading.Lock()

    def send(self, call: Call) -> None:
        """Send a call. Raises OSError if the other process has ended."""
        with self._sending:
            self._connection.send(call)

    def responses(self) -> Iterator[Response]:
        """Yield the responses until the channel is closed or the other process has ended."""
        with suppress(EOFError, OSError), self._connection:
            while True:
                yield self._connection.recv()

    def close(self) -> None:
        """Close the socket, which ends `responses` and the other process."""
        with suppress(OSError), self._end:
            self._end.shutdown(socket.SHUT_RDWR)


def _environment() -> dict[str, str]:
    """Return the environment of this process, with the project on the module path."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**THREADS, **os.environ, "PYTHONPATH": path}

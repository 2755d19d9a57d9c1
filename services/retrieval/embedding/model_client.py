"""The process that runs embedding models (`encode.py`), as the service sees it: started when it is needed, and again when it has ended.

Any number of threads may call it at once; what has come is answered in the order it is done. Knows no model.
"""

import itertools
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from shared.errors import Unavailable
from shared.log import get_logger

MODULE = "services.retrieval.embedding.model_server"
ROOT = Path(__file__).parents[3]
END_SECONDS = 5.0

log = get_logger(__name__)


@dataclass(frozen=True)
class Model:
    """What is to be loaded: a folder or a model hub's id, in which precision, and how many texts and tokens (0: as suits) fill a batch."""

    source: str
    precision: str
    batch_size: int
    batch_tokens: int = 0


@dataclass(frozen=True)
class About:
    """What is known of a model that is loaded: `window` in tokens, `tokenizer` as the tokenizers library writes it down."""

    dimension: int
    window: int
    prompts: dict[str, str]
    tokenizer: str
    dtype: str
    device: str
    note: str | None


@dataclass(frozen=True)
class Part:
    """Texts to embed, their lengths in tokens, and what is put before each."""

    texts: list[str]
    sizes: list[int]
    prompt: str | None
    is_urgent: bool


@dataclass(frozen=True)
class Call:
    """What is asked of the model called `name`: to be loaded, to embed, or (None) to be let go."""

    number: int
    name: str
    what: Model | Part | None


@dataclass(frozen=True)
class Outcome:
    """What came of the call of that number; `gone` says that its model is not loaded."""

    number: int
    value: Any = None
    error: Exception | None = None
    gone: bool = False


class ModelError(Exception):
    """What a library said while it loaded or ran a model: the kind of its error, and its words."""


class NotLoaded(Exception):
    """The model is not in memory: it made room for another, or the process ended since."""


class Link:
    """Our end of the socket between the two processes; any thread may send, one receives."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._connection = Connection(os.dup(end.fileno()))
        self._sending = threading.Lock()

    def send(self, call: Call) -> None:
        """Send a call. Raises OSError where the other process has ended."""
        with self._sending:
            self._connection.send(call)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield what comes, until the link is cut or the other process has ended."""
        with suppress(EOFError, OSError), self._connection:
            while True:
                yield self._connection.recv()

    def cut(self) -> None:
        """Wake whoever receives; the other process sees it too."""
        with suppress(OSError), self._end:
            self._end.shutdown(socket.SHUT_RDWR)


class Ended(Unavailable):
    """The process ended while it worked on a call: killed, for want of memory perhaps."""


class ModelProcess:
    """The process; nothing runs before the first call."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._numbers = itertools.count()
        self._waiting: dict[int, tuple[Call, Future[Any]]] = {}
        self._link: Link | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Its id, while it runs."""
        return self._process.pid if self._process and self._link else None

    def call(self, name: str, what: Model | Part | None) -> Any:
        """Return what comes of a call; waits for it.

        Raises:
            NotLoaded: the model is not loaded.
            Ended: the process ended meanwhile.
            Unavailable: it was closed.
            TooManyRequests: too many urgent texts are waiting.
            ModelError: the model cannot be loaded, or run on these texts.
        """
        call, done = Call(next(self._numbers), name, what), Future[Any]()
        with self._turn:
            link = self._open()
            self._waiting[call.number] = call, done
        try:
            link.send(call)
        except OSError:
            self._ended(link)
        return done.result()

    def close(self) -> None:
        """End the process; callers that still wait are told."""
        with self._turn:
            self._closed = True
            link, process = self._link, self._process
        if link is None or process is None:
            return
        self._ended(link)
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _open(self) -> Link:
        if self._closed:
            raise Unavailable("The service is stopping.")
        if self._link is None:
            ours, theirs = socket.socketpair()
            command = [sys.executable, "-m", MODULE, str(theirs.fileno())]
            with theirs:
                self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=_environment())
            self._link = Link(ours)
            threading.Thread(target=self._listen, args=(self._link, self._process), name="model-process", daemon=True).start()
        return self._link

    def _listen(self, link: Link, process: subprocess.Popen[bytes]) -> None:
        for outcome in link.outcomes():
            self._settle(outcome)
        self._ended(link)
        if not self._closed:
            code = process.wait()
            log.error("the process that runs the models ended; it is started again when it is needed", exit_code=code)

    def _settle(self, outcome: Outcome) -> None:
        _, done = self._waiting.pop(outcome.number, (None, None))
        if done is None:
            return
        error = NotLoaded() if outcome.gone else outcome.error
        with suppress(InvalidStateError):
            done.set_exception(error) if error else done.set_result(outcome.value)

    def _ended(self, link: Link) -> None:
        """Let go of a link whose process ends or has ended; a new one may be there already."""
        with self._turn:
            if self._link is not link:
                return
            self._link, waiting, self._waiting = None, self._waiting, {}
        link.cut()
        for _, done in waiting.values():
            with suppress(InvalidStateError):
                done.set_exception(Ended("The process that runs the models ended. Try again."))


def _environment() -> dict[str, str]:
    """Return this process's environment, in which our modules are found wherever it was started."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path}

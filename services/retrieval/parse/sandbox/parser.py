"""Reads files in child processes with limits on memory, time and output. A reader that crashes or hangs affects only its own file.

Knows nothing of formats. The child processes are those of `forkserver.py`; they end when this process does, however it ends.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from services.retrieval.parse.document import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.pdf.ocr import LANGUAGES_VARIABLE, find_problem
from services.retrieval.parse.sandbox import transfer
from shared.errors import Unavailable
from shared.log import get_logger

ROOT = Path(__file__).parents[4]
READER = "services.retrieval.parse.read:read_document"
# The part of the service's environment that readers see: no addresses, no keys.
INHERITED_VARIABLES = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "HOME", "LD_LIBRARY_PATH", "PYTHONPATH", "TESSDATA_PREFIX", "VIRTUAL_ENV",
)  # fmt: skip
GRACE_SECONDS = 10.0
RECEIVE_BYTES = 64 * 1024
CHECK_SECONDS = 0.4
KILLED = "The process that reads files was killed. The file will be tried again."
MIB = 1024 * 1024

Check = Callable[[], None]
"""Raises if nobody wants the result any longer."""

log = get_logger(__name__)


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: seconds, bytes of private memory, bytes of text."""

    seconds: float = 300.0
    memory_bytes: int = 2048 * MIB
    text_bytes: int = 512 * MIB


class SandboxedParser:
    """Reads files in child processes; can be called from any number of threads. The forkserver is started by the first call.

    `languages` are those of text in images, in Tesseract's notation (`deu+eng`). `reader` is the function that the child calls.
    """

    def __init__(self, limits: Limits, reader: str = READER, languages: str = "") -> None:
        self._limits = limits
        self._reader = reader
        self._languages = languages
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._forkserver: socket.socket | None = None
        self._active: set[socket.socket] = set()
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The id of the forkserver; None if it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def __call__(self, path: Path, filename: str, check: Check | None = None) -> Document:
        """Return the document in the bytes at `path`; `filename` is the client's name for them.

        `check` is called about twice a second. If it raises, the child process is ended, and this call raises that error.

        Raises:
            UnsupportedFile, InvalidFile: as `read_document` does, or if reading exceeds the limits or crashes.
            Unavailable: if the process was killed from outside.
        """
        ours, theirs = socket.socketpair()
        with tempfile.TemporaryFile(prefix="tandem-parse-") as document, ours:
            with theirs:
                self._start_child(ours, theirs, document)
            try:
                self._request(ours, path, filename)
                result = self._receive(ours, check or (lambda: None))
            finally:
                with self._lock:
                    self._active.discard(ours)
            return self._to_document(result, document)

    def close(self) -> None:
        """End the forkserver and its children."""
        with self._lock:
            self._is_closed = True
            for each in self._active:
                each.shutdown(socket.SHUT_RDWR)
            self._stop()

    def _start_child(self, ours: socket.socket, theirs: socket.socket, document: BinaryIO) -> None:
        with self._lock:
            if self._is_closed:
                raise Unavailable("The service is stopping.")
            try:
                self._send_descriptors(theirs, document)
            except OSError:
                # The forkserver was killed; start another one.
                self._stop()
                self._send_descriptors(theirs, document)
            self._active.add(ours)

    def _send_descriptors(self, theirs: socket.socket, document: BinaryIO) -> None:
        if self.pid is None:
            self._stop()
            self._start()
        if self._forkserver is not None:
            socket.send_fds(self._forkserver, [b"."], [theirs.fileno(), document.fileno()])

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
        environment[LANGUAGES_VARIABLE] = self._languages
        command = [sys.executable, "-m", "services.retrieval.parse.sandbox.forkserver", self._reader]
        with theirs:
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, cwd=ROOT, env=environment, start_new_session=True
            )
        self._forkserver = ours
        if problem := find_problem(self._languages):
            log.warning("pages that are images of text are not read", problem=problem)

    def _stop(self) -> None:
        if self._forkserver is not None:
            self._forkserver.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._forkserver = None

    def _request(self, ours: socket.socket, path: Path, filename: str) -> None:
        limits = self._limits
        request = {"path": str(path.absolute()), "filename": filename[-1000:], "seconds": limits.seconds}
        request |= {"memory_bytes": limits.memory_bytes, "text_bytes": limits.text_bytes}
        try:
            ours.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise Unavailable(KILLED) from error

    def _receive(self, ours: socket.socket, check: Check) -> dict[str, Any]:
        """Return the result; `check` is called regularly until it comes."""
        try:
            result: dict[str, Any] = json.loads(b"".join(self._parts(ours, check)))
        except ValueError as error:
            raise Unavailable(KILLED) from error
        return result

    def _parts(self, ours: socket.socket, check: Check) -> Iterator[bytes]:
        deadline = time.monotonic() + self._limits.seconds + GRACE_SECONDS
        ours.settimeout(CHECK_SECONDS)
        while time.monotonic() < deadline:
            try:
                received = ours.recv(RECEIVE_BYTES)
            except TimeoutError:
                check()
                continue
            except OSError as error:
                raise Unavailable(KILLED) from error
            if not received:
                return
            yield received

    def _to_document(self, result: dict[str, Any], document: BinaryIO) -> Document:
        if "total_bytes" not in result:
            self._raise_error(result)
        try:
            return transfer.read(document, transfer.Sizes(int(result["text_bytes"]), int(result["total_bytes"])))
        except (ValueError, TypeError) as error:
            raise InvalidFile("The file could not be read completely. Open it and save it again.") from error

    def _raise_error(self, result: dict[str, Any]) -> NoReturn:
        if "unsupported" in result:
            raise UnsupportedFile(result["unsupported"])
        if "invalid" in result:
            raise InvalidFile(result["invalid"])
        if "disconnected" in result:
            raise Unavailable("The service is stopping.")
        # The log tells the operator, who can change the limits, what happened; the message tells the one who uploaded the file what to do.
        log.warning("reader failed", result=result, exit=_exit_reason(result), **asdict(self._limits))
        raise InvalidFile(self._describe_failure(result))

    def _describe_failure(self, result: dict[str, Any]) -> str:
        memory = f"{self._limits.memory_bytes // MIB} MiB of memory, the limit of this server"
        if "timeout" in result:
            seconds = f"{self._limits.seconds:g} seconds, the limit of this server"
            return f"Reading the file took longer than {seconds}. Split it into several files, or save it again."
        if "memory" in result:
            return f"Reading the file takes more than {memory}. Split it into several files."
        if "disk" in result:
            return "Reading the file takes too much disk space. Split it into several files."
        if "unexpected" in result:
            return "The file is damaged, or has a structure that is not supported. Open it and save it again."
        return f"Reading the file crashed, or took more than {memory}. Open it and save it again, or split it into several files."


def _exit_reason(result: dict[str, Any]) -> str | None:
    """Return the name of the signal that ended the reader."""
    number = result.get("signal")
    return signal.Signals(number).name if number in {each.value for each in signal.Signals} else None

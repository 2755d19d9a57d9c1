"""`parse` in a process of its own, with limits on memory, time and output; a reader that crashes or hangs ends one file and nothing else.

Knows nothing of formats. The processes are those of `nursery.py`; they end when this one does, however it ends.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from services.retrieval.parse import transfer
from services.retrieval.parse.document import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.ocr import LANGUAGES
from shared.errors import Unavailable

ROOT = Path(__file__).parents[3]
# What the readers may know of the service's environment: no address, no key.
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "HOME", "LD_LIBRARY_PATH", "PYTHONPATH", "TESSDATA_PREFIX", "VIRTUAL_ENV")
GRACE_SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: seconds, bytes of private memory, bytes of text that come out."""

    seconds: float = 300.0
    memory_bytes: int = 2048 * MIB
    text_bytes: int = 512 * MIB


class IsolatedParser:
    """Called as `parse` is, from any number of threads; the process is started by the first call.

    `languages` are those of text in images, as Tesseract names them (`deu+eng`).
    """

    def __init__(self, limits: Limits, parser: str = "services.retrieval.parse:parse", languages: str = "") -> None:
        self._limits = limits
        self._parser = parser
        self._languages = languages
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._asked: set[socket.socket] = set()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process's id, while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def __call__(self, path: Path, filename: str) -> Document:
        """Return the document in the bytes at `path`; `filename` is what the client calls them.

        Raises:
            UnsupportedFile, InvalidFile: as `parse` does, and where reading it takes more than the limits, or crashes.
            Unavailable: the process was ended from outside.
        """
        ours, theirs = socket.socketpair()
        with tempfile.TemporaryFile(prefix="tandem-parse-") as document, ours:
            with theirs:
                self._order(ours, theirs, document)
            try:
                answer = self._ask(ours, path, filename)
            finally:
                with self._lock:
                    self._asked.discard(ours)
            return self._result(answer, document)

    def close(self) -> None:
        """End the process and what it is at."""
        with self._lock:
            self._closed = True
            for each in self._asked:
                each.shutdown(socket.SHUT_RDWR)
            self._end()

    def _order(self, ours: socket.socket, theirs: socket.socket, document: BinaryIO) -> None:
        with self._lock:
            if self._closed:
                raise Unavailable("The service is stopping.")
            try:
                self._send(theirs, document)
            except OSError:
                # It was killed since; another takes its place.
                self._end()
                self._send(theirs, document)
            self._asked.add(ours)

    def _send(self, theirs: socket.socket, document: BinaryIO) -> None:
        if self.pid is None:
            self._end()
            self._start()
        if self._orders is not None:
            socket.send_fds(self._orders, [b"."], [theirs.fileno(), document.fileno()])

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {LANGUAGES: self._languages}
        command = [sys.executable, "-m", "services.retrieval.parse.forkserver", self._parser]
        with theirs:
            self._process = subprocess.Popen(
                command, stdin=theirs.fileno(), stdout=subprocess.DEVNULL, cwd=ROOT, env=environment, start_new_session=True
            )
        self._orders = ours

    def _end(self) -> None:
        if self._orders is not None:
            self._orders.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._orders = None

    def _ask(self, ours: socket.socket, path: Path, filename: str) -> dict[str, Any]:
        limits = self._limits
        request = {"path": str(path.absolute()), "filename": filename[-1000:], "seconds": limits.seconds}
        request |= {"memory_bytes": limits.memory_bytes, "text_bytes": limits.text_bytes}
        ours.settimeout(limits.seconds + GRACE_SECONDS)
        data = b""
        try:
            ours.sendall(json.dumps(request).encode() + b"\n")
            while piece := ours.recv(ANSWER_BYTES):
                data += piece
            answer: dict[str, Any] = json.loads(data)
        except (OSError, ValueError) as error:
            raise Unavailable("The process that reads files was ended; the file is tried again.") from error
        return answer

    def _result(self, answer: dict[str, Any], document: BinaryIO) -> Document:
        if "all" not in answer:
            self._refuse(answer)
        try:
            return transfer.read(document, transfer.Extent(int(answer["text"]), int(answer["all"])))
        except (ValueError, TypeError) as error:
            raise InvalidFile("The file makes its reader write nonsense. Open it and save it anew.") from error

    def _refuse(self, answer: dict[str, Any]) -> NoReturn:
        limits = self._limits
        memory = f"{limits.memory_bytes // MIB} MiB of memory (RETRIEVAL_PARSE_MEMORY_BYTES)"
        if "unsupported" in answer:
            raise UnsupportedFile(answer["unsupported"])
        if "invalid" in answer:
            raise InvalidFile(answer["invalid"])
        if "late" in answer:
            seconds = f"{limits.seconds:g} seconds (RETRIEVAL_PARSE_SECONDS)"
            raise InvalidFile(f"Reading the file takes longer than {seconds}. Split it into several files, or save it anew.")
        if "memory" in answer:
            raise InvalidFile(f"Reading the file takes more than {memory}. Split it into several files.")
        if "unexpected" in answer:
            raise InvalidFile(f"The file is damaged in a way its reader does not know ({answer['unexpected']}). Open it and save it anew.")
        if "unwanted" in answer:
            raise Unavailable("The service is stopping.")
        raise InvalidFile(f"The file makes its reader crash ({_signal(answer)}), or takes more than {memory}. Open it and save it anew.")


def _signal(answer: dict[str, Any]) -> str:
    number = answer.get("signal")
    return signal.Signals(number).name if number in {each.value for each in signal.Signals} else "no word"

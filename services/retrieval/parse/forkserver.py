"""The process that reads files, apart from the service: a child is forked for each, with the readers loaded and limits set.

python -m services.retrieval.parse.forkserver services.retrieval.parse:parse

It is started by `isolated.py`, which sends for each file one end of a socket (the request comes over it, the outcome goes back) and the
file that the document is written to. Two processes work on a file: the child reads, its supervisor waits, and ends it when its time
is over or the service has gone. Holds nothing of the service's: no connection, no secret, no library but the readers'.
"""

import ctypes
import json
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from services.retrieval.parse import READERS, transfer
from services.retrieval.parse.document import Document, InvalidFile, UnsupportedFile

Parse = Callable[[Path, str], Document]
Outcome = dict[str, Any]
REQUEST_BYTES = 64 * 1024
OUTCOME_BYTES = 64 * 1024
DIE_WITH_PARENT = 1
# Room for what a reader keeps in files of its own beside the text.
SPARE_FILE_BYTES = 64 * 1024 * 1024
NICENESS = 5


def serve(orders: socket.socket, parse: Parse) -> None:
    """Fork a supervisor for each order; return when the service has gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        data, descriptors, _, _ = socket.recv_fds(orders, 1, 2)
        if not data:
            return
        if os.fork() == 0:
            orders.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _run(partial(_supervise, descriptors, parse))
        for descriptor in descriptors:
            os.close(descriptor)


def _run(work: Callable[[], None]) -> NoReturn:
    """Do a child's work and end it, without what the parent would do at its own end."""
    try:
        work()
    finally:
        os._exit(0)


def _supervise(descriptors: list[int], parse: Parse) -> None:
    """Have the file read by a child, and say how it ended."""
    service, document = socket.socket(fileno=descriptors[0]), descriptors[1]
    request = json.loads(_receive(service))
    outcome, ours = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(outcome)
        service.close()
        _run(lambda: _read(request, document, ours, parse))
    os.close(ours)
    result = _await(outcome, service, time.monotonic() + request["seconds"])
    # While the child has not been waited for, its id is no other's.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    service.sendall(json.dumps(result or {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}).encode())


def _receive(service: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n"):
        piece = service.recv(REQUEST_BYTES)
        if not piece or len(data) > REQUEST_BYTES:
            os._exit(0)
        data += piece
    return data


def _await(outcome: int, service: socket.socket, deadline: float) -> Outcome | None:
    """Return what the child says; None where it ends without a word."""
    said = b""
    while True:
        ready, _, _ = select.select([outcome, service.fileno()], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return {"late": True}
        if service.fileno() in ready:
            # The service says nothing more, so it has gone or no longer wants the document.
            return {"unwanted": True}
        piece = os.read(outcome, OUTCOME_BYTES)
        if not piece:
            return json.loads(said) if said.endswith(b"\n") else None
        said += piece


def _read(request: Outcome, document: int, outcome: int, parse: Parse) -> None:
    """Read the file as a child: within its limits, in a session of its own, and never longer than its supervisor lives."""
    supervisor = os.getppid()
    os.setsid()
    _confine(request)
    if os.getppid() != supervisor:
        return
    os.write(outcome, json.dumps(_outcome(request, document, parse)).encode() + b"\n")


def _outcome(request: Outcome, document: int, parse: Parse) -> Outcome:
    try:
        with os.fdopen(document, "wb") as file:
            extent = transfer.write(parse(Path(request["path"]), request["filename"]), file, request["text_bytes"])
        return {"text": extent.text, "all": extent.all}
    except UnsupportedFile as error:
        return {"unsupported": str(error)[:4000]}
    except InvalidFile as error:
        return {"invalid": str(error)[:4000]}
    except MemoryError:
        return {"memory": True}
    except Exception as error:
        return {"unexpected": f"{type(error).__name__}: {error}"[:500]}


def _confine(request: Outcome) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    with suppress(OSError):
        # Where the machine runs out of memory, this process goes, not the service.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    os.nice(NICENESS)
    # Private memory that can be written, as it is asked for; unlike RLIMIT_AS, libraries and mapped files do not count.
    _limit(resource.RLIMIT_DATA, request["memory_bytes"])
    _limit(resource.RLIMIT_FSIZE, 2 * request["text_bytes"] + SPARE_FILE_BYTES)
    _limit(resource.RLIMIT_CPU, int(request["seconds"]) * (os.cpu_count() or 1) + 5)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (most, most))


def _load(name: str) -> Parse:
    module, _, function = name.partition(":")
    parse: Parse = getattr(import_module(module), function)
    return parse


def main() -> None:
    """Load the readers, then serve over the socket that is the standard input."""
    parse = _load(sys.argv[1])
    for reader in READERS.values():
        import_module(f"services.retrieval.parse.{reader.partition(':')[0]}")
    with socket.socket(fileno=0) as orders:
        serve(orders, parse)


if __name__ == "__main__":
    main()

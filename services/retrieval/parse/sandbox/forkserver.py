"""The process that reads files for the service: it forks a child for each, with the readers imported and limits set.

python -m services.retrieval.parse.sandbox.forkserver services.retrieval.parse.read:read_document

`parser.py` starts it and sends for each file one end of a socket (for the request and the result) and the file that the document is written
to. Two processes work on each file: the child reads it; its supervisor waits, and kills the child at the time limit or if the service
has ended. It has no connections and no secrets of the service, and only the libraries of the readers.
"""

import ctypes
import errno
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

from services.retrieval.parse.document import Document, InvalidFile, UnsupportedFile
from services.retrieval.parse.read import import_readers
from services.retrieval.parse.sandbox import transfer

Read = Callable[[Path, str], Document]
Result = dict[str, Any]
MAX_REQUEST_BYTES = 64 * 1024
RECEIVE_BYTES = 64 * 1024
MAX_MESSAGE_LENGTH = 4000
PR_SET_PDEATHSIG = 1
# Space for files that a reader creates besides the text.
SPARE_FILE_BYTES = 64 * 1024 * 1024
NICENESS = 5


def serve(service: socket.socket, read: Read) -> None:
    """Fork a supervisor for each file; return when the service has ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        data, descriptors, _, _ = socket.recv_fds(service, 1, 2)
        if not data:
            return
        if os.fork() == 0:
            service.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _run_and_exit(partial(_supervise, descriptors, read))
        for descriptor in descriptors:
            os.close(descriptor)


def _run_and_exit(work: Callable[[], None]) -> NoReturn:
    """Do a child's work and exit, without the exit handlers of its parent."""
    try:
        work()
    finally:
        os._exit(0)


def _supervise(descriptors: list[int], read: Read) -> None:
    """Let a child read the file, and send the result to the service."""
    service, document = socket.socket(fileno=descriptors[0]), descriptors[1]
    request = json.loads(_receive_request(service))
    result_pipe, child_pipe = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(result_pipe)
        service.close()
        _run_and_exit(lambda: _read_file(request, document, child_pipe, read))
    os.close(child_pipe)
    result = _wait_for_result(result_pipe, service, time.monotonic() + request["seconds"])
    status = _kill(child)
    service.sendall(json.dumps(result or {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0}).encode())


def _kill(child: int) -> int:
    """Kill a child with all processes it started; return its exit status."""
    # Until it is waited for, no other process can have its id.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _receive_request(service: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\n"):
        received = service.recv(MAX_REQUEST_BYTES)
        if not received or len(data) > MAX_REQUEST_BYTES:
            os._exit(0)
        data += received
    return data


def _wait_for_result(result_pipe: int, service: socket.socket, deadline: float) -> Result | None:
    """Return the child's result; None if it exits without one."""
    data = b""
    while True:
        ready, _, _ = select.select([result_pipe, service.fileno()], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return {"timeout": True}
        if service.fileno() in ready:
            # The service sends nothing after the request, so it has closed its end.
            return {"disconnected": True}
        received = os.read(result_pipe, RECEIVE_BYTES)
        if not received:
            return json.loads(data) if data.endswith(b"\n") else None
        data += received


def _read_file(request: dict[str, Any], document: int, result_pipe: int, read: Read) -> None:
    """Read the file in a child: within its limits, in its own session, and never longer than its supervisor lives."""
    supervisor = os.getppid()
    os.setsid()
    _apply_limits(request)
    if os.getppid() != supervisor:
        return
    os.write(result_pipe, json.dumps(_try_to_read(request, document, read)).encode() + b"\n")


def _try_to_read(request: dict[str, Any], document: int, read: Read) -> Result:
    try:
        with os.fdopen(document, "wb") as file:
            sizes = transfer.write(read(Path(request["path"]), request["filename"]), file, request["text_bytes"])
        return {"text_bytes": sizes.text_bytes, "total_bytes": sizes.total_bytes}
    except UnsupportedFile as error:
        return {"unsupported": str(error)[:MAX_MESSAGE_LENGTH]}
    except InvalidFile as error:
        return {"invalid": str(error)[:MAX_MESSAGE_LENGTH]}
    except MemoryError:
        return {"memory": True}
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            return {"disk": True}
        return {"unexpected": f"{type(error).__name__}: {error}"[:MAX_MESSAGE_LENGTH]}


def _apply_limits(request: dict[str, Any]) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    with suppress(OSError):
        # If the machine runs out of memory, the kernel kills this process, not the service.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    os.nice(NICENESS)
    # Private writable memory as it is reserved; unlike RLIMIT_AS, libraries and mapped files do not count.
    _set_limit(resource.RLIMIT_DATA, request["memory_bytes"])
    _set_limit(resource.RLIMIT_FSIZE, 2 * request["text_bytes"] + SPARE_FILE_BYTES)
    _set_limit(resource.RLIMIT_CPU, int(request["seconds"]) * (os.cpu_count() or 1) + 5)
    _set_limit(resource.RLIMIT_CORE, 0)


def _set_limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (limit, limit))


def _import_function(name: str) -> Read:
    module, _, function = name.partition(":")
    read: Read = getattr(import_module(module), function)
    return read


def main() -> None:
    """Import the readers, then serve the socket that is the standard input."""
    read = _import_function(sys.argv[1])
    import_readers()
    with socket.socket(fileno=0) as service:
        serve(service, read)


if __name__ == "__main__":
    main()

"""The processes that train a job together. The first starts the others, and all end if one does.

All of them are in the process group of the first, so what ends it ends them (see `fence`). If another one fails or is killed, the first
ends in the same way, and if the first is gone, Linux kills the others: none can go on alone, or wait for one that is gone.
"""

import ctypes
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
PR_SET_PDEATHSIG = 1  # of prctl(2)
# gloo and NCCL open their first connections on this interface; without it, they look up the host's name, which may lead nowhere.
INTERFACES = {"GLOO_SOCKET_IFNAME": "lo", "NCCL_SOCKET_IFNAME": "lo"}
NAMES = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")  # torch's, accelerate's and transformers'


@dataclass(frozen=True)
class Rank:
    """One of `count` processes. They meet at a `port` of this host; the first has it open already as the file descriptor `listener`."""

    number: int
    count: int
    port: int = 0
    listener: int | None = None


def start_ranks(command: Sequence[str], count: int) -> Rank:
    """Start all but the first of `count` processes, with `command` and four numbers; return the first, which is this one.

    Call it in the main thread: when this ends, Linux kills them.
    """
    if count == 1:
        return _enter(Rank(0, 1))
    listener = socket.create_server((LOOPBACK, 0))
    port = listener.getsockname()[1]
    for number in range(1, count):
        numbers = (number, count, port, os.getpid())
        process = subprocess.Popen([*command, *map(str, numbers)], stdin=subprocess.DEVNULL)
        threading.Thread(target=_end_with, args=(process,), daemon=True).start()
    return _enter(Rank(0, count, port, listener.detach()))


def join_ranks(numbers: Sequence[str]) -> Rank:
    """Return the rank of a process that was started with these numbers, and tie it to the first."""
    number, count, port, first = map(int, numbers)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != first:  # it ended before
        os._exit(1)
    return _enter(Rank(number, count, port))


def _enter(rank: Rank) -> Rank:
    """Set the variables by which libraries know that several processes train together, or that this one is alone."""
    for name in NAMES:
        os.environ.pop(name, None)
    if rank.count > 1:
        values = (rank.number, rank.number, rank.count, rank.count, LOOPBACK, rank.port)
        os.environ.update({name: str(value) for name, value in zip(NAMES, values, strict=True)})
        os.environ.update({name: os.environ.get(name, lo) for name, lo in INTERFACES.items()})
    return rank


def _end_with(process: "subprocess.Popen[bytes]") -> None:
    """End this process as the other one ended, unless it has done its work."""
    code = process.wait()
    if code < 0:
        os.kill(os.getpid(), -code)
    if code != 0:
        os._exit(abs(code))

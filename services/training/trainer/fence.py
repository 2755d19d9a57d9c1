"""A process that ends the training when its worker loses the job, whatever the training is doing at that moment.

The worker holds the job by a lease that it renews. It writes to the standard input of the training process until when the lease lasts,
and again after every renewal. If that moment passes, or the input closes, this process kills the training with all that it started: a
worker that is gone, stopped or cut off cannot leave a training behind that goes on beside the next one.

It is a process of its own, because a thread would have to wait for the interpreter's lock, which loading a model may hold for long.
Knows nothing of jobs and of what is trained.
"""

import os
import selectors
import signal
import threading
import time
from typing import NoReturn

PAUSE = signal.SIGUSR1  # what the worker sends to the training process, which then puts its work away and ends
FIRST_SECONDS = 60.0  # for a worker to write the first deadline


def format_deadline(deadline: float) -> str:
    """Return the line that moves the deadline; `deadline` is in seconds of `time.monotonic()`, the same for all processes of a host."""
    return f"{deadline:.3f}\n"


def start_fence() -> None:
    """Start the process. Call it in the first moments of the training process, which must lead a process group of its own.

    If the process is killed, the training ends too.
    """
    is_alive, stays_open = os.pipe()
    if os.fork() == 0:
        os.close(is_alive)
        _guard()
    os.close(stays_open)
    threading.Thread(target=_exit_with_fence, args=(is_alive,), daemon=True).start()


def _guard() -> NoReturn:
    _close_outputs()
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    deadline, unread = time.monotonic() + FIRST_SECONDS, b""
    while selector.select(max(0.0, deadline - time.monotonic())):
        received = os.read(0, 4096)
        if not received:
            break
        *lines, unread = (unread + received).split(b"\n")
        deadline = float(lines[-1]) if lines else deadline
    os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _close_outputs() -> None:
    """Let go of the outputs, so that the worker sees them end with the training."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for output in (1, 2):
        os.dup2(nothing, output)


def _exit_with_fence(is_alive: int) -> None:
    os.read(is_alive, 1)  # ends when the other process does
    os._exit(1)

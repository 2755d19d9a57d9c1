"""Waiting for a neighbour without losing sight of the job: a cancel, a stop or a lost lease ends the wait at once."""

import contextvars
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from shared.errors import DeadlineExceeded, TooManyRequests, Unavailable
from shared.workers.job_runner import JobContext

FOR_NOW = (TooManyRequests, Unavailable, DeadlineExceeded)
LOOK_SECONDS = 0.25
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 8.0

T = TypeVar("T")


def attended(context: JobContext, call: Callable[[], T]) -> T:
    """Return what `call` returns or raises; it runs in a thread, which is left to itself where the job must end.

    Raises:
        JobInterrupted: the job must end.
    """
    results: queue.SimpleQueue[Callable[[], T]] = queue.SimpleQueue()
    variables = contextvars.copy_context()  # the request id goes along
    threading.Thread(target=lambda: results.put(_outcome(lambda: variables.run(call))), daemon=True).start()
    while True:
        context.raise_if_interrupted()
        try:
            result = results.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            continue
        return result()


def patiently(context: JobContext, seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns; where it is refused for now, call again after 0.5 s, 1 s … 8 s, for `seconds` in all.

    Raises:
        TandemError: the last refusal, once the time is over; any other error at once.
        JobInterrupted: the job must end.
    """
    deadline = time.monotonic() + seconds
    wait = FIRST_WAIT_SECONDS
    while True:
        try:
            return attended(context, call)
        except FOR_NOW:
            if time.monotonic() + wait > deadline:
                raise
        attended(context, lambda: time.sleep(wait))  # noqa: B023  it is called before `wait` changes
        wait = min(2 * wait, LONGEST_WAIT_SECONDS)


def _outcome(call: Callable[[], T]) -> Callable[[], T]:
    """Return what gives the call's result, or raises its error, in whatever thread it is called."""
    future: Future[T] = Future()
    try:
        future.set_result(call())
    except BaseException as error:
        future.set_exception(error)
    return future.result

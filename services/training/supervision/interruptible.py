"""Waits that end immediately if the job must end: for slow work in this process, and for calls of Tandem's API."""

import contextvars
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, wait
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext
from shared.workers.retry import retry

POLL_SECONDS = 0.25

T = TypeVar("T")
ApiT = TypeVar("ApiT")


def run_in_thread(call: Callable[[], T], context: JobContext) -> T:
    """Return what `call` returns or raises. It runs in a thread, which is abandoned if the job must end.

    Raises:
        JobInterrupted: if the job must end.
    """
    future: Future[T] = Future()
    variables = contextvars.copy_context()  # carries the request id

    def run() -> None:
        try:
            future.set_result(variables.run(call))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not future.done():
        context.raise_if_interrupted()
        wait([future], timeout=POLL_SECONDS)
    return future.result()


def call_api(
    open_api: Callable[[], AbstractAsyncContextManager[ApiT]],
    call: Callable[[ApiT], Awaitable[T]],
    context: JobContext,
    retry_seconds: float,
) -> T:
    """Return the result of one call of Tandem's API; a call that fails only for the moment is repeated for `retry_seconds`.

    Raises:
        JobInterrupted: if the job must end; the call in flight is canceled.
        TandemError: if the call failed for good.
    """

    async def run() -> T:
        async with open_api() as api:
            return await retry(lambda: call(api), retry_seconds)

    return run_interruptibly(run(), context)

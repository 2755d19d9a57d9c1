"""Runs a coroutine for a job and cancels it as soon as the job must end."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from shared.workers.job_context import JobContext, JobInterrupted

POLL_SECONDS = 0.2

T = TypeVar("T")


def run_interruptibly(coroutine: Coroutine[Any, Any, T], context: JobContext) -> T:
    """Run `coroutine` in a new event loop and return its result.

    Raises:
        JobInterrupted: the job was canceled, the worker is stopping, or the lease was lost. The coroutine, with every call that it
            has in flight, is canceled first. If the worker is stopping, its threads are not waited for.
    """
    return asyncio.run(_cancel_on_interrupt(coroutine, context))


async def _cancel_on_interrupt(coroutine: Coroutine[Any, Any, T], context: JobContext) -> T:
    task = asyncio.ensure_future(coroutine)
    while not task.done():
        await asyncio.wait([task], timeout=POLL_SECONDS)
        if context.interrupt_reason and not task.done():
            if context.interrupt_reason == "stopping":
                # The event loop waits for the threads of its executor, so it gets another one.
                asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise JobInterrupted(context.interrupt_reason)
    return task.result()

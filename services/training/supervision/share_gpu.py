"""Shares a GPU with other programs: a job waits for memory in the queue, and the engine on the same GPU may sleep during a training.

The worker never calls the engine: it stores a request in the database, which the front doors fulfill. If this worker dies, the request no
longer counts, and they wake the engine.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.training.supervision.wait_for_memory import (
    RETRY_SECONDS,
    SLEEP_RETRY_SECONDS,
    FindBytes,
    Needed,
    look_again,
    wait_for_memory,
)
from shared.records.engine_sleeps import SleepState, find_state, request_sleep, withdraw
from shared.workers.job_context import JobContext

POLL_SECONDS = 1.0
REMIND_SECONDS = 600.0
SLEEPS = "The engine sleeps while the model is trained, because both use the same GPU."
NOT_YET = (
    "The training is waiting for the engine {url} to sleep. The engine finishes the requests in progress first. "
    "If this takes long, check that the front door is running, and that it has no requests that never end."
)
WAKES = "The engine is waking up."

FindNeeded = Callable[[], int]
Wait = Callable[[int], None]


@dataclass(frozen=True)
class GpuSharing:
    """How a worker shares its GPU. If the engine at `engine_url`, which runs on it, shall not sleep, that is None."""

    find_free: FindBytes
    find_total: FindBytes
    engine_url: str | None = None


def wait_again(sharing: GpuSharing | None, context: JobContext, wait: Path) -> None:
    """Return the job to the queue if it came back from there too early, before anything else is done. `wait` is as for `share_gpu`.

    If the engine shall sleep, that can only be said once it does.

    Raises:
        JobInterrupted: if the job must wait.
    """
    if sharing and not sharing.engine_url:
        look_again(sharing.find_free, sharing.find_total, context, wait)


@contextmanager
def share_gpu(sharing: GpuSharing | None, find_needed: FindNeeded, context: JobContext, wait: Path) -> Iterator[Wait]:
    """Yield a function that takes the number of GPUs. If each has as many free bytes as `find_needed` returns, it returns; otherwise
    it gives the job back to the queue. Without `sharing`, it does nothing. `wait` is the file that says what the job waits for.

    Inside the `with` block, the engine sleeps, if it shall. If the job ends there, this worker no longer holds it, and the engine wakes.

    Raises:
        JobInterrupted: if the job must end, or wait.
    """
    if sharing is None:
        yield lambda _gpus: None
        return
    engine_url = sharing.engine_url
    if engine_url:
        _wait_until_asleep(engine_url, context)
    seconds = SLEEP_RETRY_SECONDS if engine_url else RETRY_SECONDS
    yield lambda gpus: wait_for_memory(Needed(find_needed(), gpus), sharing.find_free, sharing.find_total, context, wait, seconds)
    if engine_url:
        context.write(lambda session: withdraw(session, context.job.id))
        context.add_event(WAKES)


def _wait_until_asleep(engine_url: str, context: JobContext) -> None:
    """Request that the engine sleeps, and return once it does, or cannot."""
    context.write(lambda session: request_sleep(session, engine_url, context.job.id))
    started, reminders = time.monotonic(), 0
    while not _has_outcome(_read_state(context), context):
        if time.monotonic() - started >= reminders * REMIND_SECONDS:
            reminders += 1
            context.add_event(NOT_YET.format(url=engine_url))
        time.sleep(POLL_SECONDS)


def _read_state(context: JobContext) -> SleepState | None:
    found: list[SleepState | None] = []
    context.write(lambda session: found.append(find_state(session, context.job.id)))
    return found[-1]


def _has_outcome(state: SleepState | None, context: JobContext) -> bool:
    if state is None or not (state.problem or state.is_asleep):
        return False
    if state.problem:
        context.add_event(f"{state.problem} The training shares the GPU with the engine.", level="warn")
    else:
        context.add_event(SLEEPS)
    return True

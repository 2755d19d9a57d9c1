"""Waits until the GPU has enough free memory for a training, because an engine or another program uses it too."""

import time
from collections.abc import Callable

from shared.log import get_logger
from shared.workers.job_context import JobContext

LOOK_SECONDS = 5.0  # between two looks at the GPU
REMIND_SECONDS = 900.0  # between two events about the same wait
POLL_SECONDS = 0.25  # between two looks at whether the job must end

FindBytes = Callable[[], int]  # of the GPU's memory; raises OSError or ValueError if that cannot be found out
Sleep = Callable[[float], object]
TOO_SMALL = (
    "By its estimate, the training needs at least {:.1f} GB of GPU memory, but the GPU has {:.1f} GB in total, so it starts without "
    "waiting. If it runs out of memory, use shorter examples."
)

log = get_logger(__name__)


def wait_for_memory(needed: int, find_free: FindBytes, find_total: FindBytes, context: JobContext, sleep: Sleep = time.sleep) -> None:
    """Return once the GPU has `needed` free bytes. The job's events say what it waits for, from time to time, and how long it took.

    If the GPU does not say what is free, or has less memory than that in total, the training starts at once.

    Raises:
        JobInterrupted: if the job must end.
    """
    if (total := _look(find_total)) < needed:
        context.add_event(TOO_SMALL.format(needed / 1e9, total / 1e9), level="warn")
        return
    started, reminders = time.monotonic(), 0
    while (free := _look(find_free)) < needed:
        waited = time.monotonic() - started
        if waited >= reminders * REMIND_SECONDS:
            reminders += 1
            context.add_event(_describe_wait(needed, int(free), waited), level="warn")
        _pause(context, sleep)
    if reminders:
        minutes = (time.monotonic() - started) / 60
        context.add_event(f"The GPU has enough free memory now. The training waited {minutes:,.0f} minutes for it.")


def _look(find_bytes: FindBytes) -> float:
    try:
        return find_bytes()
    except (OSError, ValueError) as error:
        log.warning("the memory of the GPU is not known, so the training does not wait for it", problem=str(error))
        return float("inf")


def _describe_wait(needed: int, free: int, waited: float) -> str:
    begin = f"The training has been waiting for {waited / 60:,.0f} minutes" if waited >= REMIND_SECONDS else "The training is waiting"
    numbers = f"it needs at least {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free."
    return f"{begin} for GPU memory that other programs are using: {numbers}"


def _pause(context: JobContext, sleep: Sleep) -> None:
    for _ in range(int(LOOK_SECONDS / POLL_SECONDS)):
        context.raise_if_interrupted()
        sleep(POLL_SECONDS)
    context.raise_if_interrupted()

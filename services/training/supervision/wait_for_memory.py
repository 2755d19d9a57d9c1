"""Returns a job to the queue while the GPU has too little free memory for it, because an engine or another program uses it too.

So the worker can run other jobs meanwhile. What the job waits for is in its folder, so that the next attempt looks at the GPU before it
does anything else, and so that the job's events say only once that it waits.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.training.planning.job_folder import write_atomically
from shared.log import get_logger
from shared.workers.job_context import JobContext

STAGE = "waiting_for_memory"
RETRY_SECONDS = 30.0  # between two attempts
SLEEP_RETRY_SECONDS = 600.0  # if the engine has to fall asleep for each

FindBytes = Callable[[int], int]  # takes a number of GPUs, returns the memory of each; raises OSError or ValueError if it is not known
TOO_SMALL = (
    "By its estimate, the training needs at least {:.1f} GB of GPU memory, but the GPU has {:.1f} GB in total, so it starts without "
    "waiting. If it runs out of memory, use shorter examples."
)
WAITS = (
    "The job is waiting for GPU memory that other programs are using: it needs at least {:.1f} GB, and {:.1f} GB is free. "
    "Until there is enough, the worker runs other jobs."
)

log = get_logger(__name__)


@dataclass(frozen=True)
class Needed:
    """So many `bytes` of memory on each of the worker's first `gpus`. A training does not wait for GPUs that it does not use."""

    bytes: int
    gpus: int = 1


def wait_for_memory(
    needed: Needed, find_free: FindBytes, find_total: FindBytes, context: JobContext, wait: Path, seconds: float = RETRY_SECONDS
) -> None:
    """Return if what is `needed` is free; otherwise return the job to the queue, where no worker claims it for `seconds`.

    `wait` is the file that says what the job waits for. If it is not known what is free, or if the GPUs have less memory in total, the
    training starts at once.

    Raises:
        JobInterrupted: if the job must end, or wait.
    """
    if (total := _look(find_total, needed.gpus)) < needed.bytes:
        context.add_event(TOO_SMALL.format(needed.bytes / 1e9, total / 1e9), level="warn")
        wait.unlink(missing_ok=True)
        return
    if (free := _look(find_free, needed.gpus)) < needed.bytes:
        _note_wait(needed, int(free), context, wait)
        context.defer(seconds, STAGE)
    if wait.exists():
        minutes = int(time.time() - _read(wait)["since"]) // 60
        context.add_event(f"The GPU has enough free memory now. The job waited {_count_minutes(minutes)} for it.")
        wait.unlink()


def look_again(find_free: FindBytes, find_total: FindBytes, context: JobContext, wait: Path) -> None:
    """Return the job to the queue again if it waits for memory, and the GPU still has too little. Before that, nothing else is done.

    Raises:
        JobInterrupted: if the job must wait.
    """
    if not wait.exists():
        return
    waits = _read(wait)
    gpus = waits.get("gpus", 1)  # older versions did not write it
    if _look(find_free, gpus) < waits["needed"] <= _look(find_total, gpus):
        context.defer(RETRY_SECONDS, STAGE)


def _note_wait(needed: Needed, free: int, context: JobContext, wait: Path) -> None:
    """Write what the job waits for, and since when; add an event about it if there is none yet."""
    since = _read(wait)["since"] if wait.exists() else time.time()
    if not wait.exists():
        context.add_event(WAITS.format(needed.bytes / 1e9, free / 1e9), level="warn")
    write_atomically(wait, json.dumps({"needed": needed.bytes, "gpus": needed.gpus, "since": since}))


def _read(wait: Path) -> dict[str, Any]:
    return dict(json.loads(wait.read_text()))


def _look(find_bytes: FindBytes, gpus: int) -> float:
    try:
        return find_bytes(gpus)
    except (OSError, ValueError) as error:
        log.warning("the memory of the GPU is not known, so the training does not wait for it", problem=str(error))
        return float("inf")


def _count_minutes(minutes: int) -> str:
    return {0: "less than a minute", 1: "1 minute"}.get(minutes, f"{minutes:,} minutes")

"""Opens a job's work folder, and decides at the end whether it stays for the next worker; and keeps there that the training has ended."""

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.training.planning.job_folder import JobFolder, fsync, write_atomically
from shared.errors import DatabaseUnavailable, StorageFull, TandemError
from shared.workers.job_context import JobContext

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def open_job_folder(path: Path, context: JobContext) -> Iterator[JobFolder]:
    """Yield the job's folder. It stays if another worker will continue the job; otherwise it is deleted.

    Raises:
        StorageFull, TandemError: in place of an OSError.
    """
    path.mkdir(parents=True, exist_ok=True)
    try:
        with _translate_os_errors(path):
            yield JobFolder(path)
    except DatabaseUnavailable:
        context.abandon()
        raise
    finally:
        if context.interrupt_reason not in ("stopping", "lost", "paused", "deferred"):
            shutil.rmtree(path, ignore_errors=True)


def train_once(folder: JobFolder, train: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return the metrics of the training. Only if it has not ended in this folder, call `train`, which returns them."""
    if folder.trained.exists():
        return dict(json.loads(folder.trained.read_text()))
    metrics = train()
    for path in [*folder.adapter.iterdir(), folder.adapter]:
        fsync(path)
    write_atomically(folder.trained, json.dumps(metrics))
    return metrics


@contextmanager
def _translate_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise StorageFull(
                f"There is no space left on the worker's disk (in {path.parent} or the adapters' folder). Free some, and retry the job."
            ) from error
        raise TandemError(f"The worker cannot use its disk: {error}.", code="storage_failed") from error

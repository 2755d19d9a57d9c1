"""Opens a job's work folder, and decides at the end whether it stays for the next worker."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.training.planning.job_folder import JobFolder
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
        if context.interrupt_reason not in ("stopping", "lost", "paused"):
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _translate_os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in DISK_FULL:
            raise StorageFull(f"There is no space left on the worker's disk (in {path.parent} or the adapters' folder).") from error
        raise TandemError(f"The worker cannot use its disk: {error}.", code="storage_failed") from error

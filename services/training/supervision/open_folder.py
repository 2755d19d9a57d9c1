"""Opens a job's work folder, and decides at its end whether it stays: for the next worker, or for a job that repeats one that failed.

It also keeps there that the training has ended.
"""

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.training.planning.job_folder import JobFolder, fsync, write_atomically
from services.training.trainer.checkpoints import find_checkpoint, read_step
from shared.contracts.fine_tuning import TrainingSpec
from shared.errors import DatabaseUnavailable, StorageFull, TandemError
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job, find
from shared.workers.job_context import JobContext, JobInterrupted

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def open_job_folder(path: Path, context: JobContext) -> Iterator[JobFolder]:
    """Yield the job's folder. It stays if another worker will continue the job, or if the job failed and one that repeats it can go on.
    Otherwise it is deleted.

    Raises:
        StorageFull, TandemError: in place of an OSError.
    """
    path.mkdir(parents=True, exist_ok=True)
    has_failed = False
    try:
        with _translate_os_errors(path):
            yield JobFolder(path)
    except DatabaseUnavailable:
        context.abandon()
        raise
    except JobInterrupted:
        raise
    except Exception:
        has_failed = context.interrupt_reason is None
        raise
    finally:
        if context.interrupt_reason not in ("stopping", "lost", "paused", "deferred"):
            _close(JobFolder(path), has_failed=has_failed)


def adopt_folder(work: Path, database: Database, context: JobContext) -> None:
    """Give a job that repeats a failed one the folder that this left in `work`, so that its training goes on there; an event says so.

    Without such a folder, or if the jobs do not train the same, nothing happens: the job starts from the first step. Of several jobs that
    repeat the same one, the first gets the folder.
    """
    spec, target = TrainingSpec.model_validate(context.job.spec), work / context.job.id
    if spec.retry_of is None or target.exists() or not can_go_on(source := JobFolder(work / spec.retry_of)):
        return
    with database.session() as session:
        repeated = find(session, FINE_TUNING, context.job.project_id, spec.retry_of)
    if repeated is None or repeated.status != "failed" or not _train_the_same(repeated, context.job):
        return
    try:
        source.path.rename(target)
    except OSError:  # another job was faster, or its days are over
        return
    JobFolder(target).memory_wait.unlink(missing_ok=True)
    context.add_event("Fine-tuning job started")
    context.add_event(f"The training continues from {_describe_state(JobFolder(target))} of the failed job {spec.retry_of}.")


def can_go_on(folder: JobFolder) -> bool:
    """Return whether a training can go on in the folder without losing every step: it has a complete checkpoint, or has ended."""
    return folder.trained.exists() or find_checkpoint(folder.checkpoints) is not None


def keep_newest_checkpoint(folder: JobFolder) -> None:
    """Delete every checkpoint but the one that a training would go on from: a failed job must not fill the disk."""
    newest = find_checkpoint(folder.checkpoints)
    for path in folder.checkpoints.glob("attempt-*/*"):
        if path != newest:
            shutil.rmtree(path, ignore_errors=True)


def _close(folder: JobFolder, *, has_failed: bool) -> None:
    if has_failed and can_go_on(folder):
        keep_newest_checkpoint(folder)
    else:
        shutil.rmtree(folder.path, ignore_errors=True)


def _train_the_same(first: Job, second: Job) -> bool:
    """Return whether two jobs were requested with the same model, files, seed, method and device."""
    one, other = (TrainingSpec.model_validate(job.spec) for job in (first, second))
    names = ("model", "training_file", "validation_file", "seed")
    are_equal = all(getattr(one, name) == getattr(other, name) for name in names) and first.device == second.device
    return are_equal and (one.requested_method or one.method) == (other.requested_method or other.method)


def _describe_state(folder: JobFolder) -> str:
    checkpoint = None if folder.trained.exists() else find_checkpoint(folder.checkpoints)
    return f"the checkpoint at step {read_step(checkpoint)}" if checkpoint else "the end of the training"


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

"""Opens a job's work folder, and decides at its end whether it stays: for the next worker, or for a job that repeats one that failed.

It also keeps there that the training has ended.
"""

import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.training.planning.job_folder import JobFolder, fsync, write_atomically
from services.training.trainer.checkpoints import find_checkpoint, read_step
from services.training.trainer.epochs.adapters import delete_later_epochs
from shared.contracts.fine_tuning import TrainingSpec
from shared.errors import DatabaseUnavailable, StorageFull, TandemError
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job, find
from shared.workers.job_context import JobContext, JobInterrupted

DISK_FULL = (errno.ENOSPC, errno.EDQUOT)
KEPT = (
    "Retry the job (POST /v1/fine_tuning/jobs/{job_id}/retry) within {days} to continue from {state}. "
    "A worker on another machine starts from the first step."
)


@contextmanager
def open_job_folder(path: Path, context: JobContext, keep_days: float = 0) -> Iterator[JobFolder]:
    """Yield the job's folder, and delete it at the end unless it is still needed.

    It stays if another worker will continue the job. If the job failed and a retry can continue in it, it stays for `keep_days`, and the
    event about the failure says so.

    Raises:
        StorageFull, TandemError: in place of an OSError.
    """
    path.mkdir(parents=True, exist_ok=True)
    failure: Exception | None = None
    try:
        with _translate_os_errors(path):
            yield JobFolder(path)
    except DatabaseUnavailable:
        context.abandon()
        raise
    except JobInterrupted:
        raise
    except Exception as error:
        failure = error if context.interrupt_reason is None else None
        raise
    finally:
        if context.interrupt_reason not in ("stopping", "lost", "paused", "deferred"):
            _close(JobFolder(path), failure, context, keep_days)


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


def keep_what_is_needed(folder: JobFolder) -> None:
    """Delete what a retry that continues in the folder does not need, or makes again: a failed job must not fill the disk.

    A retry continues from the newest checkpoint, unless the training has ended. It makes the adapters of later epochs again, and encodes
    the files itself.
    """
    checkpoint = _find_next(folder)
    for path in folder.checkpoints.glob("attempt-*/*"):
        if path != checkpoint:
            shutil.rmtree(path, ignore_errors=True)
    if checkpoint:
        delete_later_epochs(folder.epochs, read_step(checkpoint))
    for kind in ("training", "validation"):
        folder.tokens(kind).unlink(missing_ok=True)


def _find_next(folder: JobFolder) -> Path | None:
    """Return the checkpoint from which a training in the folder continues; None if there is none, or if the training has ended."""
    return None if folder.trained.exists() else find_checkpoint(folder.checkpoints)


def _close(folder: JobFolder, failure: Exception | None, context: JobContext, keep_days: float) -> None:
    if failure and can_go_on(folder):
        keep_what_is_needed(folder)
        if keep_days and getattr(failure, "code", None) != "loss_not_finite":  # it would happen again
            days = "1 day" if keep_days == 1 else f"{keep_days:g} days"
            context.advise_after_failure(KEPT.format(job_id=context.job.id, days=days, state=_describe_state(folder)))
    else:
        shutil.rmtree(folder.path, ignore_errors=True)


def _train_the_same(first: Job, second: Job) -> bool:
    """Return whether two jobs were requested with the same model, files, seed, method and device."""
    one, other = (TrainingSpec.model_validate(job.spec) for job in (first, second))
    names = ("model", "training_file", "validation_file", "seed")
    are_equal = all(getattr(one, name) == getattr(other, name) for name in names) and first.device == second.device
    return are_equal and (one.requested_method or one.method) == (other.requested_method or other.method)


def _describe_state(folder: JobFolder) -> str:
    checkpoint = _find_next(folder)
    return f"the checkpoint at step {read_step(checkpoint)}" if checkpoint else "the end of the training"


def read_metrics(folder: JobFolder) -> dict[str, Any] | None:
    """Return the metrics of the training if it has ended in this folder."""
    return dict(json.loads(folder.trained.read_text())) if folder.trained.exists() else None


def store_metrics(metrics: dict[str, Any], folder: JobFolder) -> dict[str, Any]:
    """Store the metrics of a training that has ended, once its adapter is on the disk, so that nothing trains it again. Return them."""
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

"""Deletes what ended jobs left: work folders of jobs that were canceled while no worker held them, or that failed days ago, and adapters
that no one can use.

A worker that is killed while it publishes leaves folders of adapters without rows. The next worker stores their rows, unless the job was
canceled, or failed, before there was one.
"""

import re
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.training.planning.job_folder import JobFolder
from services.training.supervision.open_folder import can_go_on, keep_what_is_needed
from shared.errors import TandemError
from shared.log import get_logger
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, PREFIXES, UNFINISHED, Job
from shared.records.models.adapters import JOB, NAME, Adapter

SWEEP_SECONDS = 60.0
DELETED = ".deleted"  # at the end of the name of a folder that is being deleted

log = get_logger(__name__)

JOB_ID = re.compile(re.escape(PREFIXES[FINE_TUNING]) + "[A-Za-z0-9]+")


def keep_sweeping(work: Path, adapters: Path, database: Database, kept_seconds: float, stopping: threading.Event) -> None:
    """Delete what ended jobs left, every minute until the worker stops: a worker without jobs must not keep their checkpoints."""
    while not stopping.wait(SWEEP_SECONDS):
        try:
            delete_ended_job_folders(work, database, kept_seconds)
            delete_unused_adapters(adapters, database)
        except (TandemError, OSError) as error:
            log.warning("what ended jobs left could not be deleted; trying again", problem=str(error))


def delete_ended_job_folders(work: Path, database: Database, kept_seconds: float) -> None:
    """Delete the folders in `work` that belong to ended fine-tuning jobs. Everything else in it is kept, whatever its name.

    If a job failed and a retry can continue in its folder, what the retry needs stays for `kept_seconds`.
    """
    folders = [path for path in work.iterdir() if _is_job_folder(path)] if work.is_dir() else []
    if not folders:
        return
    with database.session() as session:
        ended = [(path, job) for path in folders if _has_ended(job := session.get(Job, _name_job(path)))]
    for path, job in ended:
        if path.name == job.id and _can_be_repeated(job, path, kept_seconds):
            keep_what_is_needed(JobFolder(path))
        else:
            _delete(path)


def _can_be_repeated(job: Job, path: Path, kept_seconds: float) -> bool:
    is_recent = time.time() - (job.finished_at or 0) < kept_seconds
    return job.status == "failed" and is_recent and can_go_on(JobFolder(path))


def _delete(path: Path) -> None:
    """Delete the folder of a job. It is renamed first: a job that repeats this one gets all of it or nothing."""
    if path.name.endswith(DELETED):
        deleted = path
    else:
        deleted = path.with_name(path.name + DELETED)
        try:
            path.rename(deleted)
        except OSError:
            return
    shutil.rmtree(deleted, ignore_errors=True)


def _name_job(path: Path) -> str:
    return path.name.removesuffix(DELETED)


def delete_unused_adapters(adapters: Path, database: Database) -> None:
    """Delete the folders in `adapters`, also hidden ones, that ended fine-tuning jobs left without a row. Everything else is kept."""
    folders = [path for path in adapters.iterdir() if NAME.fullmatch(_name_adapter(path))] if adapters.is_dir() else []
    if not folders:
        return
    with database.session() as session:
        without_row = _list_without_row(session, folders)
        # The rows are read again: a job that has ended by now has stored the rows of its adapters before.
        left = _list_without_row(session, [path for path in without_row if _is_of_ended_job(session, path)])
    for path in left:
        shutil.rmtree(path, ignore_errors=True)


def _list_without_row(session: Session, folders: Sequence[Path]) -> list[Path]:
    used = set(session.scalars(select(Adapter.name))) if folders else set()
    return [path for path in folders if path.name not in used]


def _name_adapter(path: Path) -> str:
    """Return the adapter's name; a folder that was not published yet has a dot before it."""
    return path.name.removeprefix(".")


def _is_of_ended_job(session: Session, path: Path) -> bool:
    identifier = _name_adapter(path).split(":")[4]
    of_name = session.scalars(select(Job).where(Job.id.startswith(JOB + identifier, autoescape=True))).all()
    return bool(of_name) and all(map(_has_ended, of_name))


def _is_job_folder(path: Path) -> bool:
    return JOB_ID.fullmatch(_name_job(path)) is not None and path.is_dir() and not path.is_symlink()


def _has_ended(job: Job | None) -> TypeGuard[Job]:
    """Return whether the job has ended. A job that this database does not know may belong to another stack, so its folder is kept."""
    return job is not None and job.kind == FINE_TUNING and job.status not in UNFINISHED

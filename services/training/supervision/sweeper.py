"""Deletes what ended jobs left in the work folder, such as jobs that were canceled while no worker held them."""

import re
import shutil
from pathlib import Path

from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, PREFIXES, UNFINISHED, Job

JOB_ID = re.compile(re.escape(PREFIXES[FINE_TUNING]) + "[A-Za-z0-9]+")


def delete_ended_job_folders(work: Path, database: Database) -> None:
    """Delete the folders in `work` that belong to ended fine-tuning jobs. Everything else in it is kept, whatever its name."""
    folders = [path for path in work.iterdir() if _is_job_folder(path)] if work.is_dir() else []
    if not folders:
        return
    with database.session() as session:
        ended = [path for path in folders if _has_ended(session.get(Job, path.name))]
    for path in ended:
        shutil.rmtree(path, ignore_errors=True)


def _is_job_folder(path: Path) -> bool:
    return JOB_ID.fullmatch(path.name) is not None and path.is_dir() and not path.is_symlink()


def _has_ended(job: Job | None) -> bool:
    """Return whether the job has ended. A job that this database does not know may belong to another stack, so its folder is kept."""
    return job is not None and job.kind == FINE_TUNING and job.status not in UNFINISHED

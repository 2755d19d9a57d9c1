"""Removes what jobs that are over left in the work folder: those that were cancelled while no worker held them."""

import shutil
from pathlib import Path

from shared.records.database import Database
from shared.records.jobs import UNFINISHED, Job


def sweep(work: Path, database: Database) -> None:
    """Remove the folders of jobs that are over, or that the database does not know."""
    folders = {path.name: path for path in work.iterdir() if path.is_dir()} if work.is_dir() else {}
    if not folders:
        return
    with database.session() as session:
        over = [path for job_id, path in folders.items() if _is_over(session.get(Job, job_id))]
    for path in over:
        shutil.rmtree(path, ignore_errors=True)


def _is_over(job: Job | None) -> bool:
    return job is None or job.status not in UNFINISHED

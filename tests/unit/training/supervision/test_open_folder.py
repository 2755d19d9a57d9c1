"""A job's folder stays for the next worker, and only then."""

import threading
from pathlib import Path

import pytest

from services.training.supervision.open_folder import open_job_folder
from shared.errors import DatabaseUnavailable, StorageFull, TandemError
from shared.workers.job_context import JobContext, JobInterrupted


def test_the_folder_is_deleted_at_the_jobs_end(tmp_path: Path, context: JobContext) -> None:
    with open_job_folder(tmp_path / "job", context) as folder:
        assert folder.path.is_dir()
    assert not (tmp_path / "job").exists()


def test_the_folder_stays_if_the_worker_stops(tmp_path: Path, context: JobContext, stopping: threading.Event) -> None:
    with pytest.raises(JobInterrupted), open_job_folder(tmp_path / "job", context):
        stopping.set()
        context.raise_if_interrupted()
    assert (tmp_path / "job").is_dir()


def test_the_folder_stays_if_the_database_is_gone_and_the_job_is_abandoned(tmp_path: Path, context: JobContext) -> None:
    with pytest.raises(DatabaseUnavailable), open_job_folder(tmp_path / "job", context):
        raise DatabaseUnavailable("The database does not answer.")
    assert (tmp_path / "job").is_dir()
    assert context.interrupt_reason == "lost"


@pytest.mark.parametrize(("number", "kind", "code"), [(28, StorageFull, "storage_full"), (5, TandemError, "storage_failed")])
def test_an_error_of_the_disk_is_translated(tmp_path: Path, context: JobContext, number: int, kind: type[TandemError], code: str) -> None:
    with pytest.raises(kind, match=r"worker.* disk") as caught, open_job_folder(tmp_path / "job", context):
        raise OSError(number, "it failed")
    assert caught.value.code == code

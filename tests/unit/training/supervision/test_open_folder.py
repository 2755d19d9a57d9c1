"""A job's folder stays for the next worker, or for a job that repeats it after it failed, and only then."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from services.training.planning.job_folder import JobFolder
from services.training.supervision.open_folder import adopt_folder, open_job_folder
from shared.errors import DatabaseUnavailable, StorageFull, TandemError
from shared.records import jobs
from shared.records.database import Database
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.training.cases import add_checkpoints, make_spec, method_of


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


@pytest.mark.parametrize("error", [TandemError("It failed."), MemoryError(), OSError(28, "No space left on device")])
def test_the_folder_of_a_job_that_fails_stays_with_its_newest_complete_checkpoint(
    tmp_path: Path, database: Database, context: JobContext, error: Exception
) -> None:
    with pytest.raises((TandemError, MemoryError)), open_job_folder(tmp_path / "job", context, 3) as folder:
        add_checkpoints(folder, 2, 8, 4)
        (folder.checkpoints / "attempt-0/checkpoint-9").mkdir(parents=True)  # it was not written to its end
        raise error
    assert [path.name for path in (tmp_path / "job").glob("checkpoints/*/*")] == ["checkpoint-8"]
    context.fail({"code": "any", "message": "It failed.", "param": None})
    assert read_events(database, context.job.id) == [
        f"The job failed: It failed. Retry the job (POST /v1/fine_tuning/jobs/{context.job.id}/retry) within 3 days to continue from "
        "the checkpoint at step 8. A worker on another machine starts from the first step."
    ]


def test_the_folder_of_a_job_that_fails_without_a_checkpoint_is_deleted(tmp_path: Path, context: JobContext) -> None:
    with pytest.raises(TandemError), open_job_folder(tmp_path / "job", context) as folder:
        (folder.checkpoints / "attempt-0/checkpoint-9").mkdir(parents=True)
        raise TandemError("It failed.")
    assert not (tmp_path / "job").exists()


def test_the_folder_of_a_job_that_fails_after_its_training_stays_without_checkpoints(
    tmp_path: Path, database: Database, context: JobContext
) -> None:
    with pytest.raises(StorageFull), open_job_folder(tmp_path / "job", context, 1) as folder:
        add_checkpoints(folder, 8)
        (folder.epochs / "step-8").mkdir(parents=True)
        folder.trained.write_text("{}")
        raise StorageFull("The disk is full.")
    assert (tmp_path / "job/trained.json").exists()
    assert [path.name for path in tmp_path.glob("job/checkpoints/*/*")] == []
    assert (tmp_path / "job/epochs/step-8").exists()
    context.fail({"code": "any", "message": "It failed.", "param": None})
    assert " within 1 day to continue from the end of the training. " in read_events(database, context.job.id)[0]


def test_what_a_retry_makes_again_does_not_stay(tmp_path: Path, context: JobContext) -> None:
    with pytest.raises(TandemError), open_job_folder(tmp_path / "job", context) as folder:
        add_checkpoints(folder, 8)
        for name in ("step-4", "step-8", "step-12", ".step"):
            (folder.epochs / name).mkdir(parents=True)
        for path in (folder.tokens("training"), folder.tokens("validation"), folder.dataset("training"), folder.steps):
            path.touch()
        raise TandemError("It failed.")
    assert {path.name for path in folder.epochs.iterdir()} == {"step-4", "step-8"}
    assert {path.name for path in folder.path.iterdir()} == {"checkpoints", "epochs", "training.jsonl", "steps.jsonl"}


@pytest.mark.parametrize(
    ("days", "steps", "code"),
    [(0, [8], "training_failed"), (3, [], "training_failed"), (3, [8], "loss_not_finite")],
    ids=["not-kept", "no-checkpoint", "of-no-use"],
)
def test_a_failure_advises_nothing_that_would_not_help(
    tmp_path: Path, database: Database, context: JobContext, days: float, steps: list[int], code: str
) -> None:
    with pytest.raises(TandemError), open_job_folder(tmp_path / "job", context, days) as folder:
        add_checkpoints(folder, *steps)
        raise TandemError("It failed.", code=code)
    context.fail({"code": code, "message": "It failed.", "param": None})
    assert read_events(database, context.job.id) == ["The job failed: It failed."]


def test_the_folder_of_a_job_that_succeeds_is_deleted_with_its_checkpoints(tmp_path: Path, context: JobContext) -> None:
    with open_job_folder(tmp_path / "job", context) as folder:
        add_checkpoints(folder, 2)
    assert not (tmp_path / "job").exists()


def leave_failed(work: Path, database: Database, status: str = "failed", **spec: Any) -> str:
    """Submit a job, end it, and leave its folder; return its id."""
    with database.session() as session:
        failed = jobs.submit(session, jobs.FINE_TUNING, "default", make_spec(**spec).model_dump())
        failed.status = status
    add_checkpoints(JobFolder(work / failed.id), 6)
    (work / failed.id / "memory-wait.json").write_text("{}")
    return failed.id


def repeat(context: JobContext, failed: str, **spec: Any) -> None:
    context.job.spec = make_spec(retry_of=failed, **spec).model_dump()


def read_events(database: Database, job_id: str) -> list[str]:
    with database.session() as session:
        return list(session.scalars(select(jobs.JobEvent.message).where(jobs.JobEvent.job_id == job_id).order_by(jobs.JobEvent.number)))


def test_a_job_that_repeats_a_failed_one_gets_its_folder(tmp_path: Path, database: Database, context: JobContext) -> None:
    failed = leave_failed(tmp_path, database)
    repeat(context, failed, suffix="other")
    adopt_folder(tmp_path, database, context)
    assert not (tmp_path / failed).exists()
    assert [path.name for path in (tmp_path / context.job.id).glob("checkpoints/*/*")] == ["checkpoint-6"]
    assert not (tmp_path / context.job.id / "memory-wait.json").exists()
    assert read_events(database, context.job.id) == [
        "Fine-tuning job started",
        f"The training continues from the checkpoint at step 6 of the failed job {failed}.",
    ]
    adopt_folder(tmp_path, database, context)  # another worker takes the job over
    assert len(read_events(database, context.job.id)) == 2


@pytest.mark.parametrize(
    "changes", [{"seed": 8}, {"method": method_of(n_epochs=2)}, {"training_file": "file-3"}, {"validation_file": "file-4"}]
)
def test_a_job_that_trains_something_else_leaves_the_folder(
    tmp_path: Path, database: Database, context: JobContext, changes: dict[str, Any]
) -> None:
    failed = leave_failed(tmp_path, database)
    repeat(context, failed, **changes)
    adopt_folder(tmp_path, database, context)
    assert [path.name for path in tmp_path.glob("ftjob-*")] == [failed]


@pytest.mark.parametrize("status", ["succeeded", "cancelled", "running"])
def test_only_what_a_failed_job_left_is_used(tmp_path: Path, database: Database, context: JobContext, status: str) -> None:
    ended = leave_failed(tmp_path, database, status)
    repeat(context, ended)
    adopt_folder(tmp_path, database, context)
    assert [path.name for path in tmp_path.glob("ftjob-*")] == [ended]
    assert read_events(database, context.job.id) == []


def test_what_auto_became_is_no_change(tmp_path: Path, database: Database, context: JobContext) -> None:
    requested = method_of()
    failed = leave_failed(tmp_path, database, requested_method=requested, method=method_of(n_epochs=4))
    repeat(context, failed, requested_method=requested)
    adopt_folder(tmp_path, database, context)
    assert [path.name for path in tmp_path.glob("ftjob-*")] == [context.job.id]


def test_without_a_folder_the_job_starts_from_the_first_step(tmp_path: Path, database: Database, context: JobContext) -> None:
    failed = leave_failed(tmp_path / "on-another-machine", database)
    repeat(context, failed)
    adopt_folder(tmp_path, database, context)
    assert list(tmp_path.glob("ftjob-*")) == []
    assert read_events(database, context.job.id) == []

"""A worker serves the kinds of jobs that share a queue, each with its own flow."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import COMPARISON, DATASET, FINE_TUNING, Job, JobEvent
from shared.workers.broker import TASKS
from shared.workers.job_context import JobContext
from shared.workers.worker_process import Worker


def returning(value: str) -> Callable[[Job, JobContext], dict[str, Any]]:
    return lambda job, _: {"flow": value, "kind": job.kind}


def make_worker(database: Database) -> Worker:
    return Worker({COMPARISON: returning("compare"), DATASET: returning("make")}, database, "memory://")


def submit(database: Database, kind: str) -> str:
    with database.session() as session:
        return jobs.submit(session, kind, "default", {}).id


def read(database: Database, job_id: str) -> Job:
    with database.session() as session:
        job = session.get(Job, job_id)
    assert job
    return job


def test_each_job_runs_with_the_flow_of_its_kind(database: Database) -> None:
    worker = make_worker(database)
    for kind, flow in ((DATASET, "make"), (COMPARISON, "compare")):
        job_id = submit(database, kind)
        worker.work(job_id)
        assert read(database, job_id).result == {"flow": flow, "kind": kind}


def test_a_flow_may_run_another_job_in_the_same_process_while_its_own_waits(database: Database) -> None:
    inner = submit(database, DATASET)

    def compare(_: Job, __: JobContext) -> dict[str, Any]:
        worker.work(inner)
        return {"inner": read(database, inner).status}

    worker = Worker({COMPARISON: compare, DATASET: returning("make")}, database, "memory://")
    outer = submit(database, COMPARISON)
    worker.work(outer)
    assert read(database, outer).result == {"inner": "succeeded"}


def test_the_worker_listens_to_one_queue_and_has_a_task_for_each_kind(database: Database) -> None:
    worker = make_worker(database)
    assert worker.queue == "evaluation"
    assert {TASKS[COMPARISON], TASKS[DATASET]} <= set(worker.app.tasks)
    assert TASKS[FINE_TUNING] not in worker.app.tasks


def test_kinds_of_different_queues_cannot_share_a_worker(database: Database) -> None:
    with pytest.raises(ValueError, match="too many values"):
        Worker({COMPARISON: returning("compare"), FINE_TUNING: returning("train")}, database, "memory://")


def test_a_spec_is_stored_by_the_worker_that_has_the_job_only(database: Database) -> None:
    def compare(job: Job, context: JobContext) -> dict[str, Any]:
        context.save_spec({"resolved": True})
        assert context.job.spec == {"resolved": True}
        with database.session() as session:
            assert not jobs.set_spec(session, job.id, "another worker", {})
        return {}

    job_id = submit(database, COMPARISON)
    Worker({COMPARISON: compare}, database, "memory://").work(job_id)
    assert (read(database, job_id).spec, read(database, job_id).status) == ({"resolved": True}, "succeeded")


def test_a_worker_that_must_stop_puts_back_its_own_jobs_only(database: Database) -> None:
    mine, other = submit(database, COMPARISON), submit(database, COMPARISON)
    worker = make_worker(database)
    with database.session() as session:
        assert jobs.claim(session, mine, worker.owner, 60) and jobs.claim(session, other, "another worker", 60)
    worker.put_back()
    assert [(read(database, id).status, read(database, id).lease_owner) for id in (mine, other)] == [
        ("queued", None), ("running", "another worker"),
    ]  # fmt: skip
    with database.session() as session:
        assert session.scalars(select(JobEvent.message).where(JobEvent.job_id == mine)).all() == [jobs.STOPPED]


def handle(worker: Worker, job_id: str) -> None:
    """Let the worker handle the message that a job waits."""
    worker.app.tasks[TASKS[COMPARISON]](job_id)


def test_a_worker_that_gets_one_message_runs_all_jobs_that_wait(database: Database) -> None:
    ids = [submit(database, kind) for kind in (COMPARISON, DATASET, COMPARISON)]
    handle(make_worker(database), ids[0])
    assert [read(database, job_id).status for job_id in ids] == ["succeeded"] * 3


def test_a_worker_that_is_stopping_claims_no_other_job(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    exits: list[float] = []
    monkeypatch.setattr("shared.workers.worker_process.exit_after", lambda seconds, _: exits.append(seconds))

    def stop(_: Job, __: JobContext) -> dict[str, Any]:
        worker.stopping.set()
        return {}

    worker = Worker({COMPARISON: stop}, database, "memory://")
    ids = [submit(database, COMPARISON) for _ in range(2)]
    handle(worker, ids[0])
    assert sorted(read(database, job_id).status for job_id in ids) == ["queued", "succeeded"]
    assert len(exits) == 1

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.errors import DatabaseUnavailable, TandemError
from shared.records import jobs
from shared.records.database import Database, is_migrated, migrate
from shared.workers.job_runner import LEASE_SECONDS, JobContext, JobInterrupted, _beat, run_job

SCRIPTS = Path("shared/records/migrations")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'jobs.db'}")
    migrate(database, SCRIPTS)
    yield database
    database.close()


def submit(database: Database) -> str:
    with database.session() as session:
        return jobs.submit(session, jobs.FINE_TUNING, "default", {"model": "m"}, "req_1").id


def load(database: Database, job_id: str) -> jobs.Job:
    with database.session() as session:
        job = session.get(jobs.Job, job_id)
        assert job is not None
        return job


def expire(database: Database, job_id: str) -> None:
    with database.session() as session:
        session.execute(update(jobs.Job).where(jobs.Job.id == job_id).values(lease_expires_at=time.time() - 1))


def messages(database: Database, job_id: str) -> list[str]:
    with database.session() as session:
        return list(session.scalars(select(jobs.JobEvent.message).where(jobs.JobEvent.job_id == job_id)))


def test_a_fresh_schema_is_current_and_an_empty_one_is_not(tmp_path: Path, database: Database) -> None:
    assert is_migrated(database, SCRIPTS)
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not is_migrated(empty, SCRIPTS)
    empty.close()


def test_only_one_of_two_workers_gets_a_job(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        assert jobs.claim(session, job_id, "one", 30) is not None
    with database.session() as session:
        assert jobs.claim(session, job_id, "two", 30) is None
        assert jobs.list_claimable(session) == []


def test_an_expired_lease_is_taken_over_and_the_loser_cannot_write(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "one", 30)
    expire(database, job_id)
    with database.session() as session:
        assert [job.id for job in jobs.list_claimable(session)] == [job_id]
        taken = jobs.claim(session, job_id, "two", 30)
        assert taken is not None
        assert taken.takeovers == 1
    with database.session() as session:
        assert not jobs.renew(session, job_id, "one", 30)
        assert not jobs.set_progress(session, job_id, "one", "training", 50)
        assert not jobs.finish(session, job_id, "one", "succeeded", result={})
    assert load(database, job_id).status == "running"


def test_a_flow_ends_in_success_with_its_result(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        context.report_progress("training", 40)
        return {"fine_tuned_model": "ft:x"}

    run_job(database, job_id, "one", flow, threading.Event())
    job = load(database, job_id)
    assert (job.status, job.percent, job.result) == ("succeeded", 100.0, {"fine_tuned_model": "ft:x"})
    assert job.lease_owner is None
    assert job.finished_at is not None


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TandemError("no space", code="storage_full"), "storage_full"),
        (MemoryError(), "out_of_memory"),
        (ValueError("odd"), "server_error"),
    ],
)
def test_a_flow_that_raises_ends_in_failure_with_a_stated_reason(database: Database, error: Exception, code: str) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        raise error

    run_job(database, job_id, "one", flow, threading.Event())
    job = load(database, job_id)
    assert job.status == "failed"
    assert job.error is not None
    assert job.error["code"] == code
    assert messages(database, job_id)[-1].startswith("The job failed:")


def test_a_stopping_worker_puts_its_job_back_for_the_next(database: Database) -> None:
    job_id, stopping = submit(database), threading.Event()

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        stopping.set()
        context.raise_if_interrupted()
        return {}

    run_job(database, job_id, "one", flow, stopping)
    assert load(database, job_id).status == "queued"
    run_job(database, job_id, "two", lambda job, context: {"ok": True}, threading.Event())
    job = load(database, job_id)
    assert (job.status, job.takeovers) == ("succeeded", 0)


def test_a_cancelled_running_job_stops_at_the_next_heartbeat(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        with database.session() as session:
            found = jobs.find(session, jobs.FINE_TUNING, "default", job_id)
            assert found is not None
            jobs.request_cancel(session, found)
        context.renew_lease()
        context.raise_if_interrupted()
        return {}

    run_job(database, job_id, "one", flow, threading.Event())
    assert load(database, job_id).status == "cancelled"


def test_a_queued_job_is_cancelled_at_once(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        job = jobs.find(session, jobs.FINE_TUNING, "default", job_id)
        assert job is not None
        jobs.request_cancel(session, job)
    assert load(database, job_id).status == "cancelled"
    run_job(database, job_id, "one", lambda job, context: pytest.fail("ran"), threading.Event())


def test_a_flow_whose_lease_was_lost_writes_nothing(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        expire(database, job_id)
        with database.session() as session:
            jobs.claim(session, job_id, "two", 30)
        with pytest.raises(JobInterrupted):
            context.report_progress("training", 10)
        context.raise_if_interrupted()
        return {}

    run_job(database, job_id, "one", flow, threading.Event())
    job = load(database, job_id)
    assert (job.status, job.lease_owner) == ("running", "two")


def test_a_job_that_kills_its_workers_is_given_up_with_a_reason(database: Database) -> None:
    job_id = submit(database)
    for owner in "abcd":
        with database.session() as session:
            assert jobs.claim(session, job_id, owner, 30) is not None
        expire(database, job_id)
    run_job(database, job_id, "last", lambda job, context: pytest.fail("ran"), threading.Event())
    error = load(database, job_id).error
    assert error is not None
    assert error["code"] == "worker_died"


def test_a_job_of_another_project_is_not_found(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        assert jobs.find(session, jobs.FINE_TUNING, "other", job_id) is None
        assert jobs.find(session, jobs.COMPARISON, "default", job_id) is None


def test_a_cancelled_job_cannot_be_brought_back_by_a_worker_whose_lease_expired(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "late", 30)
    expire(database, job_id)
    with database.session() as session:
        job = jobs.find(session, jobs.FINE_TUNING, "default", job_id)
        assert job is not None
        jobs.request_cancel(session, job)
    with database.session() as session:
        assert not jobs.finish(session, job_id, "late", "succeeded", result={})
        assert not jobs.requeue(session, job_id, "late")
    assert load(database, job_id).status == "cancelled"


def test_a_job_put_back_after_it_was_asked_to_end_is_ended(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        job = jobs.claim(session, job_id, "one", 30)
        assert job is not None
        jobs.request_cancel(session, job)
        assert job.status == "running"
        jobs.requeue(session, job_id, "one")
    with database.session() as session:
        jobs.finish_cancelled(session)
    assert load(database, job_id).status == "cancelled"


class Flaky(Database):
    """A database that does not answer while `down` is set."""

    down = False

    @contextmanager
    def session(self) -> Iterator[Session]:
        if self.down:
            raise DatabaseUnavailable("gone")
        with super().session() as session:
            yield session


def test_a_result_is_kept_though_the_database_is_gone_for_a_while_when_it_is_stored(database: Database) -> None:
    job_id = submit(database)
    flaky = Flaky(str(database.url))

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        flaky.down = True
        threading.Timer(0.3, lambda: setattr(flaky, "down", False)).start()
        return {"ok": True}

    run_job(flaky, job_id, "one", flow, threading.Event())
    flaky.close()
    assert load(database, job_id).status == "succeeded"


def test_a_job_whose_database_is_gone_when_the_worker_stops_is_left_to_its_lease(database: Database) -> None:
    job_id, stopping = submit(database), threading.Event()
    flaky = Flaky(str(database.url))

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        flaky.down = True
        stopping.set()
        return {"ok": True}

    run_job(flaky, job_id, "one", flow, stopping)
    flaky.close()
    job = load(database, job_id)
    assert (job.status, job.error, job.lease_owner) == ("running", None, "one")


def test_a_worker_cut_off_for_a_leases_length_takes_the_job_for_lost(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        job = jobs.claim(session, job_id, "one", 30)
    assert job is not None
    flaky = Flaky(str(database.url))
    flaky.down = True
    context = JobContext(flaky, job, "one", threading.Event())
    _beat(context, time.monotonic() - LEASE_SECONDS + 5)
    assert context.interrupt_reason is None
    _beat(context, time.monotonic() - LEASE_SECONDS - 1)
    flaky.close()
    assert context.interrupt_reason == "lost"

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from shared.errors import DatabaseUnavailable, TandemError
from shared.records import jobs
from shared.records.database import Database
from shared.workers.job_context import LEASE_SECONDS, JobContext, JobInterrupted
from shared.workers.job_runner import renew, run_job
from tests.unit.shared.job_rows import expire, load, messages, submit


def test_a_flow_that_returns_ends_the_job_in_success_with_its_result(database: Database) -> None:
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
def test_a_flow_that_raises_ends_the_job_in_failure_with_a_reason(database: Database, error: Exception, code: str) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        raise error

    run_job(database, job_id, "one", flow, threading.Event())
    job = load(database, job_id)
    assert job.status == "failed"
    assert job.error is not None
    assert job.error["code"] == code
    assert messages(database, job_id)[-1].startswith("The job failed:")


def test_a_worker_that_stops_requeues_its_job_for_the_next_one(database: Database) -> None:
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


def test_a_running_job_that_is_canceled_stops_at_the_next_heartbeat(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        with database.session() as session:
            stored = jobs.find(session, jobs.FINE_TUNING, "default", job_id)
            assert stored is not None
            jobs.request_cancel(session, stored)
        context.renew_lease()
        context.raise_if_interrupted()
        return {}

    run_job(database, job_id, "one", flow, threading.Event())
    assert load(database, job_id).status == "cancelled"


def test_a_canceled_job_is_not_run(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        job = jobs.find(session, jobs.FINE_TUNING, "default", job_id)
        assert job is not None
        jobs.request_cancel(session, job)
    run_job(database, job_id, "one", lambda job, context: pytest.fail("ran"), threading.Event())


def test_a_flow_that_lost_its_lease_writes_nothing(database: Database) -> None:
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


@pytest.mark.parametrize(
    ("kind", "advice"),
    [(jobs.FINE_TUNING, "Retry the job (POST /v1/fine_tuning/jobs/{}/retry)"), (jobs.COMPARISON, "Create the job again.")],
)
def test_a_job_that_kills_every_worker_fails_with_a_reason_and_says_what_to_do(database: Database, kind: str, advice: str) -> None:
    job_id = submit(database, kind)
    for owner in "abcd":
        with database.session() as session:
            assert jobs.claim(session, job_id, owner, 30) is not None
        expire(database, job_id)
    run_job(database, job_id, "last", lambda job, context: pytest.fail("ran"), threading.Event())
    error = load(database, job_id).error
    assert error is not None
    assert error["code"] == "worker_died"
    assert advice.format(job_id) in error["message"] and advice.format(job_id) in messages(database, job_id)[-1]


class FlakyDatabase(Database):
    """A database that is down for the next `failures` sessions, or always."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.failures = 0.0

    @contextmanager
    def session(self) -> Iterator[Session]:
        if self.failures > 0:
            self.failures -= 1
            raise DatabaseUnavailable("The database is down.")
        with super().session() as session:
            yield session


@pytest.fixture
def flaky(database: Database) -> Iterator[FlakyDatabase]:
    flaky = FlakyDatabase(str(database.url))
    yield flaky
    flaky.close()


def test_a_result_is_stored_even_if_the_database_is_down_for_a_moment(
    database: Database, flaky: FlakyDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.workers.job_context.RETRY_SECONDS", 0)
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        flaky.failures = 2
        return {"ok": True}

    run_job(flaky, job_id, "one", flow, threading.Event())
    assert load(database, job_id).status == "succeeded"


def test_a_job_is_left_to_its_lease_if_the_database_is_down_when_the_worker_stops(database: Database, flaky: FlakyDatabase) -> None:
    job_id, stopping = submit(database), threading.Event()

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        flaky.failures = float("inf")
        stopping.set()
        return {"ok": True}

    run_job(flaky, job_id, "one", flow, stopping)
    job = load(database, job_id)
    assert (job.status, job.error, job.lease_owner) == ("running", None, "one")


def test_a_worker_abandons_its_job_after_a_whole_lease_without_the_database(database: Database, flaky: FlakyDatabase) -> None:
    job_id = submit(database)
    with database.session() as session:
        job = jobs.claim(session, job_id, "one", 30)
    assert job is not None
    flaky.failures = float("inf")
    context = JobContext(flaky, job, "one", threading.Event())
    renew(context, time.monotonic() - LEASE_SECONDS + 5)
    assert context.interrupt_reason is None
    renew(context, time.monotonic() - LEASE_SECONDS - 1)
    assert context.interrupt_reason == "lost"


def test_a_worker_that_lost_its_job_adds_no_event_and_publishes_nothing(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        context.add_event("mine")
        expire(database, job_id)
        run_job(database, job_id, "two", lambda job, context: {"by": "two"}, threading.Event())
        context.add_event("of a worker that lost the job")
        with pytest.raises(JobInterrupted):
            context.confirm_lease()
        raise JobInterrupted("lost")

    run_job(database, job_id, "one", flow, threading.Event())
    assert load(database, job_id).result == {"by": "two"}
    of_the_jobs = messages(database, job_id)
    assert (of_the_jobs[0], len(of_the_jobs)) == ("mine", 2)


def test_a_worker_writes_only_while_it_holds_the_lease_and_learns_why_it_must_end(database: Database) -> None:
    job_id = submit(database)

    def add(message: str) -> Callable[[Session], None]:
        return lambda session: jobs.add_event(session, job_id, message)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        context.write(add("mine"))
        with database.session() as session:
            jobs.request_cancel(session, session.get_one(jobs.Job, job_id))
        with pytest.raises(JobInterrupted, match="cancelled"):
            context.write(add("stored before the end"))
        expire(database, job_id)
        with pytest.raises(JobInterrupted):
            context.write(add("after the end"))
        raise JobInterrupted("lost")

    run_job(database, job_id, "one", flow, threading.Event())
    assert messages(database, job_id)[:2] == ["mine", "stored before the end"]
    assert "after the end" not in messages(database, job_id)


def test_a_worker_whose_lease_was_taken_writes_nothing(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        expire(database, job_id)
        run_job(database, job_id, "two", lambda job, context: {"by": "two"}, threading.Event())
        with pytest.raises(JobInterrupted, match="lost"):
            context.write(lambda session: jobs.add_event(session, job_id, "too late"))
        raise JobInterrupted("lost")

    run_job(database, job_id, "one", flow, threading.Event())
    assert "too late" not in messages(database, job_id)


def test_every_renewal_moves_the_end_of_the_lease(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        moments = [context.lease_deadline]
        for renew_or_confirm in (context.renew_lease, context.confirm_lease):
            started = time.monotonic()
            renew_or_confirm()
            moments.append(context.lease_deadline)
            assert started + LEASE_SECONDS <= moments[-1] <= time.monotonic() + LEASE_SECONDS
        assert moments == sorted(moments)
        return {}

    run_job(database, job_id, "one", flow, threading.Event())
    assert load(database, job_id).status == "succeeded"


def test_takeovers_count_only_until_the_job_gets_further(database: Database) -> None:
    job_id = submit(database)

    def die(job: jobs.Job, context: JobContext, advances: bool) -> dict[str, object]:
        if advances:
            context.record_advance()
        raise SystemExit

    def die_again(count: int, advances: bool) -> None:
        for _ in range(count):
            with pytest.raises(SystemExit):
                run_job(database, job_id, "one", lambda job, context: die(job, context, advances), threading.Event())
            expire(database, job_id)

    die_again(jobs.MAX_TAKEOVERS + 2, advances=True)
    die_again(jobs.MAX_TAKEOVERS, advances=False)
    run_job(database, job_id, "one", lambda job, context: {}, threading.Event())
    assert (load(database, job_id).error or {}).get("code") == "worker_died"


def test_a_paused_job_is_put_away_and_continued_after_it_is_resumed(database: Database) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        with database.session() as session:
            assert jobs.pause(session, job_id)
        context.renew_lease()
        assert context.interrupt_reason == "paused"
        context.raise_if_interrupted()
        return {}

    run_job(database, job_id, "one", flow, threading.Event())
    job = load(database, job_id)
    assert (job.status, job.lease_owner, job.finished_at) == ("paused", None, None)
    run_job(database, job_id, "two", lambda job, context: {"ok": True}, threading.Event())
    assert load(database, job_id).status == "paused"
    with database.session() as session:
        assert jobs.resume(session, job_id)
    run_job(database, job_id, "two", lambda job, context: {"ok": True}, threading.Event())
    job = load(database, job_id)
    assert (job.status, job.takeovers) == ("succeeded", 0)


def test_a_worker_that_stops_does_not_wait_for_a_paused_job(database: Database) -> None:
    job_id, stopping = submit(database), threading.Event()

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        with database.session() as session:
            assert jobs.pause(session, job_id)
        context.renew_lease()
        stopping.set()
        assert context.interrupt_reason == "stopping"
        context.raise_if_interrupted()
        return {}

    run_job(database, job_id, "one", flow, stopping)
    job = load(database, job_id)
    assert (job.status, job.lease_owner) == ("paused", None)


@pytest.mark.parametrize(("reason", "status"), [(None, "queued"), ("paused", "paused")])
def test_a_flow_that_has_to_wait_returns_its_job_to_the_queue_unless_it_is_paused(
    database: Database, reason: str | None, status: str
) -> None:
    job_id = submit(database)

    def flow(job: jobs.Job, context: JobContext) -> dict[str, object]:
        if reason:
            with database.session() as session:
                jobs.pause(session, job_id)
        context.defer(60, "waiting_for_memory")

    run_job(database, job_id, "one", flow, threading.Event())
    job = load(database, job_id)
    assert (job.status, job.lease_owner, job.takeovers) == (status, None, 0)
    assert messages(database, job_id) == []
    run_job(database, job_id, "two", lambda job, context: {}, threading.Event())
    assert load(database, job_id).status == status  # not yet

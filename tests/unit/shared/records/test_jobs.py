from shared.records import jobs
from shared.records.database import Database
from tests.unit.shared.job_rows import expire, load, submit


def test_only_one_of_two_workers_can_claim_a_job(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        assert jobs.claim(session, job_id, "one", 30) is not None
    with database.session() as session:
        assert jobs.claim(session, job_id, "two", 30) is None
        assert jobs.list_claimable(session) == []


def test_a_job_with_an_expired_lease_is_taken_over_and_the_first_worker_can_no_longer_write(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "one", 30)
    expire(database, job_id)
    with database.session() as session:
        assert [job.id for job in jobs.list_claimable(session)] == [job_id]
        claimed = jobs.claim(session, job_id, "two", 30)
        assert claimed is not None
        assert claimed.takeovers == 1
    with database.session() as session:
        assert not jobs.renew(session, job_id, "one", 30)
        assert not jobs.set_progress(session, job_id, "one", "training", 50)
        assert not jobs.finish(session, job_id, "one", "succeeded", result={})
    assert load(database, job_id).status == "running"


def test_a_queued_job_is_canceled_immediately(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        job = jobs.find(session, jobs.FINE_TUNING, "default", job_id)
        assert job is not None
        jobs.request_cancel(session, job)
    assert load(database, job_id).status == "cancelled"


def test_a_job_of_another_project_or_kind_is_not_found(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        assert jobs.find(session, jobs.FINE_TUNING, "other", job_id) is None
        assert jobs.find(session, jobs.COMPARISON, "default", job_id) is None


def test_a_worker_whose_lease_expired_cannot_revive_a_canceled_job(database: Database) -> None:
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


def test_a_job_that_is_requeued_after_it_was_canceled_ends_as_canceled(database: Database) -> None:
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


def read_status(database: Database, job_id: str) -> tuple[str, str | None]:
    job = load(database, job_id)
    return job.status, job.lease_owner


def test_a_paused_job_is_not_claimed_until_it_is_resumed(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        assert jobs.pause(session, job_id)
        assert not jobs.pause(session, job_id)
        assert jobs.list_claimable(session) == []
        assert jobs.claim(session, job_id, "one", 30) is None
        assert jobs.resume(session, job_id)
        assert not jobs.resume(session, job_id)
    with database.session() as session:
        claimed = jobs.claim(session, job_id, "one", 30)
        assert claimed is not None
        assert claimed.takeovers == 0


def test_a_worker_keeps_a_paused_job_until_it_puts_it_away(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "one", 30)
    with database.session() as session:
        assert jobs.pause(session, job_id)
        assert not jobs.set_progress(session, job_id, "one", "training", 50)
        assert jobs.renew(session, job_id, "one", 30)
        assert jobs.add_own_event(session, job_id, "one", "a checkpoint")
        assert jobs.resume(session, job_id)
        assert jobs.claim(session, job_id, "two", 30) is None
        assert jobs.put_away(session, job_id, "one")
    assert read_status(database, job_id) == ("queued", None)
    with database.session() as session:
        assert jobs.claim(session, job_id, "two", 30) is not None
        assert not jobs.put_away(session, job_id, "one")


def test_a_paused_job_can_be_canceled(database: Database) -> None:
    held, waiting = submit(database), submit(database)
    with database.session() as session:
        jobs.claim(session, held, "one", 30)
    for job_id in (held, waiting):
        with database.session() as session:
            jobs.pause(session, job_id)
            jobs.request_cancel(session, session.get_one(jobs.Job, job_id))
    assert read_status(database, waiting) == ("cancelled", None)
    assert read_status(database, held) == ("paused", "one")
    with database.session() as session:
        assert not jobs.resume(session, held)
        assert jobs.finish(session, held, "one", "cancelled")


def test_a_job_that_ended_is_not_paused(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "one", 30)
        jobs.finish(session, job_id, "one", "succeeded", result={})
        assert not jobs.pause(session, job_id)
        assert not jobs.resume(session, job_id)


def test_a_worker_that_stops_releases_a_paused_job_which_stays_paused(database: Database) -> None:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, "one", 30)
        jobs.pause(session, job_id)
    with database.session() as session:
        jobs.requeue_all(session, "one")
    assert read_status(database, job_id) == ("paused", None)

"""Requests that an engine sleeps count as long as their worker holds the job."""

import pytest
from sqlalchemy import select, update

from shared.records import jobs
from shared.records.database import Database
from shared.records.engine_sleeps import (
    EngineSleep,
    SleepState,
    find_age,
    find_state,
    list_unknown,
    normalize_url,
    report_sleep,
    request_sleep,
    withdraw,
)
from tests.unit.shared.job_rows import expire, submit

URL = "http://gpu-1:8002"


def request(database: Database, owner: str = "worker", url: str = URL) -> str:
    job_id = submit(database)
    with database.session() as session:
        jobs.claim(session, job_id, owner, 600)
    with database.session() as session:
        request_sleep(session, url, job_id)
    return job_id


def age(database: Database, url: str = URL) -> float | None:
    with database.session() as session:
        return find_age(session, url)


def test_the_age_is_that_of_the_first_request_for_the_engine(database: Database) -> None:
    assert age(database) is None
    request(database)
    with database.session() as session:
        session.execute(update(EngineSleep).values(requested_at=EngineSleep.requested_at - 100))
    request(database, owner="second worker")
    assert age(database) == pytest.approx(100, abs=60)
    assert age(database, "http://gpu-2:8002") is None


@pytest.mark.parametrize("end", ["expired", "finished", "withdrawn", "taken over", "deleted"])
def test_a_request_ends_with_its_worker_or_its_job(database: Database, end: str) -> None:
    job_id = request(database)
    if end in ("expired", "taken over"):
        expire(database, job_id)
    with database.session() as session:
        if end == "finished":
            jobs.finish(session, job_id, "worker", "succeeded")
        elif end == "withdrawn":
            withdraw(session, job_id)
        elif end == "taken over":
            assert jobs.claim(session, job_id, "another", 600)
        elif end == "deleted":
            session.delete(session.get_one(jobs.Job, job_id))
    assert age(database) is None


def test_the_next_request_deletes_those_that_no_longer_count(database: Database) -> None:
    expire(database, request(database))
    other = request(database, url="http://gpu-2:8002")
    last = request(database)
    with database.session() as session:
        assert set(session.scalars(select(EngineSleep.job_id))) == {other, last}


def test_every_job_of_the_engine_is_told_what_became_of_it(database: Database) -> None:
    first, second, other = request(database), request(database), request(database, url="http://gpu-2:8002")
    for problem in (None, "It cannot.", None):
        with database.session() as session:
            report_sleep(session, URL, problem)
        with database.session() as session:
            expected = SleepState(problem is None, problem)
            assert [find_state(session, job_id) for job_id in (first, second)] == [expected] * 2
            assert find_state(session, other) == SleepState(is_asleep=False, problem=None)
    with database.session() as session:
        assert find_state(session, "ftjob-none") is None


@pytest.mark.parametrize(
    ("spelling", "other"),
    [
        ("http://gpu-1:8002/", "http://gpu-1:8002"),
        ("HTTP://GPU-1:8002", "http://gpu-1:8002"),
        ("http://localhost:8002", "http://127.0.0.1:8002/"),
        ("http://[::1]:8002", "http://localhost:8002"),
        ("https://gpu-1/", "https://gpu-1:443"),
        ("http://gpu-1/vllm/", "http://gpu-1:80/vllm"),
    ],
)
def test_a_request_reaches_the_engine_however_its_url_is_spelled(database: Database, spelling: str, other: str) -> None:
    job_id = request(database, url=spelling)
    assert age(database, other) is not None
    with database.session() as session:
        assert list_unknown(session, [other]) == []
        report_sleep(session, other, None)
    with database.session() as session:
        assert find_state(session, job_id) == SleepState(is_asleep=True, problem=None)


@pytest.mark.parametrize(
    "other", ["http://gpu-1:8003", "https://gpu-1:8002", "http://gpu-2:8002", "http://gpu-1:8002/v2", "gpu-1", "http://[::1"]
)
def test_other_engines_are_others(other: str) -> None:
    assert normalize_url(other) != normalize_url(URL)


def test_an_engine_is_unknown_until_something_is_reported_about_it(database: Database) -> None:
    request(database)
    with database.session() as session:
        assert list_unknown(session, ["http://gpu-2:8002"]) == [URL]
        report_sleep(session, URL, "It is unknown.")
    with database.session() as session:
        assert list_unknown(session, []) == []

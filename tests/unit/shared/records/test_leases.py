import time

import pytest

from shared.records import jobs, leases
from shared.records.database import Database
from shared.web.auth import open_authenticator

HOUR = 3600.0


@pytest.fixture
def job_id(database: Database) -> str:
    open_authenticator(database, {}, None)
    with database.session() as session:
        return jobs.submit(session, jobs.FINE_TUNING, "default", {}).id


def claim(database: Database, job_id: str, owner: str, seconds: float = 30) -> bool:
    with database.session() as session:
        return jobs.claim(session, job_id, owner, seconds) is not None


def test_a_lease_ends_by_the_clock_of_the_database(database: Database, job_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    own = time.time
    assert claim(database, job_id, "one")
    for error in (HOUR, -HOUR):
        monkeypatch.setattr(time, "time", lambda error=error: own() + error)
        assert not claim(database, job_id, "one whose clock is wrong")
        with database.session() as session:
            assert not jobs.list_claimable(session)
            assert jobs.renew(session, job_id, "one", 30)
    monkeypatch.undo()
    with database.session() as session:
        expires = session.get_one(jobs.Job, job_id).lease_expires_at
    assert expires == pytest.approx(time.time() + 30, abs=20)


def test_an_expired_lease_is_free_even_for_a_worker_whose_clock_is_slow(
    database: Database, job_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert claim(database, job_id, "one", seconds=-1)
    own = time.time
    monkeypatch.setattr(time, "time", lambda: own() - HOUR)
    assert claim(database, job_id, "another")


def test_the_clock_of_the_database_counts_fractions_of_seconds(database: Database) -> None:
    with database.session() as session:
        moments = [session.execute(leases.database_now().select()).scalar_one() for _ in range(3)]
    assert all(isinstance(each, float) for each in moments)
    assert moments[0] == pytest.approx(time.time(), abs=20)
    assert any(each % 1 for each in moments)

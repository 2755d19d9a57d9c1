import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from services.generation.jobs.files.check_queue import CheckQueue, ClaimedCheck
from services.generation.jobs.store import JobStore
from shared import records
from shared.contracts.fine_tuning import Method, TrainingSpec
from shared.datasets.checks.warn import Note
from shared.errors import InvalidRequest
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, VALIDATING, Job
from tests.migrated import open_migrated
from tests.unit.shared.job_rows import expire, load, messages

PROBLEM = InvalidRequest("Line 3: wrong.", param="training_file", code="invalid_training_file")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", records.MIGRATIONS)
    yield database
    database.close()


def submit(database: Database, **fields: Any) -> str:
    method = Method.model_validate({"type": "supervised", "supervised": {}})
    spec = TrainingSpec(model="tiny", training_file="file-1", validation_file=None, suffix=None, seed=1, method=method)
    queue = {"status": VALIDATING, "stage": VALIDATING, "base": "tiny", **fields}
    with database.session() as session:
        return jobs.submit(session, FINE_TUNING, "default", spec.model_dump(), **queue).id


def claim(queue: CheckQueue) -> ClaimedCheck:
    claimed = queue.claim()
    assert claimed
    return claimed


def test_jobs_are_checked_once_each_in_the_order_of_their_creation(database: Database) -> None:
    ids = [submit(database) for _ in range(5)]
    submit(database, status="queued")
    first, second = CheckQueue(database, 60), CheckQueue(database, 60)
    assert [claim(queue).id for queue in (first, second, first, second, first)] == ids
    assert first.claim() is second.claim() is None


def test_no_worker_gets_a_job_before_its_files_are_checked(database: Database) -> None:
    job_id, queue = submit(database), CheckQueue(database, 60)
    with database.session() as session:
        assert jobs.claim(session, job_id, "worker", 60) is None
        assert jobs.list_claimable(session) == []
    assert queue.move_to_queue(claim(queue), [Note("warn", "In the training file: odd.")])
    assert messages(database, job_id) == ["In the training file: odd.", "Files validated, moving job to queued state"]
    with database.session() as session:
        assert jobs.claim(session, job_id, "worker", 60) is not None


def test_a_front_door_whose_lease_was_taken_over_changes_nothing(database: Database) -> None:
    job_id, dead, other = submit(database), CheckQueue(database, 60), CheckQueue(database, 60)
    lost = claim(dead)
    expire(database, job_id)
    assert claim(other).takeovers == 1
    assert not dead.report(job_id, 50)
    assert not dead.renew(job_id)
    assert not dead.move_to_queue(lost, [])
    dead.fail(job_id, PROBLEM)
    dead.give_back(job_id)
    assert (load(database, job_id).status, messages(database, job_id)) == (VALIDATING, [])
    assert other.report(job_id, 41.26)
    assert load(database, job_id).percent == 41.3


def test_only_a_front_door_that_died_counts_as_a_takeover(database: Database) -> None:
    job_id, queue = submit(database), CheckQueue(database, 60)
    for _ in range(5):
        assert claim(queue).takeovers == 0
        queue.give_back(job_id)
    for _ in range(5):
        assert claim(queue).takeovers == 0
        expire(database, job_id)
    for count in range(1, 5):
        assert claim(CheckQueue(database, 60)).takeovers == count
        expire(database, job_id)


def test_a_job_that_was_given_back_for_some_time_waits_until_then(database: Database) -> None:
    job_id, queue = submit(database), CheckQueue(database, 60)
    claim(queue)
    queue.give_back(job_id, 600)
    assert queue.claim() is None
    with database.session() as session:
        session.execute(update(Job).values(lease_expires_at=time.time() - 1))
    assert claim(queue).id == job_id


def test_a_job_that_is_canceled_ends_at_once_although_a_front_door_holds_it(database: Database) -> None:
    class Nobody:
        def notify(self, kind: str, job_id: str) -> None:
            raise AssertionError

    job_id, queue = submit(database), CheckQueue(database, 60)
    claimed = claim(queue)
    assert JobStore(database, Nobody()).cancel(FINE_TUNING, "default", job_id).status == "cancelled"
    assert messages(database, job_id) == ["Cancellation was requested.", "The job was canceled."]
    assert not queue.renew(job_id)
    assert not queue.report(job_id, 50)
    assert not queue.move_to_queue(claimed, [])
    queue.fail(job_id, PROBLEM)
    assert load(database, job_id).status == "cancelled"

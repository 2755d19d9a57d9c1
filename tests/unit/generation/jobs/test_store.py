import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.generation.jobs.store import Jobs, Sweeper, estimate_finish
from shared import records
from shared.errors import NotFound, Unavailable
from shared.records import jobs
from shared.records.database import Database, migrate
from shared.web.auth import open_authenticator
from tests.fakes import DEADLINE, wait_until


class FakeNotifier:
    """Records its notifications, and fails while `broken` is set."""

    def __init__(self) -> None:
        self.notified: list[tuple[str, str]] = []
        self.broken = False
        self.tried = threading.Event()

    def notify(self, kind: str, job_id: str) -> None:
        self.tried.set()
        if self.broken:
            raise Unavailable("The broker is gone.")
        self.notified.append((kind, job_id))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/jobs.db")
    migrate(database, records.MIGRATIONS)
    open_authenticator(database, {}, None)
    yield database
    database.close()


def test_a_job_is_stored_before_the_workers_are_notified(store: Database) -> None:
    notifier = FakeNotifier()
    job = Jobs(store, notifier).submit(jobs.FINE_TUNING, "default", {}, "Created.")
    assert notifier.notified == [(jobs.FINE_TUNING, job.id)]
    assert Jobs(store, notifier).find(jobs.FINE_TUNING, "default", job.id).status == "queued"


def test_a_dead_broker_leaves_the_job_queued(store: Database) -> None:
    notifier = FakeNotifier()
    notifier.broken = True
    records = Jobs(store, notifier)
    job = records.submit(jobs.COMPARISON, "default", {}, "Created.")
    assert records.find(jobs.COMPARISON, "default", job.id).status == "queued"
    notifier.broken = False
    records.ring_for_waiting()
    assert notifier.notified == [(jobs.COMPARISON, job.id)]


def test_the_sweeper_rings_for_jobs_whose_worker_died_and_for_no_others(store: Database) -> None:
    notifier = FakeNotifier()
    records = Jobs(store, notifier)
    held, lost, over = (records.submit(jobs.FINE_TUNING, "default", {}, "Created.") for _ in range(3))
    with store.session() as session:
        jobs.claim(session, held.id, "worker", 60)
        jobs.claim(session, lost.id, "worker", -1)
        jobs.request_cancel(session, session.get_one(jobs.Job, over.id))
    notifier.notified.clear()
    records.ring_for_waiting()
    assert notifier.notified == [(jobs.FINE_TUNING, lost.id)]


def test_the_sweeper_goes_on_after_a_failure_and_ends_when_told(store: Database) -> None:
    notifier = FakeNotifier()
    notifier.broken = True
    records = Jobs(store, notifier)
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    sweeper = Sweeper(records, 0.01)
    sweeper.start()
    notifier.tried.clear()
    assert notifier.tried.wait(DEADLINE)
    notifier.broken = False
    wait_until(lambda: (jobs.FINE_TUNING, job.id) in notifier.notified)
    sweeper.stop()


def test_a_job_of_another_kind_or_project_is_not_found(store: Database) -> None:
    records = Jobs(store, FakeNotifier())
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    for kind, project in ((jobs.COMPARISON, "default"), (jobs.FINE_TUNING, "other")):
        with pytest.raises(NotFound):
            records.find(kind, project, job.id)


def test_a_page_after_a_deleted_job_is_a_404_that_names_the_cursor(store: Database) -> None:
    records = Jobs(store, FakeNotifier())
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    records.delete(jobs.FINE_TUNING, "default", job.id)
    with pytest.raises(NotFound, match=job.id) as raised:
        records.list_jobs(jobs.FINE_TUNING, "default", 20, job.id)
    assert raised.value.param == "after"


def test_a_finish_is_estimated_only_for_running_jobs_with_progress() -> None:
    job = jobs.Job(status="running", started_at=int(time.time()) - 10, percent=50.0)
    assert abs((estimate_finish(job) or 0) - (time.time() + 10)) < 3
    assert estimate_finish(jobs.Job(status="running", started_at=5, percent=0.0)) is None
    assert estimate_finish(jobs.Job(status="queued", started_at=None, percent=10.0)) is None

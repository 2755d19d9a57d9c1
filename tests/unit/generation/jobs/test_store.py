from collections.abc import Iterator
from pathlib import Path

import pytest

from services.generation.jobs.store import JobStore
from shared import records
from shared.contracts.paging import PageRequest
from shared.errors import Conflict, InvalidRequest, NotFound, Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.web.auth import open_authenticator
from tests.migrated import open_migrated


class FakeNotifier:
    """Records its notifications, and fails while `broken` is set."""

    def __init__(self) -> None:
        self.notified: list[tuple[str, str]] = []
        self.broken = False

    def notify(self, kind: str, job_id: str) -> None:
        if self.broken:
            raise Unavailable("The broker is gone.")
        self.notified.append((kind, job_id))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", records.MIGRATIONS)
    open_authenticator(database, {}, None)
    yield database
    database.close()


def test_a_job_is_stored_before_the_workers_are_notified(store: Database) -> None:
    notifier = FakeNotifier()
    job = JobStore(store, notifier).submit(jobs.FINE_TUNING, "default", {}, "Created.")
    assert notifier.notified == [(jobs.FINE_TUNING, job.id)]
    assert JobStore(store, notifier).find(jobs.FINE_TUNING, "default", job.id).status == "queued"


def test_a_dead_broker_leaves_the_job_queued(store: Database) -> None:
    notifier = FakeNotifier()
    notifier.broken = True
    records = JobStore(store, notifier)
    job = records.submit(jobs.COMPARISON, "default", {}, "Created.")
    assert records.find(jobs.COMPARISON, "default", job.id).status == "queued"
    notifier.broken = False
    records.notify_waiting()
    assert notifier.notified == [(jobs.COMPARISON, job.id)]


def test_workers_are_notified_of_jobs_whose_worker_died_and_of_no_others(store: Database) -> None:
    notifier = FakeNotifier()
    records = JobStore(store, notifier)
    held, lost, over = (records.submit(jobs.FINE_TUNING, "default", {}, "Created.") for _ in range(3))
    with store.session() as session:
        jobs.claim(session, held.id, "worker", 60)
        jobs.claim(session, lost.id, "worker", -1)
        jobs.request_cancel(session, session.get_one(jobs.Job, over.id))
    notifier.notified.clear()
    records.notify_waiting()
    assert notifier.notified == [(jobs.FINE_TUNING, lost.id)]


def test_a_round_of_the_sweeper_sends_a_few_messages_for_each_kind_of_job(store: Database) -> None:
    notifier = FakeNotifier()
    records = JobStore(store, notifier)
    for kind, count in ((jobs.FINE_TUNING, 20), (jobs.DATASET, 3)):
        for _ in range(count):
            records.submit(kind, "default", {}, "Created.")
    notifier.notified.clear()
    records.notify_waiting()
    kinds = [kind for kind, _ in notifier.notified]
    assert (kinds.count(jobs.FINE_TUNING), kinds.count(jobs.DATASET), len(set(notifier.notified))) == (8, 3, 11)


def test_a_job_that_only_some_workers_can_run_is_announced_to_several(store: Database) -> None:
    notifier = FakeNotifier()
    records = JobStore(store, notifier)
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    with store.session() as session:
        session.get_one(jobs.Job, job.id).device = "gpu"
    notifier.notified.clear()
    records.notify_waiting()
    assert notifier.notified == [(jobs.FINE_TUNING, job.id)] * 8


def test_a_job_of_another_kind_or_project_is_not_found(store: Database) -> None:
    records = JobStore(store, FakeNotifier())
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    for kind, project in ((jobs.COMPARISON, "default"), (jobs.FINE_TUNING, "other")):
        with pytest.raises(NotFound):
            records.find(kind, project, job.id)


def test_a_page_after_a_deleted_job_is_an_error_that_names_the_cursor(store: Database) -> None:
    records = JobStore(store, FakeNotifier())
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    records.delete(jobs.FINE_TUNING, "default", job.id)
    with pytest.raises(InvalidRequest, match=job.id) as raised:
        records.list_jobs(jobs.FINE_TUNING, "default", PageRequest(20, after=job.id))
    assert raised.value.param == "after"


@pytest.mark.parametrize("name", ["training_file", "validation_file"])
def test_a_file_is_in_use_until_its_job_has_ended(store: Database, name: str) -> None:
    records = JobStore(store, FakeNotifier())
    job = records.submit(jobs.FINE_TUNING, "default", {"training_file": "file-1", name: "file-2"}, "Created.")
    with pytest.raises(Conflict, match=f"'file-2' is used by '{job.id}', whose status is 'queued'"):
        records.check_file_unused("default", "file-2")
    records.pause(jobs.FINE_TUNING, "default", job.id)
    with pytest.raises(Conflict, match=r"'paused'\. Resume or cancel it"):
        records.check_file_unused("default", "file-2")
    records.check_file_unused("default", "file-3")
    records.check_file_unused("other", "file-2")
    records.cancel(jobs.FINE_TUNING, "default", job.id)
    records.check_file_unused("default", "file-2")


def test_jobs_of_the_same_second_are_listed_newest_first(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.records.jobs._now", lambda: 7)
    records = JobStore(store, FakeNotifier())
    ids = [records.submit(jobs.FINE_TUNING, "default", {}, "Created.").id for _ in range(12)]
    records.submit(jobs.DATASET, "default", {}, "Created.")
    listed = [job.id for job in records.list_jobs(jobs.FINE_TUNING, "default", PageRequest(20)).rows]
    assert listed == ids[::-1]
    after = records.list_jobs(jobs.FINE_TUNING, "default", PageRequest(3, after=ids[6]))
    assert [job.id for job in after.rows] == [ids[5], ids[4], ids[3]]


def test_a_queued_job_that_is_canceled_says_so_in_its_events(store: Database) -> None:
    records = JobStore(store, FakeNotifier())
    job = records.submit(jobs.FINE_TUNING, "default", {}, "Created.")
    records.cancel(jobs.FINE_TUNING, "default", job.id)
    records.cancel(jobs.FINE_TUNING, "default", job.id)
    events = records.list_events(jobs.FINE_TUNING, "default", job.id, PageRequest(20)).rows
    assert [event.message for event in events] == ["The job was canceled.", "Cancellation was requested.", "Created."]

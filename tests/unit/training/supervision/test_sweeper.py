"""The sweeper deletes the folders of ended jobs, and nothing else."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.training.planning.job_folder import JobFolder
from services.training.supervision import sweeper
from services.training.supervision.sweeper import delete_ended_job_folders, delete_unused_adapters, keep_sweeping
from shared.errors import DatabaseUnavailable
from shared.ids import new_id
from shared.records import jobs
from shared.records.database import Database
from shared.records.models.adapters import Adapter, name_adapter, name_checkpoint
from tests.serving import wait_until
from tests.unit.training.cases import add_checkpoints, make_spec

DAY = 86_400.0


@pytest.fixture
def work(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


def submit(database: Database, status: str, kind: str = jobs.FINE_TUNING) -> str:
    with database.session() as session:
        job = jobs.submit(session, kind, "default", make_spec().model_dump())
        job.status = status
        return job.id


def add_folder(work: Path, name: str) -> str:
    (work / name).mkdir()
    (work / name / "file.jsonl").write_text("{}")
    return name


def names(work: Path) -> set[str]:
    return {path.name for path in work.iterdir()}


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled"])
def test_the_folder_of_an_ended_job_is_deleted(work: Path, database: Database, status: str) -> None:
    add_folder(work, submit(database, status))
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == set()


def end(database: Database, status: str, seconds_ago: float) -> str:
    job_id = submit(database, status)
    with database.session() as session:
        session.get_one(jobs.Job, job_id).finished_at = int(time.time() - seconds_ago)
    return job_id


@pytest.mark.parametrize(
    ("status", "days", "stays"),
    [("failed", 0.5, True), ("failed", 2, False), ("cancelled", 0.5, False), ("succeeded", 0.5, False)],
)
def test_the_newest_checkpoint_of_a_job_that_failed_stays_for_a_while(
    work: Path, database: Database, status: str, days: float, stays: bool
) -> None:
    name = add_folder(work, end(database, status, days * DAY))
    folder = JobFolder(work / name)
    add_checkpoints(folder, 2, 4)
    folder.tokens("training").touch()
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == ({name} if stays else set())
    assert [path.name for path in work.glob("*/checkpoints/*/*")] == (["checkpoint-4"] if stays else [])
    assert not folder.tokens("training").exists()


def test_a_job_that_failed_after_its_training_keeps_what_it_trained(work: Path, database: Database) -> None:
    name = add_folder(work, end(database, "failed", 1))
    JobFolder(work / name).trained.write_text("{}")
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == {name}


def test_with_a_setting_of_no_days_a_failed_job_keeps_nothing(work: Path, database: Database) -> None:
    name = add_folder(work, end(database, "failed", 1))
    add_checkpoints(JobFolder(work / name), 2)
    delete_ended_job_folders(work, database, 0)
    assert names(work) == set()


def test_a_folder_whose_deletion_was_interrupted_is_deleted(work: Path, database: Database) -> None:
    ended, running = submit(database, "cancelled"), submit(database, "running")
    add_folder(work, f"{ended}.deleted")
    kept = add_folder(work, f"{running}.deleted")
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == {kept}


@pytest.mark.parametrize("status", ["queued", "running"])
def test_the_folder_of_an_unfinished_job_stays(work: Path, database: Database, status: str) -> None:
    name = add_folder(work, submit(database, status))
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == {name}


def test_folders_and_files_that_belong_to_no_job_stay(work: Path, database: Database) -> None:
    ended = submit(database, "succeeded")
    foreign = {add_folder(work, name) for name in ("my-thesis", "ftjob-", f"{ended}-backup", new_id("ftjob-"))}
    (work / "notes.txt").write_text("do not lose this")
    (work / ended).write_text("a file with the name of a job")
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == foreign | {"notes.txt", ended}
    assert all((work / name / "file.jsonl").exists() for name in foreign)


def test_a_link_with_the_name_of_a_job_and_its_target_stay(work: Path, database: Database, tmp_path: Path) -> None:
    ended = submit(database, "succeeded")
    target = tmp_path / "elsewhere"
    target.mkdir()
    (work / ended).symlink_to(target)
    delete_ended_job_folders(work, database, DAY)
    assert target.exists()
    assert names(work) == {ended}


def test_the_folder_of_another_kind_of_job_stays(work: Path, database: Database) -> None:
    name = add_folder(work, submit(database, "succeeded", jobs.COMPARISON))
    delete_ended_job_folders(work, database, DAY)
    assert names(work) == {name}


def test_a_missing_work_folder_is_no_error(tmp_path: Path, database: Database) -> None:
    delete_ended_job_folders(tmp_path / "nothing", database, DAY)


@pytest.mark.parametrize(
    ("status", "stays"), [("failed", False), ("cancelled", False), ("succeeded", False), ("queued", True), ("running", True)]
)
def test_adapters_without_a_row_are_deleted_once_their_job_has_ended(work: Path, database: Database, status: str, stays: bool) -> None:
    name = name_adapter("tiny", "default", "style", submit(database, status))
    left = {add_folder(work, each) for each in (name, name_checkpoint(name, 12), f".{name}", f".{name_checkpoint(name, 24)}")}
    delete_unused_adapters(work, database)
    assert names(work) == (left if stays else set())


def test_adapters_that_are_used_or_of_unknown_origin_stay(work: Path, database: Database) -> None:
    used = name_adapter("tiny", "default", None, submit(database, "succeeded"))
    unknown, imported = (name_adapter("tiny", "default", None, new_id(prefix)) for prefix in ("ftjob-", "import-"))
    with database.session() as session:
        session.add(Adapter(name=used, project_id="default", base="tiny", job_id="ftjob-1", manifest={}, created_at=7))
    kept = {add_folder(work, each) for each in (used, unknown, imported, f".{imported}", f".{used}.deleted", "notes")}
    add_folder(work, f".{used}")
    delete_unused_adapters(work, database)
    assert names(work) == kept


def test_without_a_folder_of_adapters_nothing_happens(tmp_path: Path, database: Database) -> None:
    delete_unused_adapters(tmp_path / "nowhere", database)


def test_a_worker_without_jobs_deletes_what_ended_jobs_left_also_after_the_database_was_gone(
    work: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "SWEEP_SECONDS", 0.01)
    stopping, failures = threading.Event(), iter([DatabaseUnavailable("The database does not answer.")])

    def fail_once(adapters: Path, database: Database) -> None:
        for failure in failures:
            raise failure
        delete_unused_adapters(adapters, database)

    monkeypatch.setattr(sweeper, "delete_unused_adapters", fail_once)
    thread = threading.Thread(target=keep_sweeping, args=(work, tmp_path / "adapters", database, DAY, stopping))
    thread.start()
    for _ in range(2):
        add_folder(work, submit(database, "cancelled"))
        wait_until(lambda: names(work) == set())
    stopping.set()
    thread.join()


def test_jobs_are_looked_up_only_for_adapters_without_a_row(
    work: Path, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapters, job_id = tmp_path / "adapters", submit(database, "succeeded")
    adapters.mkdir()
    used, unused = (add_folder(adapters, name_adapter("tiny", "default", suffix, job_id)) for suffix in ("used", "unused"))
    with database.session() as session:
        session.add(Adapter(name=used, project_id="default", base="tiny", job_id=job_id, manifest={}, created_at=1))
    looked_up: list[str] = []
    has_ended = sweeper._is_of_ended_job

    def look_up(session: Session, path: Path) -> bool:
        looked_up.append(path.name)
        return has_ended(session, path)

    monkeypatch.setattr(sweeper, "_is_of_ended_job", look_up)
    delete_unused_adapters(adapters, database)
    assert (looked_up, names(adapters)) == ([unused], {used})

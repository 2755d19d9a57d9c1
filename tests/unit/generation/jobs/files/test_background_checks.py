"""What a front door does with the jobs whose files are to be checked, if something goes wrong."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio.to_thread
import pytest

from services.generation.jobs.files import background_checks
from services.generation.jobs.files.background_checks import CheckBackends, FileChecks
from services.generation.jobs.files.check_files import Files
from services.generation.jobs.files.check_queue import CheckQueue, ClaimedCheck
from services.generation.jobs.training_limits import TrainingLimits
from shared import records
from shared.contracts.files import FileObject
from shared.errors import DatabaseUnavailable, Unavailable
from shared.records.database import Database
from shared.records.jobs import MAX_TAKEOVERS, VALIDATING
from shared.settings import TrainableBase
from tests.migrated import open_migrated
from tests.serving import DEADLINE, wait_until
from tests.unit.generation.jobs.files.test_check_queue import submit
from tests.unit.shared.job_rows import expire, load

LINE = b'{"prompt": "Where is %d?", "completion": "There."}'


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", records.MIGRATIONS)
    yield database
    database.close()


class FakeFiles:
    """Every file has a dozen examples. Something happens before the last line is read."""

    def __init__(self, before_last: Callable[[], None] = lambda: None) -> None:
        self._before_last = before_last
        self.projects: list[str] = []

    def open(self, project: str) -> Files:
        self.projects.append(project)
        return self

    def find_file(self, file_id: str, param: str) -> FileObject:
        return FileObject(id=file_id, bytes=600, created_at=1, filename="a.jsonl", purpose="fine-tune", sha256="0" * 64)

    @contextmanager
    def lines(self, file_id: str, param: str) -> Iterator[Iterator[bytes]]:
        yield self._list_lines()

    def _list_lines(self) -> Iterator[bytes]:
        for number in range(12):
            if number == 11:
                self._before_last()
            yield LINE % number


class Workers:
    """Those who train; `notified` counts the messages to them."""

    notified = 0

    def notify_waiting(self) -> None:
        self.notified += 1


async def in_thread(work: Callable[[], None]) -> None:
    await anyio.to_thread.run_sync(work)


async def check(database: Database, files: FakeFiles, is_done: Callable[[], bool], turn: Callable[..., Awaitable[None]] = in_thread) -> int:
    """Check files until `is_done()`; return how often the workers were notified."""
    workers, limits = Workers(), TrainingLimits(16, 1000, {"tiny": TrainableBase("nowhere")})
    checks = FileChecks(CheckQueue(database, 60), CheckBackends(files.open, limits, workers, turn))
    async with checks.running():
        await anyio.to_thread.run_sync(wait_until, is_done)
    return workers.notified


@pytest.mark.anyio
async def test_a_job_whose_files_are_valid_is_queued_and_the_workers_are_notified(database: Database) -> None:
    ids, files = [submit(database) for _ in range(3)], FakeFiles()

    def are_queued() -> bool:
        return all(load(database, id).status == "queued" for id in ids)

    await check(database, files, are_queued)
    assert files.projects == ["default"] * 3


@pytest.mark.anyio
async def test_files_are_checked_again_if_retrieval_does_not_answer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.generation.jobs.files.background_checks.RETRY_SECONDS", 0.0)
    answers = iter([Unavailable("Retrieval does not answer."), None])

    def fail_once() -> None:
        if error := next(answers):
            raise error

    job_id, files = submit(database), FakeFiles(fail_once)
    await check(database, files, lambda: load(database, job_id).status == "queued")
    assert (len(files.projects), load(database, job_id).error) == (2, None)


@pytest.mark.anyio
async def test_an_unexpected_error_fails_the_job_and_shows_nothing_of_the_code(database: Database) -> None:
    def fail() -> None:
        raise RuntimeError("secret")

    job_id = submit(database)
    assert await check(database, FakeFiles(fail), lambda: load(database, job_id).status == "failed") == 0
    assert load(database, job_id).error == {
        "code": "server_error",
        "message": "The server had an error while checking the files. Its log has the details.",
        "param": None,
    }


@pytest.mark.anyio
async def test_a_job_over_which_several_front_doors_died_fails(database: Database) -> None:
    job_id = submit(database)
    for _ in range(MAX_TAKEOVERS + 1):
        assert CheckQueue(database, 60).claim()
        expire(database, job_id)
    assert await check(database, FakeFiles(), lambda: load(database, job_id).status == "failed") == 0
    assert (load(database, job_id).error or {})["code"] == "worker_died"


@pytest.mark.anyio
async def test_a_front_door_that_stops_gives_back_a_job_that_waits_for_its_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.generation.jobs.files.background_checks.STOP_SECONDS", 0.0)

    async def never(_: Callable[[], None]) -> None:
        await anyio.sleep_forever()

    job_id = submit(database)
    await check(database, FakeFiles(), lambda: load(database, job_id).lease_owner is not None, never)
    assert (load(database, job_id).status, load(database, job_id).lease_owner) == (VALIDATING, None)
    await check(database, FakeFiles(), lambda: load(database, job_id).status == "queued")


@pytest.mark.anyio
async def test_a_front_door_that_stops_while_it_claims_a_job_gives_it_back(database: Database) -> None:
    claimed, go_on = threading.Event(), threading.Event()

    class SlowQueue(CheckQueue):
        def claim(self) -> ClaimedCheck | None:
            check = super().claim()
            claimed.set()
            go_on.wait(DEADLINE)
            return check

    job_id, limits = submit(database), TrainingLimits(16, 1000, {"tiny": TrainableBase("nowhere")})
    checks = FileChecks(SlowQueue(database, 60), CheckBackends(FakeFiles().open, limits, Workers(), in_thread))
    with anyio.fail_after(60):
        async with checks.running():
            await anyio.to_thread.run_sync(claimed.wait)
            asyncio.get_running_loop().call_later(0.05, go_on.set)  # once the loop has been told to stop
    assert (load(database, job_id).status, load(database, job_id).lease_owner) == (VALIDATING, None)


@pytest.mark.anyio
async def test_a_database_that_is_away_for_a_moment_does_not_end_a_check(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bool:
        raise DatabaseUnavailable("The database does not respond.")

    monkeypatch.setattr("services.generation.jobs.files.background_checks.REPORT_SECONDS", 0.0)
    monkeypatch.setattr(CheckQueue, "report", fail)
    job_id, files = submit(database), FakeFiles()
    await check(database, files, lambda: load(database, job_id).status == "queued")
    assert len(files.projects) == 1


@pytest.mark.anyio
async def test_a_lease_that_is_renewed_while_its_check_ends_is_no_error(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[str] = []
    monkeypatch.setattr(background_checks.log, "exception", errors.append)
    renewing, renewed, opened = threading.Event(), threading.Event(), list[FileChecks]()

    class SlowQueue(CheckQueue):
        def renew(self, id: str) -> bool:
            renewing.set()
            wait_until(lambda: opened[0]._reading is None)
            renewed.set()
            return super().renew(id)

    async def turn(work: Callable[[], None]) -> None:
        await anyio.to_thread.run_sync(renewing.wait, DEADLINE)
        await anyio.to_thread.run_sync(work)

    job_id, limits = submit(database), TrainingLimits(16, 1000, {"tiny": TrainableBase("nowhere")})
    checks = FileChecks(SlowQueue(database, 60), CheckBackends(FakeFiles().open, limits, Workers(), turn))
    opened.append(checks)
    async with checks.running():
        await anyio.to_thread.run_sync(wait_until, lambda: load(database, job_id).lease_owner is not None)
        checks.wake()
        await anyio.to_thread.run_sync(wait_until, renewed.is_set)
        second = submit(database)
        checks.wake()
        await anyio.to_thread.run_sync(wait_until, lambda: load(database, second).status == "queued")
    assert errors == []

"""Holds of files, if something goes wrong in between."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import anyio
import pytest

from services.generation.http.client import ServiceClient, ServiceResponse
from services.generation.jobs.files import hold_files
from services.generation.jobs.files.hold_files import FileHolds
from shared import records
from shared.errors import Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job
from tests.migrated import open_migrated
from tests.unit.shared.job_rows import load


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_migrated(tmp_path / "jobs.db", records.MIGRATIONS)
    yield database
    database.close()


class FakeRetrieval:
    """Keeps which files are held. `before` is awaited before each request."""

    name = "retrieval"

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.before: Callable[[str, str], Awaitable[None]] | None = None

    async def call(self, method: str, path: str, headers: Any) -> ServiceResponse:
        file_id = path.split("/")[3]
        if self.before:
            await self.before(method, file_id)
        (self.held.add if method == "PUT" else self.held.discard)(file_id)
        return ServiceResponse(204, b"")


def open_holds(database: Database, retrieval: FakeRetrieval) -> FileHolds:
    return FileHolds(database, cast(ServiceClient, retrieval), None, 60)


def submit(database: Database) -> Job:
    with database.session() as session:
        return jobs.submit(session, FINE_TUNING, "default", {"training_file": "file-1", "validation_file": "file-2"})


def cancel(database: Database, job_id: str) -> None:
    with database.session() as session:
        jobs.request_cancel(session, session.get_one(Job, job_id))


@pytest.mark.anyio
async def test_one_of_two_files_that_was_held_before_retrieval_went_away_is_released_when_the_job_ends(database: Database) -> None:
    async def fail_second(_: str, file_id: str) -> None:
        if file_id == "file-2":
            raise Unavailable("Retrieval does not answer.")

    retrieval, job = FakeRetrieval(), submit(database)
    retrieval.before, holds = fail_second, open_holds(database, retrieval)
    await holds.hold(job)
    assert retrieval.held == {"file-1"}
    cancel(database, job.id)
    retrieval.before = None
    await holds.release_ended()
    assert (retrieval.held, load(database, job.id).files_held_until) == (set(), None)


@pytest.mark.anyio
async def test_files_that_another_front_door_holds_while_they_are_released_are_released_again(database: Database) -> None:
    retrieval, job = FakeRetrieval(), submit(database)
    holds, other = (open_holds(database, retrieval) for _ in range(2))
    await holds.hold(job)
    running = load(database, job.id)
    cancel(database, job.id)

    async def hold_again(_: str, file_id: str) -> None:
        if file_id == "file-2":
            retrieval.before = None
            await other.hold(running)

    retrieval.before = hold_again
    await holds.release_ended()
    assert retrieval.held == {"file-1"}
    await holds.release_ended()
    assert (retrieval.held, load(database, job.id).files_held_until) == (set(), None)


@pytest.mark.anyio
async def test_a_client_waits_only_briefly_if_retrieval_hangs_and_the_next_round_holds_the_files(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: str) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(hold_files, "ANSWER_SECONDS", 0.05)
    retrieval = FakeRetrieval()
    retrieval.before = hang
    job = submit(database)
    await open_holds(database, retrieval).hold(job)
    assert retrieval.held == set()
    retrieval.before = None
    monkeypatch.setattr(hold_files, "ANSWER_SECONDS", 60)
    with anyio.fail_after(60):
        async with open_holds(database, retrieval).running():
            while (load(database, job.id).files_held_until or 0) < time.time() + hold_files.HOLD_SECONDS / 2:
                await anyio.sleep(0.01)
    assert retrieval.held == {"file-1", "file-2"}

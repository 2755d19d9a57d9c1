"""Holds of files, if something goes wrong in between."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from services.generation.http.client import ServiceClient, ServiceResponse
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

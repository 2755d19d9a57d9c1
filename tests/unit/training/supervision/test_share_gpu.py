"""A training shares its GPU: it waits, and the engine sleeps meanwhile, if it can."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.training.supervision import share_gpu as sharing_module
from services.training.supervision.share_gpu import SLEEPS, WAKES, GpuSharing, share_gpu, wait_again
from shared.records.database import Database
from shared.records.engine_sleeps import EngineSleep, find_age, report_sleep
from shared.workers.job_context import JobContext, JobInterrupted
from tests.serving import wait_until
from tests.unit.shared.job_rows import messages

URL = "http://gpu-1:8002"
SLEEPING = GpuSharing(lambda _: 2, lambda _: 3, URL)


@pytest.fixture(autouse=True)
def short_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing_module, "POLL_SECONDS", 0.01)


@pytest.fixture
def wait_file(tmp_path: Path) -> Path:
    return tmp_path / "memory-wait.json"


def shall_sleep(database: Database) -> bool:
    with database.session() as session:
        return find_age(session, URL) is not None


@pytest.fixture
def front_door(database: Database) -> Iterator[list[str | None]]:
    """A front door that reports what a test puts into the list, once a worker has requested something."""
    outcomes: list[str | None] = []

    def respond() -> None:
        wait_until(lambda: shall_sleep(database) and outcomes)
        with database.session() as session:
            report_sleep(session, URL, outcomes[0])

    thread = threading.Thread(target=respond)
    thread.start()
    yield outcomes
    thread.join()


def test_without_sharing_nothing_waits(database: Database, context: JobContext, wait_file: Path) -> None:
    with share_gpu(None, lambda: 10**15, context, wait_file) as wait:
        wait(1)
    assert messages(database, context.job.id) == []


def test_the_engine_sleeps_during_the_training(
    database: Database, context: JobContext, front_door: list[str | None], wait_file: Path
) -> None:
    front_door.append(None)
    with share_gpu(SLEEPING, lambda: 1, context, wait_file) as wait:
        wait(1)
        assert shall_sleep(database)
    assert not shall_sleep(database)
    assert messages(database, context.job.id)[-2:] == [SLEEPS, WAKES]


def test_a_training_says_which_engine_it_waits_for(
    database: Database, context: JobContext, front_door: list[str | None], wait_file: Path
) -> None:
    def answer_once_it_says_so() -> None:
        wait_until(lambda: any(f"waiting for the engine {URL} to sleep" in message for message in messages(database, context.job.id)))
        front_door.append(None)

    thread = threading.Thread(target=answer_once_it_says_so)
    thread.start()
    with share_gpu(SLEEPING, lambda: 1, context, wait_file):
        thread.join()


def test_a_training_goes_on_beside_an_engine_that_cannot_sleep(
    database: Database, context: JobContext, front_door: list[str | None], wait_file: Path
) -> None:
    front_door.append("The engine cannot sleep.")
    with share_gpu(SLEEPING, lambda: 1, context, wait_file) as wait:
        wait(1)
    assert "The engine cannot sleep. The training shares the GPU with the engine." in messages(database, context.job.id)


def test_a_job_can_end_while_it_waits_for_the_engine(
    database: Database, context: JobContext, stopping: threading.Event, wait_file: Path
) -> None:
    def stop() -> None:
        wait_until(lambda: shall_sleep(database))
        stopping.set()

    threading.Thread(target=stop).start()
    with pytest.raises(JobInterrupted), share_gpu(SLEEPING, lambda: 1, context, wait_file):
        pytest.fail("The engine never slept.")
    context.requeue()
    assert not shall_sleep(database)


def test_a_job_that_fails_leaves_no_request_that_counts(
    database: Database, context: JobContext, front_door: list[str | None], wait_file: Path
) -> None:
    front_door.append(None)
    with pytest.raises(ValueError, match="too large"), share_gpu(SLEEPING, lambda: 1, context, wait_file):
        raise ValueError("too large")
    context.finish("failed", "The job failed.")
    assert not shall_sleep(database)
    with database.session() as session:
        assert session.scalars(select(EngineSleep.engine_url)).all() == [URL]


def test_an_engine_wakes_while_the_job_waits_for_memory_that_another_program_uses(
    database: Database, context: JobContext, front_door: list[str | None], wait_file: Path
) -> None:
    front_door.append(None)
    with pytest.raises(JobInterrupted), share_gpu(SLEEPING, lambda: 3, context, wait_file) as wait:
        wait(1)
    context.put_back()
    assert not shall_sleep(database)
    wait_again(SLEEPING, context, wait_file)  # the engine must sleep first

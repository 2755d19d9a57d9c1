"""A job waits for the GPU's memory in the queue, and says so once."""

import json
from pathlib import Path

import pytest

from services.training.supervision import wait_for_memory as waiting
from services.training.supervision.wait_for_memory import RETRY_SECONDS, STAGE, FindBytes, Needed, look_again, wait_for_memory
from shared.records import jobs
from shared.records.database import Database
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.shared.job_rows import load, messages

GB = 10**9
WAITS = (
    "The job is waiting for GPU memory that other programs are using: it needs at least 3.2 GB, and 1.0 GB is free. "
    "Until there is enough, the worker runs other jobs."
)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(waiting, "time", clock)
    return clock


@pytest.fixture
def wait_file(tmp_path: Path) -> Path:
    return tmp_path / "memory-wait.json"


def free(*gigabytes: float) -> FindBytes:
    """Return what finds the least of so many GPUs' memory."""
    return lambda gpus: int(min(gigabytes[:gpus]) * GB)


def test_a_training_whose_memory_is_free_starts_at_once_without_an_event(database: Database, context: JobContext, wait_file: Path) -> None:
    look_again(free(3), free(24), context, wait_file)
    wait_for_memory(Needed(3 * GB), free(3), free(24), context, wait_file)
    assert (messages(database, context.job.id), context.interrupt_reason, wait_file.exists()) == ([], None, False)


def test_a_job_whose_memory_is_not_free_says_so_once_and_returns_to_the_queue(
    database: Database, context: JobContext, wait_file: Path, clock: Clock
) -> None:
    for _ in range(2):
        with pytest.raises(JobInterrupted):
            wait_for_memory(Needed(int(3.2 * GB)), free(1), free(24), context, wait_file)
        assert context.interrupt_reason == "deferred"
        clock.now += 100
    with pytest.raises(JobInterrupted):
        look_again(free(3.1), free(24), context, wait_file)
    assert messages(database, context.job.id) == [WAITS]
    context.put_back()
    job = load(database, context.job.id)
    assert (job.status, job.stage, job.lease_owner) == ("queued", STAGE, None)
    with database.session() as session:
        assert jobs.claim(session, job.id, "another worker", RETRY_SECONDS) is None


@pytest.mark.parametrize(("seconds", "words"), [(59, "less than a minute"), (119, "1 minute"), (1200, "20 minutes")])
def test_a_job_that_has_waited_says_how_long(
    database: Database, context: JobContext, wait_file: Path, clock: Clock, seconds: int, words: str
) -> None:
    with pytest.raises(JobInterrupted):
        wait_for_memory(Needed(int(3.2 * GB)), free(1), free(24), context, wait_file)
    clock.now += seconds
    look_again(free(3.2), free(24), context, wait_file)
    wait_for_memory(Needed(int(3.2 * GB)), free(3.2), free(24), context, wait_file)
    assert messages(database, context.job.id) == [WAITS, f"The GPU has enough free memory now. The job waited {words} for it."]
    assert not wait_file.exists()


def test_a_job_that_now_needs_less_waits_for_that(context: JobContext, wait_file: Path) -> None:
    for needed in (5 * GB, 3 * GB):
        with pytest.raises(JobInterrupted):
            wait_for_memory(Needed(needed), free(1), free(24), context, wait_file)
    assert json.loads(wait_file.read_text())["needed"] == 3 * GB


def test_a_gpu_that_does_not_say_what_is_free_stops_no_training(database: Database, context: JobContext, wait_file: Path) -> None:
    def fail(_: int) -> int:
        raise OSError("nvidia-smi failed")

    wait_for_memory(Needed(3 * GB), fail, fail, context, wait_file)
    wait_file.write_text(json.dumps({"needed": GB, "since": 0}))
    look_again(fail, fail, context, wait_file)
    assert messages(database, context.job.id) == []


def test_a_training_does_not_wait_for_memory_that_the_gpu_does_not_have(database: Database, context: JobContext, wait_file: Path) -> None:
    wait_for_memory(Needed(30 * GB), free(1), free(24), context, wait_file)
    [message] = messages(database, context.job.id)
    assert "at least 30.0 GB of GPU memory, but the GPU has 24.0 GB in total" in message


@pytest.mark.parametrize("reason", ["cancelled", "paused"])
def test_a_job_that_must_end_does_not_return_to_the_queue(database: Database, context: JobContext, wait_file: Path, reason: str) -> None:
    with pytest.raises(JobInterrupted):
        wait_for_memory(Needed(3 * GB), free(1), free(24), context, wait_file)
    with database.session() as session:
        if reason == "paused":
            jobs.pause(session, context.job.id)
        else:
            jobs.request_cancel(session, session.get_one(jobs.Job, context.job.id))
    context.renew_lease()
    assert context.interrupt_reason == reason
    with pytest.raises(JobInterrupted):
        look_again(free(1), free(24), context, wait_file)


def test_a_job_waits_only_for_the_gpus_that_it_uses(context: JobContext, wait_file: Path) -> None:
    last_is_full, totals = free(24, 24, 1), free(24, 24, 24)
    wait_for_memory(Needed(20 * GB, gpus=2), last_is_full, totals, context, wait_file)
    assert not wait_file.exists()
    with pytest.raises(JobInterrupted):
        wait_for_memory(Needed(20 * GB, gpus=3), last_is_full, totals, context, wait_file)


def test_a_job_that_came_back_looks_at_the_gpus_that_it_waits_for(context: JobContext, wait_file: Path) -> None:
    with pytest.raises(JobInterrupted):
        wait_for_memory(Needed(20 * GB, gpus=2), free(24, 1, 1), free(24, 24, 24), context, wait_file)
    look_again(free(24, 24, 1), free(24, 24, 24), context, wait_file)
    with pytest.raises(JobInterrupted):
        look_again(free(24, 1, 24), free(24, 24, 24), context, wait_file)


def test_what_an_older_version_wrote_about_a_wait_is_read(context: JobContext, wait_file: Path) -> None:
    wait_file.write_text(json.dumps({"needed": 20 * GB, "since": 0}))
    look_again(free(24, 1), free(24, 24), context, wait_file)
    with pytest.raises(JobInterrupted):
        look_again(free(1, 24), free(24, 24), context, wait_file)

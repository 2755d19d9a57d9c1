"""A training waits for the GPU's memory, and its job says so and can be stopped."""

import threading
from collections.abc import Callable

import pytest

from services.training.supervision import wait_for_memory as waiting
from services.training.supervision.wait_for_memory import LOOK_SECONDS, POLL_SECONDS, wait_for_memory
from shared.records import jobs
from shared.records.database import Database
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.shared.job_rows import messages

GB = 10**9


class Clock:
    """A clock that only `sleep` moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(waiting, "time", clock)
    return clock


def free_after(clock: Clock, seconds: float, free: int = 9 * GB) -> Callable[[], int]:
    """Return the memory of a GPU of which another program leaves 1 GB until some seconds have passed."""
    return lambda: free if clock.now >= seconds else GB


def test_a_training_whose_memory_is_free_starts_at_once_without_an_event(database: Database, context: JobContext, clock: Clock) -> None:
    wait_for_memory(3 * GB, lambda: 3 * GB, lambda: 24 * GB, context, clock.sleep)
    assert (clock.now, messages(database, context.job.id)) == (0, [])


def test_the_events_say_what_is_missing_and_how_long_the_training_has_waited(database: Database, context: JobContext, clock: Clock) -> None:
    wait_for_memory(int(3.2 * GB), free_after(clock, 1200), lambda: 24 * GB, context, clock.sleep)
    assert messages(database, context.job.id) == [
        "The training is waiting for GPU memory that other programs are using: it needs at least 3.2 GB, and 1.0 GB are free.",
        "The training has been waiting for 15 minutes for GPU memory that other programs are using: it needs at least 3.2 GB, "
        "and 1.0 GB are free.",
        "The GPU has enough free memory now. The training waited 20 minutes for it.",
    ]


def test_a_gpu_that_does_not_say_what_is_free_stops_no_training(database: Database, context: JobContext, clock: Clock) -> None:
    def fail() -> int:
        raise OSError("nvidia-smi failed")

    wait_for_memory(3 * GB, fail, fail, context, clock.sleep)
    assert messages(database, context.job.id) == []


def test_a_training_does_not_wait_for_memory_that_the_gpu_does_not_have(database: Database, context: JobContext, clock: Clock) -> None:
    wait_for_memory(30 * GB, lambda: GB, lambda: 24 * GB, context, clock.sleep)
    assert clock.now == 0
    assert "at least 30.0 GB of GPU memory, but the GPU has 24.0 GB in total" in messages(database, context.job.id)[0]


@pytest.mark.parametrize("reason", ["cancelled", "paused", "stopping"])
def test_a_job_that_must_end_stops_waiting_at_once(
    database: Database, context: JobContext, stopping: threading.Event, clock: Clock, reason: str
) -> None:
    def interrupt(seconds: float) -> None:
        clock.sleep(seconds)
        if clock.now > LOOK_SECONDS / 2 and context.interrupt_reason is None:
            end_job(database, context, stopping, reason)

    with pytest.raises(JobInterrupted):
        wait_for_memory(3 * GB, lambda: GB, lambda: 24 * GB, context, interrupt)
    assert context.interrupt_reason == reason
    assert clock.now <= LOOK_SECONDS / 2 + POLL_SECONDS


def end_job(database: Database, context: JobContext, stopping: threading.Event, reason: str) -> None:
    if reason == "stopping":
        stopping.set()
        return
    with database.session() as session:
        if reason == "paused":
            jobs.pause(session, context.job.id)
        else:
            jobs.request_cancel(session, session.get_one(jobs.Job, context.job.id))
    context.renew_lease()

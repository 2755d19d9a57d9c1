"""A coroutine runs for a job to its end, or until the job must end."""

import asyncio
import threading

import pytest

from shared.records.jobs import Job
from shared.workers.interrupt import run_interruptibly
from shared.workers.job_context import JobContext, JobInterrupted


@pytest.fixture
def stopping() -> threading.Event:
    return threading.Event()


@pytest.fixture
def context(stopping: threading.Event) -> JobContext:
    database: object = None  # nothing is stored here
    return JobContext(database, Job(cancel_requested=False), "worker", stopping)  # type: ignore[arg-type]


def test_the_result_and_the_errors_of_a_coroutine_come_through(context: JobContext) -> None:
    async def answer() -> int:
        return 3

    async def fail() -> int:
        raise ValueError("wrong")

    assert run_interruptibly(answer(), context) == 3
    with pytest.raises(ValueError, match="wrong"):
        run_interruptibly(fail(), context)


def test_a_stop_cancels_the_coroutine_before_it_is_reported(context: JobContext, stopping: threading.Event) -> None:
    steps: list[str] = []

    async def hang() -> None:
        stopping.set()
        try:
            await asyncio.Event().wait()
        finally:
            steps.append("cancelled")

    with pytest.raises(JobInterrupted, match="stopping"):
        run_interruptibly(hang(), context)
    assert steps == ["cancelled"]


def test_a_job_that_ends_in_time_is_not_interrupted(context: JobContext, stopping: threading.Event) -> None:
    async def finish() -> str:
        stopping.set()
        return "done"

    assert run_interruptibly(finish(), context) == "done"


def test_a_stop_does_not_wait_for_a_thread_of_the_coroutine(context: JobContext, stopping: threading.Event) -> None:
    is_over = threading.Event()

    async def compute() -> None:
        stopping.set()
        await asyncio.to_thread(is_over.wait, 60)

    try:
        with pytest.raises(JobInterrupted, match="stopping"):
            run_interruptibly(compute(), context)
        assert not is_over.is_set()
    finally:
        is_over.set()

"""Waits end immediately if the job must end, and calls of the API are retried."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.training.supervision.interruptible import call_api, run_in_thread
from shared.errors import NotFound, Unavailable
from shared.log import bind_request_id, request_id
from shared.workers.job_context import JobContext, JobInterrupted


class FakeApi:
    """Raises each of `errors` in turn, then answers; counts what is open."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.num_open = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["FakeApi"]:
        self.num_open += 1
        try:
            yield self
        finally:
            self.num_open -= 1

    async def answer(self) -> int:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return 5


def test_the_result_and_the_errors_of_a_call_come_through(context: JobContext) -> None:
    def fail() -> None:
        raise NotFound("gone")

    assert run_in_thread(lambda: 3, context) == 3
    with pytest.raises(NotFound, match="gone"):
        run_in_thread(fail, context)


def test_a_call_in_a_thread_carries_the_request_id(context: JobContext) -> None:
    bound = bind_request_id("req_of_the_test")
    assert run_in_thread(request_id, context) == bound


def test_a_stop_ends_the_wait_for_a_call_that_hangs(context: JobContext, stopping: threading.Event) -> None:
    released = threading.Event()

    def hang() -> None:
        stopping.set()
        released.wait()

    with pytest.raises(JobInterrupted):
        run_in_thread(hang, context)
    released.set()


def test_a_stop_cancels_a_call_of_the_api_and_closes_the_client(context: JobContext, stopping: threading.Event) -> None:
    api = FakeApi()

    async def hang(_: FakeApi) -> None:
        stopping.set()
        await asyncio.Event().wait()

    with pytest.raises(JobInterrupted):
        call_api(api.open, hang, context, 60)
    assert api.num_open == 0


def test_a_call_of_the_api_that_fails_for_the_moment_is_repeated(context: JobContext) -> None:
    api = FakeApi(Unavailable("starting"))
    assert call_api(api.open, lambda opened: opened.answer(), context, 60) == 5
    assert (api.calls, api.num_open) == (2, 0)


@pytest.mark.parametrize("error", [Unavailable("gone"), NotFound("no such file")])
def test_retries_end_and_a_permanent_error_ends_them_immediately(context: JobContext, error: Exception) -> None:
    api = FakeApi(error, error)
    with pytest.raises(type(error)):
        call_api(api.open, lambda opened: opened.answer(), context, 0)
    assert api.calls == 1

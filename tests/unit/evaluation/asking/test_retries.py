"""Transient errors are retried while the patience lasts, timeouts only once, and others never. The tests hold the clock."""

import asyncio

import pytest

from services.evaluation.asking.retries import call_with_retries
from shared.errors import DeadlineExceeded, EngineAsleep, InvalidRequest, TandemError, TooManyRequests, Unavailable
from tests.unit.evaluation.asking.scripted_models import FakeTime


class FailingCall:
    """Raises each of `errors` in turn, then answers. Each call takes `seconds`."""

    def __init__(self, *errors: TandemError, seconds: float = 0.0) -> None:
        self.time = FakeTime()
        self.calls = 0
        self._errors = list(errors)
        self._seconds = seconds

    async def __call__(self) -> str:
        self.calls += 1
        self.time.now += self._seconds
        if self._errors:
            raise self._errors.pop(0)
        return "answer"

    def run(self, patience_seconds: float) -> str:
        return asyncio.run(call_with_retries(self, patience_seconds, self.time.clock))


def test_a_transient_error_is_retried_after_growing_waits() -> None:
    call = FailingCall(*(Unavailable("gone") for _ in range(8)))
    assert call.run(60) == "answer"
    assert call.time.waits == [0.25, 0.5, 1, 2, 4, 8, 8, 8]


def test_a_service_that_says_how_long_to_wait_is_obeyed() -> None:
    call = FailingCall(TooManyRequests("full", retry_after=7), TooManyRequests("full", retry_after=1))
    assert call.run(60) == "answer"
    assert call.time.waits == [7, 1]


def test_while_the_engine_sleeps_the_patience_does_not_run_out() -> None:
    asleep = [EngineAsleep("a model is trained") for _ in range(1000)]
    call = FailingCall(Unavailable("gone"), *asleep, Unavailable("wakes"))
    assert call.run(60) == "answer"
    assert sum(call.time.waits) > 3600
    with pytest.raises(Unavailable, match="gone"):
        FailingCall(*asleep, *(Unavailable("gone") for _ in range(1000))).run(60)


def test_a_wait_beyond_the_patience_ends_the_retries() -> None:
    call = FailingCall(TooManyRequests("full", retry_after=61))
    with pytest.raises(TooManyRequests):
        call.run(60)
    assert call.calls == 1


def test_retries_end_with_the_last_error_once_the_patience_is_over() -> None:
    call = FailingCall(*(Unavailable(f"gone {number}") for number in range(1000)))
    with pytest.raises(Unavailable, match="gone 3"):
        call.run(2)
    assert call.calls == 4


def test_the_patience_begins_with_the_first_error_however_long_that_took() -> None:
    call = FailingCall(Unavailable("died while answering"), seconds=100)
    assert call.run(60) == "answer"


def test_a_second_timeout_is_the_last() -> None:
    call = FailingCall(*(DeadlineExceeded("slow") for _ in range(5)), seconds=300)
    with pytest.raises(DeadlineExceeded):
        call.run(10_000)
    assert call.calls == 2


@pytest.mark.parametrize("error", [InvalidRequest("wrong"), TooManyRequests("no money", code="insufficient_quota")])
def test_an_error_that_will_stay_is_not_retried(error: TandemError) -> None:
    call = FailingCall(error)
    with pytest.raises(type(error)):
        call.run(60)
    assert call.calls == 1


def test_without_patience_a_call_is_made_once() -> None:
    call = FailingCall(Unavailable("gone"))
    with pytest.raises(Unavailable):
        call.run(0)
    assert call.calls == 1

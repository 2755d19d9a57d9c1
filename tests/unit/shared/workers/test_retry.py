"""Transient errors are retried for a bounded time; others are final. The tests hold the clock."""

import asyncio

import pytest

from shared.errors import DeadlineExceeded, EngineAsleep, InvalidRequest, TandemError, TooManyRequests, Unavailable
from shared.workers.retry import retry


class FakeClock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.delays: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.delays.append(seconds)
        self.now += seconds


class FailingCall:
    """Raises each of `errors` in turn, then answers."""

    def __init__(self, *errors: TandemError) -> None:
        self._errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return "answer"


def run(call: FailingCall, timeout_seconds: float) -> tuple[str, FakeClock]:
    clock = FakeClock()
    return asyncio.run(retry(call, timeout_seconds, sleep=clock.sleep, clock=clock)), clock


def test_a_transient_error_is_retried_after_growing_delays() -> None:
    call = FailingCall(TooManyRequests("full"), Unavailable("gone"), DeadlineExceeded("slow"), *(Unavailable("gone") for _ in range(5)))
    answer, clock = run(call, 60)
    assert (answer, call.calls) == ("answer", 9)
    assert clock.delays == [0.25, 0.5, 1, 2, 4, 8, 8, 8]


def test_while_the_engine_sleeps_the_time_does_not_pass() -> None:
    asleep = [EngineAsleep("a model is trained") for _ in range(1000)]
    answer, clock = run(FailingCall(Unavailable("gone"), *asleep, Unavailable("wakes")), 60)
    assert (answer, clock.now > 3600) == ("answer", True)
    with pytest.raises(Unavailable, match="gone"):
        run(FailingCall(*asleep, *(Unavailable("gone") for _ in range(1000))), 60)


def test_a_permanent_error_is_not_retried() -> None:
    call = FailingCall(InvalidRequest("wrong"))
    with pytest.raises(InvalidRequest):
        run(call, 60)
    assert call.calls == 1


def test_retries_end_with_the_last_error_before_the_time_is_over() -> None:
    call = FailingCall(*(Unavailable("gone") for _ in range(1000)))
    with pytest.raises(Unavailable):
        run(call, 2)
    assert call.calls == 4


def test_without_time_a_call_is_made_once() -> None:
    call = FailingCall(Unavailable("gone"))
    with pytest.raises(Unavailable):
        run(call, 0)
    assert call.calls == 1

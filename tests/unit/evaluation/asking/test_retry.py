"""Refusals for now are tried again, for a bounded time; others are final."""

import asyncio

import pytest

from services.evaluation.asking.retry import patiently
from shared.errors import DeadlineExceeded, InvalidRequest, TandemError, TooManyRequests, Unavailable


class Refusing:
    """Refuses in turn with each of `errors`, then answers."""

    def __init__(self, *errors: TandemError) -> None:
        self._errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return "answer"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_WAIT_SECONDS", 0.001)


def test_what_is_refused_for_now_is_asked_again() -> None:
    call = Refusing(TooManyRequests("full"), Unavailable("gone"), DeadlineExceeded("slow"))
    assert asyncio.run(patiently(call, seconds=10)) == "answer"
    assert call.calls == 4


def test_what_is_wrong_is_not_asked_again() -> None:
    call = Refusing(InvalidRequest("wrong"))
    with pytest.raises(InvalidRequest):
        asyncio.run(patiently(call, seconds=10))
    assert call.calls == 1


def test_patience_ends() -> None:
    call = Refusing(*(Unavailable("gone") for _ in range(1000)))
    with pytest.raises(Unavailable):
        asyncio.run(patiently(call, seconds=0.05))
    assert 1 < call.calls < 50

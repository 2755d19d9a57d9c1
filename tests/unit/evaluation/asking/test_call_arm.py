"""One call of one arm: what is measured, and what a failure says."""

import asyncio
from typing import Any

import pytest

from services.evaluation.arms.build import build_arms
from services.evaluation.asking.call_arm import ArmCaller
from shared.datasets import Question
from shared.errors import InvalidRequest, TandemError, Unavailable
from shared.workers.api_client import ChatCompletion
from tests.unit.evaluation.cases import TUNED, make_spec

QUESTIONS = [Question(question=f"Question {number}?", answers=["yes"]) for number in range(6)]
BASE_ARM, BOTH_ARM = build_arms(make_spec(arms=["base", "both"]))


class FakeModels:
    """Raises each of `errors` in turn, then answers. The first call takes one second, the second two, and so on."""

    def __init__(self, *errors: TandemError) -> None:
        self.requests: list[dict[str, Any]] = []
        self.now = 0.0
        self._errors = list(errors)

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        self.requests.append(request)
        self.now += len(self.requests)
        if self._errors:
            raise self._errors.pop(0)
        return ChatCompletion("yes", 10, 2, [{"index": 1}])

    def make_caller(self, retry_seconds: float = 60) -> ArmCaller:
        return ArmCaller(QUESTIONS, make_spec(), self, retry_seconds, clock=lambda: self.now)


def test_an_answer_has_text_tokens_citations_and_the_duration_of_the_call() -> None:
    answer = asyncio.run(FakeModels().make_caller().ask(3, BOTH_ARM))
    assert (answer.question, answer.arm, answer.text, answer.seconds) == (3, "both", "yes", 1)
    assert (answer.prompt_tokens, answer.completion_tokens, answer.citations) == (10, 2, [{"index": 1}])
    assert answer.scores == {}


def test_a_call_that_fails_for_the_moment_is_repeated_and_only_the_last_one_is_measured() -> None:
    models = FakeModels(Unavailable("The engine is gone."))
    answer = asyncio.run(models.make_caller().ask(0, BASE_ARM))
    assert (answer.seconds, len(models.requests)) == (2, 2)


def test_a_warm_up_requests_one_token() -> None:
    models = FakeModels()
    asyncio.run(models.make_caller().warm_up(BOTH_ARM))
    assert [(request["model"], request["max_tokens"]) for request in models.requests] == [(TUNED, 1)]


def test_a_failure_names_the_arm_and_the_question() -> None:
    models = FakeModels(InvalidRequest("too long", param="messages", code="context_length_exceeded"))
    with pytest.raises(InvalidRequest) as failure:
        asyncio.run(models.make_caller().ask(1, BOTH_ARM))
    assert failure.value.message == f"Arm 'both' ({TUNED}), question 2 of 6: too long"
    assert (failure.value.param, failure.value.code) == ("messages", "context_length_exceeded")


def test_retries_end_with_the_reason() -> None:
    with pytest.raises(Unavailable, match=r"question 1 of 6: The engine is gone\."):
        asyncio.run(FakeModels(Unavailable("The engine is gone.")).make_caller(0).ask(0, BASE_ARM))

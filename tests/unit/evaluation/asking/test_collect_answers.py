"""Collecting answers: every arm, under the same load, several at a time, each answer once."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from services.evaluation.arms.answer import ArmAnswer
from services.evaluation.arms.build import build_arms
from services.evaluation.asking.answer_store import AnswerStore
from services.evaluation.asking.collect_answers import CallLimits, collect_answers
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import InvalidRequest, TandemError
from shared.workers.api_client import ChatCompletion
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.evaluation.cases import TUNED, make_spec

QUESTIONS = [Question(question=f"Question {number}?", answers=["yes"]) for number in range(6)]
FOUR_AT_A_TIME = CallLimits(concurrency=4, retry_seconds=5)
ONE_AT_A_TIME = CallLimits(concurrency=1, retry_seconds=5)


class FakeModels:
    """Answers with the question and the model, and counts calls. `failures` maps a question to errors that are raised in turn."""

    def __init__(
        self, failures: dict[str, list[TandemError]] | None = None, after_call: Callable[["FakeModels"], None] = lambda _: None
    ) -> None:
        self.requests: list[tuple[str, str, bool]] = []
        self.num_warm_ups = 0
        self.num_in_flight = self.max_in_flight = 0
        self._failures = failures or {}
        self._after_call = after_call

    async def complete_chat(self, request: dict[str, Any]) -> ChatCompletion:
        question = request["messages"][-1]["content"]
        if request["max_tokens"] == 1:
            self.num_warm_ups += 1
            return ChatCompletion("", 1, 1, [])
        self.requests.append((question, request["model"], "retrieval" in request))
        self.num_in_flight += 1
        self.max_in_flight = max(self.max_in_flight, self.num_in_flight)
        await asyncio.sleep(0)
        self.num_in_flight -= 1
        self._after_call(self)
        if self._failures.get(question):
            raise self._failures[question].pop(0)
        return ChatCompletion(f"{question} {request['model']}", 10, 2, [{"index": 1}] if "retrieval" in request else [])


def collect(
    models: FakeModels,
    store: AnswerStore,
    context: JobContext,
    spec: ComparisonSpec | None = None,
    limits: CallLimits = FOUR_AT_A_TIME,
) -> list[ArmAnswer]:
    spec = spec or make_spec()
    return asyncio.run(collect_answers(QUESTIONS, build_arms(spec), spec, models, store, context, limits))


def test_every_arm_answers_every_question_once_and_every_answer_is_stored(store: AnswerStore, context: JobContext) -> None:
    models = FakeModels()
    answers = collect(models, store, context)
    assert [(answer.question, answer.arm) for answer in answers[:5]] == [
        (0, "base"), (0, "rag"), (0, "fine_tuned"), (0, "both"), (1, "base"),
    ]  # fmt: skip
    assert len(answers) == len(set(models.requests)) == len(models.requests) == 24
    assert sorted(store.read(), key=answers.index) == answers
    assert answers[3].text == f"Question 0? {TUNED}"


def test_arms_are_interleaved_and_take_turns_at_going_first(store: AnswerStore, context: JobContext) -> None:
    models = FakeModels()
    collect(models, store, context, limits=ONE_AT_A_TIME)
    assert [question for question, _, _ in models.requests] == [question.question for question in QUESTIONS for _ in range(4)]
    assert len({models.requests[4 * number][1:] for number in range(4)}) == 4


def test_no_more_calls_are_in_flight_than_allowed(store: AnswerStore, context: JobContext) -> None:
    models = FakeModels()
    collect(models, store, context, limits=CallLimits(concurrency=3, retry_seconds=5))
    assert models.max_in_flight == 3


def test_each_arm_is_warmed_up_once_and_that_does_not_count(store: AnswerStore, context: JobContext) -> None:
    models = FakeModels()
    assert len(collect(models, store, context)) == 24
    assert models.num_warm_ups == 4


def test_answers_that_are_stored_are_not_requested_again(store: AnswerStore, context: JobContext, stopping: threading.Event) -> None:
    def stop_at_seven(models: FakeModels) -> None:
        if len(models.requests) >= 7:
            stopping.set()

    with pytest.raises(JobInterrupted):
        collect(FakeModels(after_call=stop_at_seven), store, context)
    num_stored = len(store.read())
    assert 0 < num_stored < 24
    stopping.clear()
    second, third = FakeModels(), FakeModels()
    answers = collect(second, store, context)
    assert (len(second.requests), len(answers)) == (24 - num_stored, 24)
    assert collect(third, store, context) == answers
    assert (third.requests, third.num_warm_ups) == ([], 0)


def test_a_failure_ends_the_other_calls(store: AnswerStore, context: JobContext) -> None:
    models = FakeModels({"Question 1?": [InvalidRequest("too long") for _ in range(4)]})
    with pytest.raises(InvalidRequest, match="question 2 of 6: too long"):
        collect(models, store, context, make_spec(arms=["base", "both"]), ONE_AT_A_TIME)
    assert len(models.requests) == 3

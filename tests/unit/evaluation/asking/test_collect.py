"""Asking: every arm, fairly, several at a time, each answer once."""

import asyncio
import threading
from typing import Any

import pytest

from services.evaluation.arms.build import read_arms
from services.evaluation.asking.answer_store import AnswerBook
from services.evaluation.asking.collect import Pace, ask
from services.evaluation.front_door import Completion
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import InvalidRequest, TandemError, Unavailable
from shared.records.answers import Answer
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.evaluation.cases import TUNED, make_spec

QUESTIONS = [Question(question=f"Question {number}?", answers=["yes"]) for number in range(6)]
FOUR_AT_ONCE = Pace(4, 5)


class Engine:
    """Answers with the question and counts; `failures` maps a question's text to errors raised in turn."""

    def __init__(self, failures: dict[str, list[TandemError]] | None = None, at_call: Any = None) -> None:
        self.asked: list[tuple[str, str, bool]] = []
        self.warmed = 0
        self.in_flight = self.most_in_flight = 0
        self._failures = failures or {}
        self._at_call = at_call

    async def complete(self, body: dict[str, Any]) -> Completion:
        question = body["messages"][-1]["content"]
        if body["max_tokens"] == 1:
            self.warmed += 1
            return Completion("", 1, 1, [])
        self.asked.append((question, body["model"], "retrieval" in body))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(0.001)
        self.in_flight -= 1
        if self._at_call:
            self._at_call(self)
        if self._failures.get(question):
            raise self._failures[question].pop(0)
        return Completion(f"{question} {body['model']}", 10, 2, [{"index": 1}] if "retrieval" in body else [])


def run(
    engine: Engine, book: AnswerBook, context: JobContext, spec: ComparisonSpec | None = None, pace: Pace = FOUR_AT_ONCE
) -> list[Answer]:
    spec = spec or make_spec()
    return asyncio.run(ask(QUESTIONS, read_arms(spec), spec, engine, book, context, pace))


def test_every_arm_answers_every_question_once_and_all_of_it_is_kept(book: AnswerBook, context: JobContext) -> None:
    engine = Engine()
    answers = run(engine, book, context)
    assert [(answer.question, answer.arm) for answer in answers[:5]] == [
        (0, "base"), (0, "rag"), (0, "fine_tuned"), (0, "both"), (1, "base"),
    ]  # fmt: skip
    assert len(answers) == len(set(engine.asked)) == len(engine.asked) == 24
    assert {(answer.question, answer.arm, answer.text) for answer in book.read()} == {
        (answer.question, answer.arm, answer.text) for answer in answers
    }
    assert answers[3].text == f"Question 0? {TUNED}"
    assert (answers[3].prompt_tokens, answers[3].completion_tokens, answers[3].citations) == (10, 2, [{"index": 1}])
    assert answers[3].seconds >= 0.001


def test_arms_are_interleaved_and_take_turns_at_being_first(book: AnswerBook, context: JobContext) -> None:
    engine = Engine()
    run(engine, book, context, pace=Pace(1, 5))
    assert [question for question, _, _ in engine.asked] == [question.question for question in QUESTIONS for _ in range(4)]
    assert len({engine.asked[4 * number][1:] for number in range(4)}) == 4


def test_no_more_calls_are_in_flight_than_allowed(book: AnswerBook, context: JobContext) -> None:
    engine = Engine()
    run(engine, book, context, pace=Pace(3, 5))
    assert engine.most_in_flight == 3


def test_each_arm_is_warmed_up_once_and_that_is_not_counted(book: AnswerBook, context: JobContext) -> None:
    engine = Engine()
    assert len(run(engine, book, context)) == 24
    assert engine.warmed == 4


def test_answers_already_kept_are_not_asked_again(book: AnswerBook, context: JobContext, stopping: threading.Event) -> None:
    def stop_at_seven(engine: Engine) -> None:
        if len(engine.asked) >= 7:
            stopping.set()

    first = Engine(at_call=stop_at_seven)
    with pytest.raises(JobInterrupted):
        run(first, book, context)
    kept = {(answer.question, answer.arm) for answer in book.read()}
    assert 0 < len(kept) < 24
    stopping.clear()
    second = Engine()
    answers = run(second, book, context)
    assert len(second.asked) == 24 - len(kept)
    assert len(answers) == 24
    third = Engine()
    assert [answer.text for answer in run(third, book, context)] == [answer.text for answer in answers]
    assert (third.asked, third.warmed) == ([], 0)


def test_a_refusal_for_now_is_tried_again_and_its_time_is_not_the_arms(book: AnswerBook, context: JobContext) -> None:
    engine = Engine({"Question 2?": [Unavailable("The engine is gone.")]})
    answers = run(engine, book, context)
    assert len(answers) == 24
    assert len(engine.asked) == 25
    assert max(answer.seconds for answer in answers) < 0.25


def test_a_failure_names_the_arm_and_the_question_and_stops_the_rest(book: AnswerBook, context: JobContext) -> None:
    engine = Engine({"Question 1?": [InvalidRequest("too long", param="messages", code="context_length_exceeded") for _ in range(4)]})
    with pytest.raises(InvalidRequest) as failure:
        run(engine, book, context, make_spec(arms=["base", "both"]), Pace(1, 5))
    assert failure.value.message == f"Arm 'both' ({TUNED}), question 2 of 6: too long"
    assert (failure.value.param, failure.value.code) == ("messages", "context_length_exceeded")
    assert len(engine.asked) == 3


def test_patience_ends_with_the_reason(book: AnswerBook, context: JobContext) -> None:
    engine = Engine({"Question 0?": [Unavailable("The engine is gone.") for _ in range(100)]})
    with pytest.raises(Unavailable, match=r"question 1 of 6: The engine is gone\."):
        run(engine, book, context, pace=Pace(2, 0))


def test_progress_and_events_say_how_far_it_is(book: AnswerBook, context: JobContext, database: Database) -> None:
    run(Engine(), book, context)
    with database.session() as session:
        job = session.get(Job, context.job.id)
        events = session.query(JobEvent).filter_by(job_id=context.job.id).all()
    assert job
    assert (job.stage, job.percent) == ("asking 24/24", 90)
    assert len(events) == 10
    assert events[-1].data == {"asked": 24, "of": 24}


def test_a_worker_that_lost_the_job_does_not_break_the_one_that_has_it(book: AnswerBook, context: JobContext) -> None:
    answers = run(Engine(), book, context)
    values = {column.name: getattr(answers[0], column.name) for column in Answer.__table__.columns}
    book.add(Answer(**{**values, "text": "late"}))
    assert "late" not in [answer.text for answer in book.read()]

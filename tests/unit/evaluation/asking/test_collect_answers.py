"""Collecting answers: every arm, in every phase, several at a time, each answer once, whatever is killed or fails."""

import asyncio
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Any

import pytest

from services.evaluation.arms.build import build_arms
from services.evaluation.asking.answer_store import AnswerStore
from services.evaluation.asking.collect_answers import Collected, collect_answers
from services.evaluation.asking.phases import CallLimits
from shared.contracts.comparisons import ComparisonSpec
from shared.datasets import Question
from shared.errors import ContextTooLong, InvalidRequest, NotFound, TandemError, TooManyRequests, Unavailable
from shared.records import jobs
from shared.records.database import Database
from shared.records.jobs import Job, JobEvent
from shared.workers.api_client import ChatCompletion
from shared.workers.job_context import JobContext, JobInterrupted
from tests.unit.evaluation.asking.scripted_models import Request, ScriptedModels
from tests.unit.evaluation.cases import TUNED, make_spec

QUESTIONS = [Question(question=f"Question {number}?", answers=["yes"]) for number in range(6)]
ARMS = ("base", "rag", "fine_tuned", "both")
OTHER = "ft:other"
LIMITS = CallLimits(concurrency=4, retry_seconds=0, single_questions=2, repeated_questions=3)
CALLS = {"main": 24, "repeat": 12, "single": 8, OTHER: 12}


def collect(
    models: ScriptedModels,
    store: AnswerStore,
    context: JobContext,
    spec: ComparisonSpec | None = None,
    limits: CallLimits = LIMITS,
    questions: Sequence[Question] = QUESTIONS,
    left_out: Collection[int] = (),
) -> Collected:
    spec = spec or make_spec(arms=list(ARMS))
    arms = build_arms(spec, [])
    return asyncio.run(collect_answers(questions, arms, spec, models, store, context, limits, left_out=left_out, other_models=[OTHER]))


def count_phases(requests: Sequence[Request]) -> dict[str, int]:
    return {phase: sum(request.phase == phase for request in requests) for phase in dict.fromkeys(request.phase for request in requests)}


def list_keys(collected: Collected) -> dict[str, list[tuple[int, str]]]:
    phases = {"main": collected.answers, "repeat": collected.repeated, "single": collected.single, **collected.other_seeds}
    return {phase: [(answer.question, answer.arm) for answer in answers] for phase, answers in phases.items()}


def test_every_phase_asks_its_questions_of_every_arm_once_and_stores_every_answer(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels()
    collected = collect(models, store, context)
    assert count_phases(models.requests) == CALLS
    assert len(set(models.requests)) == len(models.requests)
    keys = list_keys(collected)
    assert keys["main"] == [(number, arm) for number in range(6) for arm in ARMS]
    assert keys[OTHER] == [(number, arm) for number in range(6) for arm in ("fine_tuned", "both")]
    assert {phase: len(each) for phase, each in keys.items()} == CALLS
    assert collected.answers[3].text == f"Question 0? {TUNED} main"
    assert collected.other_seeds[OTHER][0].text == f"Question 0? {OTHER} {OTHER}"
    assert sorted(store.read("single"), key=lambda answer: (answer.question, ARMS.index(answer.arm))) == collected.single


def test_under_load_no_more_calls_are_in_flight_than_allowed_and_later_only_one(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels()
    collect(models, store, context)
    assert models.max_in_flight == {"main": 4, "repeat": 4, "single": 1, OTHER: 4}


def test_each_model_of_an_arm_is_warmed_up_once(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels()
    collect(models, store, context)
    assert [request.model for request in models.warm_ups].count(OTHER) == 2
    assert len(models.warm_ups) == 6


def test_questions_that_are_left_out_are_not_asked(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels()
    collected = collect(models, store, context, left_out={0, 4})
    assert {answer.question for answer in collected.answers} == {1, 2, 3, 5}
    assert not {"Question 0?", "Question 4?"} & {request.question for request in models.requests + models.warm_ups}


def test_if_all_questions_are_left_out_nothing_is_asked(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels()
    assert list_keys(collect(models, store, context, left_out=range(6))) == {"main": [], "repeat": [], "single": [], OTHER: []}
    assert models.bodies == []


def test_one_question_is_enough(store: AnswerStore, context: JobContext) -> None:
    collected = collect(ScriptedModels(), store, context, questions=QUESTIONS[:1])
    assert {phase: len(each) for phase, each in list_keys(collected).items()} == {"main": 4, "repeat": 4, "single": 4, OTHER: 2}


def test_twelve_arms_are_interleaved(store: AnswerStore, context: JobContext) -> None:
    own = [{"name": f"arm-{number}", "retrieval": {"max_num_results": number}} for number in range(1, 9)]
    models = ScriptedModels()
    collected = collect(models, store, context, make_spec(arms=[*ARMS, *own]))
    assert len(collected.answers) == 72
    assert [request.question for request in models.requests[:48]] == [f"Question {number}?" for number in range(4) for _ in range(12)]


def test_a_question_may_be_a_chat(store: AnswerStore, context: JobContext) -> None:
    chat = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Which torque?"}]
    models = ScriptedModels()
    collected = collect(models, store, context, questions=[Question.model_validate({"messages": chat, "answers": ["6.5 Nm"]})])
    assert [message["content"] for message in models.bodies[-1]["messages"]][-3:] == ["Hi", "Hello", "Which torque?"]
    assert collected.answers[0].text.startswith("Which torque?")


def stop_in(phase: str, after: int, stop: Callable[[], Any]) -> Callable[[ScriptedModels], None]:
    """Return a hook that stops the job after some calls of a phase."""

    def hook(models: ScriptedModels) -> None:
        if sum(request.phase == phase for request in models.requests) >= after:
            stop()

    return hook


@pytest.mark.parametrize("phase", CALLS)
def test_a_comparison_that_was_stopped_in_any_phase_asks_nothing_twice(
    phase: str, store: AnswerStore, context: JobContext, stopping: threading.Event
) -> None:
    first = ScriptedModels(after_call=stop_in(phase, 5, stopping.set))
    with pytest.raises(JobInterrupted):
        collect(first, store, context)
    stored = {name: len(store.read(name)) for name in CALLS}
    assert 0 < stored[phase] < CALLS[phase]
    stopping.clear()
    second, third = ScriptedModels(), ScriptedModels()
    collected = collect(second, store, context)
    assert count_phases(second.requests) == {name: calls - stored[name] for name, calls in CALLS.items() if calls > stored[name]}
    assert {name: len(keys) for name, keys in list_keys(collected).items()} == CALLS
    assert collect(third, store, context) == collected
    assert third.bodies == []


@pytest.mark.parametrize("phase", CALLS)
def test_a_call_that_is_killed_leaves_nothing_half_stored(phase: str, store: AnswerStore, context: JobContext) -> None:
    class Killed(BaseException):
        """The worker dies in the middle of a call."""

    def kill() -> None:
        raise Killed

    with pytest.raises((Killed, BaseExceptionGroup)):
        collect(ScriptedModels(after_call=stop_in(phase, 3, kill)), store, context)
    second = ScriptedModels()
    before = {name: {(answer.question, answer.arm) for answer in store.read(name)} for name in CALLS}
    collect(second, store, context)
    assert len(second.requests) == sum(CALLS.values()) - sum(len(keys) for keys in before.values())


@pytest.mark.parametrize("phase", CALLS)
def test_a_comparison_can_be_canceled_in_any_phase(phase: str, store: AnswerStore, context: JobContext, database: Database) -> None:
    def cancel() -> None:
        with database.session() as session:
            jobs.request_cancel(session, session.get_one(Job, context.job.id))
        context.renew_lease()

    models = ScriptedModels(after_call=stop_in(phase, 4, cancel))
    with pytest.raises(JobInterrupted, match="cancelled"):
        collect(models, store, context)
    assert models.requests[-1].phase == phase


def test_a_refused_question_is_the_arms_failure_and_the_comparison_goes_on(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels({("Question 1?", TUNED): [ContextTooLong("The prompt is too long.")]})
    collected = collect(models, store, context, make_spec(arms=["base", "both"]))
    failed = [answer for answer in collected.answers if answer.failure]
    assert [(answer.question, answer.arm, answer.failure and answer.failure.kind) for answer in failed] == [(1, "both", "own")]
    assert len(collected.answers) == 12


def test_failures_of_every_kind_are_stored_and_not_asked_again(store: AnswerStore, context: JobContext) -> None:
    planned: dict[tuple[str, str], list[TandemError | ChatCompletion]] = {
        ("Question 0?", TUNED): [ContextTooLong("long")],
        ("Question 1?", TUNED): [TooManyRequests("full", retry_after=30), TooManyRequests("full", retry_after=30)],
        ("Question 2?", TUNED): [Unavailable("returned something that is not a chat completion")] * 2,
        ("Question 3?", TUNED): [ChatCompletion(" ", 10, 0, [], "length")],
    }
    limits = CallLimits(4, 0, single_questions=0, repeated_questions=0)
    models = ScriptedModels(planned)
    collected = collect(models, store, context, make_spec(arms=["base", "fine_tuned"]), limits)
    codes = [answer.failure.code if answer.failure else None for answer in collected.answers if answer.arm == "fine_tuned"]
    assert codes == ["context_length_exceeded", "rate_limit_exceeded", "unavailable", "empty_answer", None, None]
    again = ScriptedModels()
    assert collect(again, store, context, make_spec(arms=["base", "fine_tuned"]), limits) == collected
    assert again.requests == []


def test_what_failed_because_the_engine_was_away_is_asked_once_more(store: AnswerStore, context: JobContext) -> None:
    away: dict[tuple[str, str], list[TandemError | ChatCompletion]] = {
        ("Question 1?", "*"): [Unavailable("The engine cannot be reached.")] * 2,
        ("Question 4?", TUNED): [Unavailable("The engine stopped while it worked on this request.")],
    }
    limits = CallLimits(4, 0, single_questions=0, repeated_questions=0)
    models = ScriptedModels(away)
    collected = collect(models, store, context, make_spec(arms=["base", "fine_tuned"]), limits)
    assert [answer.failure for answer in collected.answers] == [None] * 12
    assert len([request for request in models.requests if request.phase == "main"]) == 12 + 3


def test_an_arm_that_always_fails_ends_the_comparison_early(store: AnswerStore, context: JobContext) -> None:
    questions = [Question(question=f"Question {number}?", answers=["yes"]) for number in range(400)]

    def refuse(request: Request) -> TandemError | None:
        return ContextTooLong("The prompt is too long.") if request.model == TUNED and request.phase != "warm-up" else None

    models = ScriptedModels(always=refuse)
    with pytest.raises(InvalidRequest, match="21 questions in a row failed in the arm 'fine_tuned'"):
        collect(models, store, context, make_spec(arms=["base", "fine_tuned"]), questions=questions)
    assert len(models.requests) < 60


def test_an_engine_that_stays_away_ends_the_comparison(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels()
    models.always = lambda _: Unavailable("The engine cannot be reached.") if len(models.requests) > 10 else None
    with pytest.raises(Unavailable, match=r"^Arm '.*The engine cannot be reached\."):
        collect(models, store, context)
    assert len(models.requests) < 20
    assert all(answer.failure is None for answer in store.read())


def test_a_question_that_breaks_the_engine_for_every_arm_is_left_to_the_verdict(store: AnswerStore, context: JobContext) -> None:
    def crash(request: Request) -> TandemError | None:
        return Unavailable("The engine closed the connection.") if request.question == "Question 3?" else None

    own = [{"name": f"arm-{number}", "retrieval": {"max_num_results": number}} for number in range(1, 9)]
    collected = collect(ScriptedModels(always=crash), store, context, make_spec(arms=[*ARMS, *own]))
    assert {answer.question for answer in collected.answers if answer.failure} == {3}
    assert len(collected.answers) == 72


def test_calls_that_fail_while_the_arm_still_answers_others_end_the_comparison_in_the_end(store: AnswerStore, context: JobContext) -> None:
    questions = [Question(question=f"Question {number}?", answers=["yes"]) for number in range(400)]
    models = ScriptedModels(always=lambda request: None if request.phase == "warm-up" else Unavailable("A proxy closes long connections."))
    with pytest.raises(Unavailable, match=r"10 questions in a row could not be asked.*A proxy closes long connections"):
        collect(models, store, context, questions=questions)
    assert len(models.requests) < 60


def test_a_model_that_disappears_ends_the_comparison_at_once(store: AnswerStore, context: JobContext) -> None:
    gone = NotFound("The model does not exist.", param="model", code="model_not_found")
    models = ScriptedModels(always=lambda request: gone if request.model == TUNED and request.question == "Question 3?" else None)
    with pytest.raises(NotFound, match=r"Arm '(fine_tuned|both)' .*, question 4 of 6"):
        collect(models, store, context)
    assert len(models.requests) < 20


def test_a_model_that_is_not_there_at_first_ends_the_comparison_before_any_question(store: AnswerStore, context: JobContext) -> None:
    models = ScriptedModels(always=lambda request: NotFound("gone") if request.model == OTHER else None)
    with pytest.raises(NotFound, match=f"{OTHER}"):
        collect(models, store, context)
    assert OTHER not in count_phases(models.requests)


def test_progress_goes_up_over_all_phases_with_an_event_for_each_tenth(store: AnswerStore, context: JobContext, database: Database) -> None:
    seen: list[tuple[str, float]] = []

    def look(_: ScriptedModels) -> None:
        with database.session() as session:
            job = session.get_one(Job, context.job.id)
            seen.append((job.stage.split(" 1")[0], job.percent))

    collect(ScriptedModels(after_call=look), store, context, limits=CallLimits(1, 0, 2, 3))
    with database.session() as session:
        job = session.get_one(Job, context.job.id)
        events = [event.data for event in session.query(JobEvent).order_by(JobEvent.number)]
    assert [percent for _, percent in seen] == sorted(percent for _, percent in seen)
    assert (job.stage, job.percent) == ("asking with another seed 56/56", 90)
    assert len(events) == 10
    assert events[-1] == {"asked": 56, "of": 56}

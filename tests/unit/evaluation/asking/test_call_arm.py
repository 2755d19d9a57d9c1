"""One call of one arm: what is measured, what a failure becomes, and what ends the comparison."""

import asyncio

import pytest

from services.evaluation.arms.build import build_arms
from services.evaluation.asking.call_arm import ArmCaller
from services.evaluation.asking.failures import EMPTY
from shared.datasets import Question
from shared.errors import ContextTooLong, DeadlineExceeded, InvalidRequest, NotFound, TandemError, TooManyRequests, Unavailable
from shared.workers.api_client import ChatCompletion
from tests.unit.evaluation.asking.scripted_models import HIT, Script, ScriptedModels
from tests.unit.evaluation.cases import TUNED, make_spec

QUESTIONS = [Question(question=f"{'Long ' * (5 - number)}question {number}?", answers=["yes"]) for number in range(5)]
SHORTEST = [QUESTIONS[number].question for number in (4, 3, 2)]
BASE_ARM, BOTH_ARM = build_arms(make_spec(arms=["base", "both"], instructions="Be brief."), [])


def make_caller(models: ScriptedModels, patience_seconds: float = 60) -> ArmCaller:
    return ArmCaller(QUESTIONS, make_spec(), models, patience_seconds, "cmp_1", models.time.clock)


def script(question: str, *outcomes: TandemError | ChatCompletion) -> ScriptedModels:
    planned: Script = {(question, "*"): list(outcomes)}
    return ScriptedModels(planned)


def test_an_answer_has_text_tokens_citations_hits_and_its_seconds() -> None:
    answer = asyncio.run(make_caller(ScriptedModels()).ask(3, BOTH_ARM, "main"))
    assert (answer.question, answer.arm, answer.text) == (3, "both", f"{QUESTIONS[3].question} {TUNED} main")
    assert (answer.prompt_tokens, answer.completion_tokens, answer.citations, answer.retrieved) == (10, 2, [{"index": 1}], [HIT])
    assert (answer.seconds, answer.engine_seconds, answer.finish_reason, answer.failure, answer.scores) == (1, 0.5, "stop", None, {})


def test_without_documents_the_whole_call_is_the_engines_work() -> None:
    answer = asyncio.run(make_caller(ScriptedModels()).ask(0, BASE_ARM, "main"))
    assert (answer.engine_seconds, answer.retrieved) == (1, [])


def test_the_waits_of_refused_calls_count_but_the_engine_did_not_work_then() -> None:
    models = script(QUESTIONS[0].question, TooManyRequests("full", retry_after=20), Unavailable("gone"))
    answer = asyncio.run(make_caller(models).ask(0, BASE_ARM, "main"))
    assert (answer.seconds, answer.engine_seconds) == (1 + 20 + 1 + 0.5 + 1, 1)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ContextTooLong("too long"), "own"),
        (InvalidRequest("flagged"), "own"),
        (Unavailable("returned no chat completion"), "infrastructure"),
    ],
)
def test_a_failed_call_becomes_an_answer_with_a_failure(error: TandemError, kind: str) -> None:
    answer = asyncio.run(make_caller(script(QUESTIONS[1].question, error), 0).ask(1, BOTH_ARM, "main"))
    assert answer.failure
    assert (answer.failure.kind, answer.failure.message, answer.text) == (kind, error.message, "")
    assert (answer.question, answer.arm, answer.seconds, answer.prompt_tokens) == (1, "both", 1, 0)


def test_a_second_timeout_is_the_arms_failure() -> None:
    models = script(QUESTIONS[0].question, DeadlineExceeded("slow"), DeadlineExceeded("slow"))
    answer = asyncio.run(make_caller(models).ask(0, BASE_ARM, "main"))
    assert answer.failure
    assert (answer.failure.kind, answer.failure.code, len(models.requests)) == ("own", "timeout", 2)


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_answer_is_the_arms_failure_and_keeps_its_tokens(text: str) -> None:
    models = script(QUESTIONS[0].question, ChatCompletion(text, 10, 1, [], "stop"))
    answer = asyncio.run(make_caller(models).ask(0, BASE_ARM, "main"))
    assert (answer.failure, answer.prompt_tokens, answer.finish_reason) == (EMPTY, 10, "stop")


def test_an_error_that_would_hit_every_call_names_the_arm_and_the_question() -> None:
    gone = NotFound("The model does not exist.", param="model", code="model_not_found")
    with pytest.raises(NotFound) as failure:
        asyncio.run(make_caller(script(QUESTIONS[1].question, gone)).ask(1, BOTH_ARM, "main"))
    assert failure.value.message == f"Arm 'both' ({TUNED}), question 2 of 5: The model does not exist."
    assert (failure.value.param, failure.value.code) == ("model", "model_not_found")


def test_each_phase_has_a_cache_of_its_own_at_the_engine() -> None:
    models = ScriptedModels()
    caller = make_caller(models)
    for phase in ("main", "single", "ft:a/b@c:x"):
        asyncio.run(caller.ask(0, BASE_ARM, phase))
    assert [body["cache_salt"] for body in models.bodies] == ["cmp_1-main", "cmp_1-single", "cmp_1-ft:a-b-c:x"]


def test_a_warm_up_requests_one_token_for_the_shortest_question() -> None:
    models = ScriptedModels()
    asyncio.run(make_caller(models).warm_up(BOTH_ARM, range(5)))
    assert [(request.model, request.question) for request in models.warm_ups] == [(TUNED, SHORTEST[0])]


def test_a_warm_up_whose_question_is_refused_tries_another() -> None:
    models = ScriptedModels(always=lambda request: ContextTooLong("too long") if request.question == SHORTEST[0] else None)
    asyncio.run(make_caller(models).warm_up(BOTH_ARM, range(5)))
    assert [request.question for request in models.warm_ups] == SHORTEST[:2]


def test_an_arm_that_refuses_the_three_shortest_questions_is_broken() -> None:
    models = ScriptedModels(always=lambda _: InvalidRequest("bad template"))
    with pytest.raises(InvalidRequest, match=r"^Arm 'both' .*, question 3 of 5: bad template"):
        asyncio.run(make_caller(models).warm_up(BOTH_ARM, range(5)))
    assert len(models.warm_ups) == 3


def test_a_comparison_of_one_question_goes_on_if_it_is_refused() -> None:
    models = ScriptedModels(always=lambda _: ContextTooLong("too long"))
    asyncio.run(make_caller(models).warm_up(BOTH_ARM, [2]))
    assert len(models.warm_ups) == 1


@pytest.mark.parametrize("error", [NotFound("gone"), Unavailable("gone"), DeadlineExceeded("slow")])
def test_an_arm_that_does_not_answer_ends_the_comparison_before_any_question(error: TandemError) -> None:
    with pytest.raises(type(error), match="Arm 'both'"):
        asyncio.run(make_caller(ScriptedModels(always=lambda _: error), 1).warm_up(BOTH_ARM, range(5)))

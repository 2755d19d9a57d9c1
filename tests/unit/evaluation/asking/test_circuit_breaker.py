"""The circuit breaker ends a comparison whose calls keep failing, and no other."""

import pytest

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.asking.circuit_breaker import CircuitBreaker
from services.evaluation.asking.failures import EMPTY
from shared.errors import InvalidRequest, Unavailable

TOO_LONG = Failure("own", "context_length_exceeded", "The prompt is too long.")
GONE = Failure("infrastructure", "unavailable", "The engine cannot be reached.")


def answer(arm: str, failure: Failure | None = None) -> ArmAnswer:
    return ArmAnswer(0, arm, "", 1.0, 0, 0, [], failure=failure)


def test_an_arm_that_refuses_three_questions_in_a_row_ends_the_comparison() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    for arm in ("rag", "base", "rag"):
        breaker.record(answer(arm, TOO_LONG if arm == "rag" else None))
    with pytest.raises(InvalidRequest) as ended:
        breaker.record(answer("rag", TOO_LONG))
        breaker.record(answer("rag", TOO_LONG))
    assert ended.value.message == (
        "3 calls of the arm 'rag' in a row failed, so the comparison was ended. The last one: The prompt is too long."
    )
    assert ended.value.code == "context_length_exceeded"


def test_an_answer_of_the_arm_begins_a_new_row() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    for failure in (TOO_LONG, TOO_LONG, None, TOO_LONG, TOO_LONG, None):
        breaker.record(answer("rag", failure))


def test_failures_of_the_infrastructure_count_for_all_arms_together() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    breaker.record(answer("rag", GONE))
    breaker.record(answer("base", GONE))
    with pytest.raises(Unavailable, match="3 calls in a row failed"):
        breaker.record(answer("both", GONE))


def test_any_number_of_empty_answers_is_a_finding() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    for _ in range(50):
        breaker.record(answer("base", EMPTY))

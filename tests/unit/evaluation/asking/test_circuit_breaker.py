"""The circuit breaker ends a comparison whose calls keep failing, and no other."""

import pytest

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.asking.circuit_breaker import CircuitBreaker
from services.evaluation.asking.failures import EMPTY
from shared.errors import InvalidRequest, Unavailable

TOO_LONG = Failure("own", "context_length_exceeded", "The prompt is too long.")
GONE = Failure("infrastructure", "unavailable", "The engine cannot be reached.")


def answer(arm: str, question: int, failure: Failure | None = None) -> ArmAnswer:
    return ArmAnswer(question, arm, "", 1.0, 0, 0, [], failure=failure)


def test_an_arm_that_fails_three_questions_in_a_row_ends_the_comparison() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    for question in (0, 1):
        breaker.record(answer("rag", question, TOO_LONG))
        breaker.record(answer("base", question))
    with pytest.raises(InvalidRequest) as ended:
        breaker.record(answer("rag", 2, TOO_LONG))
    assert ended.value.message == (
        "3 questions in a row failed in the arm 'rag', so the comparison ended. The last error: The prompt is too long."
    )
    assert ended.value.code == "context_length_exceeded"


def test_an_answer_of_the_arm_begins_a_new_row() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    for question, failure in enumerate((TOO_LONG, TOO_LONG, None, TOO_LONG, TOO_LONG, None)):
        breaker.record(answer("rag", question, failure))


def test_failures_of_the_infrastructure_count_for_all_arms_together() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    breaker.record(answer("rag", 0, GONE))
    breaker.record(answer("base", 1, GONE))
    with pytest.raises(Unavailable, match="3 questions in a row could not be asked"):
        breaker.record(answer("both", 2, GONE))


def test_one_question_that_no_arm_can_be_asked_is_one_failure() -> None:
    breaker = CircuitBreaker(max_in_a_row=2)
    for number in range(12):
        breaker.record(answer(f"arm-{number}", 7, GONE))


def test_any_number_of_empty_answers_is_a_finding() -> None:
    breaker = CircuitBreaker(max_in_a_row=3)
    for question in range(50):
        breaker.record(answer("base", question, EMPTY))


def test_refused_questions_that_stand_together_end_nothing_if_they_are_few_of_many() -> None:
    breaker = CircuitBreaker(1000, max_in_a_row=3)
    for question in range(50):
        breaker.record(answer("rag", question, TOO_LONG))
    with pytest.raises(InvalidRequest, match="51 questions in a row"):
        breaker.record(answer("rag", 50, TOO_LONG))


def test_timeouts_in_a_row_end_the_comparison_however_many_questions_it_has() -> None:
    breaker = CircuitBreaker(1000, max_in_a_row=3)
    timeout = Failure("own", "timeout", "The engine did not answer in time.")
    breaker.record(answer("rag", 0, timeout))
    breaker.record(answer("rag", 1, timeout))
    with pytest.raises(InvalidRequest, match="3 questions in a row"):
        breaker.record(answer("rag", 2, timeout))

from dataclasses import replace
from typing import Literal

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.verdict.failures import count_failures, find_excess, list_examples
from tests.unit.evaluation.cases import make_answers

ARMS = ["base", "rag"]


Kind = Literal["own", "infrastructure"]


def make(count: int, failed: dict[str, tuple[Kind, int]]) -> list[ArmAnswer]:
    """Return answers to `count` questions; `failed` has for an arm the kind of its failures and how many it has."""
    answers = make_answers({arm: [0.5] * count for arm in ARMS})
    return [
        replace(answer, failure=Failure(failed[answer.arm][0], "code", f"{answer.arm} failed.")) if _fails(answer, failed) else answer
        for answer in answers
    ]


def _fails(answer: ArmAnswer, failed: dict[str, tuple[Kind, int]]) -> bool:
    return answer.arm in failed and answer.question < failed[answer.arm][1]


def test_a_few_failures_are_no_excess() -> None:
    answers = make(100, {"base": ("infrastructure", 4), "rag": ("own", 5)})
    assert find_excess(answers, ARMS) == []
    assert count_failures(answers, "rag").own == 5
    assert count_failures(answers, "base").infrastructure == 4


def test_more_than_two_percent_of_the_infrastructure_are_too_many() -> None:
    assert find_excess(make(100, {"base": ("infrastructure", 3), "rag": ("infrastructure", 2)}), ARMS) == [
        "5 of 200 answers could not be collected or graded; the limit is 2%."
    ]


def test_more_than_five_percent_in_one_arm_are_too_many() -> None:
    [reason] = find_excess(make(100, {"rag": ("own", 6)}), ARMS)
    assert reason == "6 of the 100 answers of retrieval alone failed; the limit is 5%."


def test_without_answers_there_is_no_excess() -> None:
    assert find_excess([], ARMS) == []


def test_the_most_frequent_messages_come_first_with_their_numbers() -> None:
    answers = make(10, {"base": ("own", 1), "rag": ("own", 3)})
    assert list_examples(answers) == ["3 answers failed: rag failed.", "1 answer failed: base failed."]

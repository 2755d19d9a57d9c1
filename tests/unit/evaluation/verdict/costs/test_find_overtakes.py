"""The number of questions from which an arm is cheaper in all."""

import pytest

from services.evaluation.verdict.costs.find_overtakes import find_overtakes
from services.evaluation.verdict.costs.price_arms import ArmCost


def cost(arm: str, fixed: float, marginal: float) -> ArmCost:
    return ArmCost(arm, 0, 0, None, marginal=marginal, fixed=fixed, expected_questions=1000)


def test_an_arm_that_costs_more_at_first_and_less_for_each_question_overtakes() -> None:
    (overtake,) = find_overtakes([cost("base", 0, 0.003), cost("fine_tuned", 9, 0.001)])
    assert (overtake.arm, overtake.than, overtake.questions) == ("fine_tuned", "base", 4501)


@pytest.mark.parametrize(("fixed", "marginal"), [(10.0, 2.0), (7.0, 0.5), (1.0, 2.75), (3.0, 0.0)])
def test_one_question_less_is_not_enough(fixed: float, marginal: float) -> None:
    (overtake,) = find_overtakes([cost("base", 0, 3), cost("fine_tuned", fixed, marginal)])
    assert fixed + overtake.questions * marginal < 3 * overtake.questions
    assert fixed + (overtake.questions - 1) * marginal >= 3 * (overtake.questions - 1)


@pytest.mark.parametrize("other", [cost("b", 0, 1), cost("b", 5, 1), cost("b", 5, 2), cost("b", 0, 0.5), cost("b", 5, 1 - 1e-15)])
def test_an_arm_that_is_never_or_always_cheaper_overtakes_nothing(other: ArmCost) -> None:
    assert find_overtakes([cost("a", 0, 1), other]) == []


def test_the_nearest_volume_comes_first() -> None:
    overtakes = find_overtakes([cost("base", 0, 4), cost("rag", 10, 2), cost("both", 100, 1)])
    assert [(each.arm, each.than, each.questions) for each in overtakes] == [("rag", "base", 6), ("both", "base", 34), ("both", "rag", 91)]


def test_one_arm_overtakes_nothing() -> None:
    assert find_overtakes([cost("base", 0, 1)]) == []

from dataclasses import replace

import pytest

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.verdict.scores import build_table
from tests.unit.evaluation.cases import make_answers

OWN = Failure("own", "empty", "The answer is empty.")
INFRASTRUCTURE = Failure("infrastructure", "unavailable", "The engine did not answer.")


def fail(answers: list[ArmAnswer], question: int, arm: str, failure: Failure) -> list[ArmAnswer]:
    return [
        replace(answer, scores={}, failure=failure) if (answer.question, answer.arm) == (question, arm) else answer for answer in answers
    ]


def test_every_question_is_a_row_and_every_arm_a_column() -> None:
    table = build_table(make_answers({"base": [0.1, 0.2], "rag": [0.3, 0.4]}), ["base", "rag"], [7, 7], "f1", 0.0, "lowest")
    assert table.scores.tolist() == [[0.1, 0.3], [0.2, 0.4]]
    assert table.clusters.tolist() == [7, 7]


def test_an_arms_own_failure_scores_the_lowest_grade_or_leaves_the_question_out() -> None:
    answers = fail(make_answers({"base": [0.1, 0.2], "rag": [0.3, 0.4]}), 1, "rag", OWN)
    assert build_table(answers, ["base", "rag"], [0, 1], "f1", -1.0, "lowest").scores.tolist() == [[0.1, 0.3], [0.2, -1.0]]
    assert build_table(answers, ["base", "rag"], [0, 1], "f1", -1.0, "left_out").questions == (0,)


@pytest.mark.parametrize("rule", ["lowest", "left_out"])
def test_a_failure_of_the_infrastructure_leaves_the_question_out_for_all_arms(rule: str) -> None:
    answers = fail(make_answers({"base": [0.1, 0.2], "rag": [0.3, 0.4]}), 0, "base", INFRASTRUCTURE)
    table = build_table(answers, ["base", "rag"], [0, 1], "f1", 0.0, "lowest" if rule == "lowest" else "left_out")
    assert table.questions == (1,)


def test_without_usable_questions_the_table_is_empty() -> None:
    table = build_table([], ["base", "rag"], [], "f1", 0.0, "lowest")
    assert table.scores.shape == (0, 2)


def test_a_question_that_one_arm_did_not_answer_yet_is_left_out() -> None:
    answers = [answer for answer in make_answers({"base": [0.1, 0.2], "rag": [0.3, 0.4]}) if (answer.question, answer.arm) != (0, "rag")]
    assert build_table(answers, ["base", "rag"], [0, 1], "f1", 0.0, "lowest").questions == (1,)

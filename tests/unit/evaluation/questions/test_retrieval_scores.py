import math
from typing import Any

import pytest

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.questions.retrieval_scores import compute_ndcg, score_retrieval
from shared.datasets import Question


def ask(*contexts: Any, answers: tuple[str, ...] = ("6.5 bar",)) -> Question:
    return Question.model_validate({"question": "Which?", "answers": answers, "contexts": contexts})


def answer(question: int, *files: str, text: str = "It opens at 6.5 bar.", failure: Failure | None = None) -> ArmAnswer:
    retrieved = [{"file_id": f"file-{name}", "filename": f"{name}.md", "text": text, "score": 0.5} for name in files]
    return ArmAnswer(question, "rag", "an answer", 1.0, 10, 5, [], failure=failure, retrieved=retrieved)


def test_scores_are_those_of_the_textbooks() -> None:
    questions = [ask("a.md", "b.md"), ask("a.md"), ask("a.md")]
    scores = score_retrieval(questions, [answer(0, "x", "a", "y"), answer(1, "a", "a"), answer(2, "x")], {0: True, 1: False, 2: False})
    assert scores is not None
    assert scores.questions == 3
    assert scores.recall == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert scores.precision == pytest.approx((1 / 3 + 1 + 0) / 3)
    assert scores.mrr == pytest.approx((1 / 2 + 1 + 0) / 3)
    assert scores.ndcg == pytest.approx(((1 / math.log2(3)) / (1 + 1 / math.log2(3)) + 1 + 0) / 3)
    assert (scores.missed_by_search, scores.missed_by_reading) == (0.5, 0.5)


def test_an_answer_is_supported_if_an_accepted_one_stands_in_a_passage() -> None:
    questions = [ask("a.md"), ask("a.md", answers=("65 bar", "x")), ask("a.md", answers=())]
    scores = score_retrieval(questions, [answer(0, "b"), answer(1, "b"), answer(2, "b")], {})
    assert scores is not None
    assert scores.supported == 0.5
    assert (scores.missed_by_search, scores.missed_by_reading) == (0, 0)


def test_questions_without_contexts_and_calls_that_never_searched_are_left_out() -> None:
    failed = Failure("infrastructure", "unavailable", "The engine does not respond.")
    questions = [ask("a.md"), ask(), ask("a.md")]
    scores = score_retrieval(questions, [answer(0), answer(1, "x"), answer(2, failure=failed)], {0: False})
    assert scores is not None
    assert (scores.questions, scores.recall, scores.precision, scores.mrr, scores.ndcg, scores.supported) == (1, 0, 0, 0, 0, 0)
    assert scores.missed_by_search == 1
    assert score_retrieval(questions, [answer(1, "x"), answer(2, failure=failed)], {}) is None
    assert score_retrieval(questions, [], {}) is None


def test_a_failed_call_that_had_searched_counts() -> None:
    failed = Failure("own", "context_length_exceeded", "The prompt is too long.")
    scores = score_retrieval([ask("a.md")], [answer(0, "a", failure=failed)], {0: False})
    assert scores is not None
    assert (scores.recall, scores.missed_by_reading) == (1, 1)


def test_several_contexts_in_one_passage_are_a_perfect_ranking() -> None:
    scores = score_retrieval([ask("opens at", "6.5 bar")], [answer(0, "a")], {})
    assert scores is not None
    assert scores.recall == scores.precision == scores.ndcg == scores.mrr == 1


@pytest.mark.parametrize("ranks", [[1], [1, 2], [1, 1, 1], [3, 9]])
def test_the_gain_is_between_0_and_1(ranks: list[int]) -> None:
    assert 0 < compute_ndcg(ranks, len(ranks)) <= 1
    assert compute_ndcg([], len(ranks)) == 0

"""An explanation is a readable sentence with its numbers."""

import re

from services.evaluation.verdict.decide import decide
from services.evaluation.verdict.explain import find_difference
from tests.unit.evaluation.cases import simulate_scores, summarize_scores

NUMBER = re.compile("\N{MINUS SIGN}?" r"\d+\.\d+")


def explain(scores: dict[str, list[float]]) -> str:
    """Return the verdict's text with every decimal number replaced by N."""
    return NUMBER.sub("N", decide(summarize_scores(scores)).text)


def test_a_clear_winner_reads_as_a_sentence() -> None:
    assert explain(simulate_scores({"base": 0.1, "rag": 0.3, "both": 0.7}, 80)) == (
        "Use both retrieval and fine-tuning: F1 N, compared with N for retrieval alone (difference N, 95% interval N to N). "
        "Every other arm is shown to be worse, so no cheaper one is as good."
    )


def test_a_cheaper_arm_reads_as_a_sentence() -> None:
    scores = simulate_scores({"base": 0.1, "rag": 0.6}, 60)
    both = [score + (0.02 if index % 2 else -0.015) for index, score in enumerate(scores["rag"])]
    assert explain({"base": scores["base"], "fine_tuned": scores["rag"], "both": both}) == (
        "Use fine-tuning: F1 N. Both together has the highest mean, N, but the difference of N (95% interval N to N) "
        "may be due to chance, and a question costs N times as much. So this is the cheapest arm that is not shown to be worse than the "
        "best. Shown to be worse: the base model alone (N)."
    )


def test_too_few_questions_read_as_a_sentence() -> None:
    assert explain({"base": [0.0], "both": [1.0]}) == (
        "No difference shown: on 1 question, the mean F1 of the 2 arms ranges from N to N, and none is shown to be worse than the best. "
        "With so few questions, even a large difference may not show; use at least 10, or better a hundred. "
        "Until then, the cheapest arm is the base model alone."
    )


def test_a_difference_is_found_in_either_order() -> None:
    summary = summarize_scores(simulate_scores({"base": 0.1, "both": 0.7}, 60))
    assert find_difference(summary, "base", "both") == find_difference(summary, "both", "base")

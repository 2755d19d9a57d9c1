"""The verdict recommends what the data show, says if they show nothing, and names its numbers."""

from services.evaluation.verdict.decide import decide
from tests.unit.evaluation.cases import simulate_scores, summarize_scores

CLEAR = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.15, "both": 0.7}


def test_a_clear_winner_is_recommended_with_the_numbers() -> None:
    verdict = decide(summarize_scores(simulate_scores(CLEAR, 80)))
    assert (verdict.outcome, verdict.recommended, verdict.best) == ("recommendation", "both", "both")
    assert verdict.text.startswith("Use both retrieval and fine-tuning: F1 0.")
    assert "for retrieval alone (difference 0." in verdict.text
    assert "95% interval 0." in verdict.text
    assert "Every other arm is shown to be worse" in verdict.text


def test_identical_arms_show_no_difference_and_the_text_says_what_may_be_hidden() -> None:
    scores = simulate_scores({"base": 0.5}, 40)["base"]
    verdict = decide(summarize_scores({"base": scores, "rag": scores}))
    assert (verdict.outcome, verdict.recommended) == ("no_difference_shown", None)
    assert "could still hide a difference of up to 0.00" in verdict.text


def test_a_small_difference_in_few_questions_is_not_shown() -> None:
    verdict = decide(summarize_scores(simulate_scores({"base": 0.5, "rag": 0.52}, 20)))
    assert verdict.outcome == "no_difference_shown"
    assert "more questions would narrow that down" in verdict.text
    assert "the cheapest arm is the base model alone" in verdict.text


def test_the_cheapest_arm_not_shown_to_be_worse_beats_the_highest_mean() -> None:
    scores = simulate_scores({"base": 0.1, "rag": 0.6}, 60)
    scores["both"] = [score + (0.02 if index % 2 else -0.015) for index, score in enumerate(scores["rag"])]
    scores["fine_tuned"] = [score - 0.001 for score in scores["rag"]]
    cheap = decide(summarize_scores({name: scores[name] for name in ("base", "rag", "both")}))
    assert (cheap.best, cheap.recommended) == ("both", "both")
    dear = decide(summarize_scores({name: scores[name] for name in ("base", "rag", "both")}, prices={"prompt": 0, "completion": 0}))
    assert dear.recommended == "both"
    tuned = decide(summarize_scores(scores))
    assert (tuned.best, tuned.recommended) == ("both", "fine_tuned")
    assert "So this is the cheapest arm that is not shown to be worse than the best. Shown to be worse: the base model alone" in tuned.text
    assert "a question costs 18.9 times as much" in tuned.text


def test_a_best_arm_that_is_also_the_cheapest_of_its_rivals_says_so() -> None:
    scores = simulate_scores({"base": 0.1, "rag": 0.6}, 60)
    scores["both"] = [score + (0.02 if index % 2 else -0.015) for index, score in enumerate(scores["rag"])]
    verdict = decide(summarize_scores(scores))
    assert verdict.recommended == "both"
    assert "the cheapest of the arms that are not shown to be worse than the best; the other is retrieval alone (0." in verdict.text


def test_of_equal_means_the_cheaper_arm_is_the_best() -> None:
    verdict = decide(summarize_scores({"base": [0.0] * 20, "rag": [1.0] * 20, "fine_tuned": [1.0] * 20}))
    assert (verdict.best, verdict.recommended) == ("fine_tuned", "fine_tuned")


def test_one_question_is_never_enough() -> None:
    verdict = decide(summarize_scores({"base": [0.0], "both": [1.0]}))
    assert verdict.outcome == "no_difference_shown"
    assert "on 1 question, the mean F1" in verdict.text
    assert "use at least 10" in verdict.text


def test_the_deciding_grader_decides() -> None:
    scores = {"base": [0.99] * 20, "rag": [1.0, 0.0] * 10}
    assert decide(summarize_scores(scores)).best == "base"
    by_match = decide(summarize_scores(scores, grader="exact_match"))
    assert by_match.recommended == "rag"
    assert "exact match 0.50" in by_match.text

"""The verdict on planted answers. How often it is wrong is tested in `statistics`; here, that it is built from the right numbers."""

from dataclasses import replace

import pytest

from services.evaluation.arms.answer import ArmAnswer, Failure
from services.evaluation.verdict.assess import assess, measure_flips
from services.evaluation.verdict.evidence import Evidence
from shared.contracts.comparison_results import LeakedQuestion
from tests.unit.evaluation.cases import make_answer, make_evidence, simulate, simulate_scores

OWN = Failure("own", "empty", "The answer is empty.")
INFRASTRUCTURE = Failure("infrastructure", "unavailable", "The engine did not answer.")


def fail(evidence: Evidence, arm: str, questions: range, failure: Failure) -> Evidence:
    def change(answer: ArmAnswer) -> ArmAnswer:
        return replace(answer, failure=failure, scores={}) if answer.arm == arm and answer.question in questions else answer

    return replace(evidence, answers=[change(answer) for answer in evidence.answers])


def test_a_large_effect_is_recommended_with_its_numbers() -> None:
    findings = assess(make_evidence(simulate_scores({"base": 0.1, "rag": 0.3, "both": 0.8}, 100)))
    assert findings.verdict.outcome == "recommendation"
    assert findings.verdict.recommended == "both"
    assert findings.verdict.headline == "Use both retrieval and fine-tuning"
    assert (
        f"On 100 questions, the mean F1 of retrieval and fine-tuning together is {findings.arms[2].scores['f1']:.2f}"
        in findings.verdict.text
    )
    assert "the only cheaper arm is worse: the base model alone" in findings.verdict.text
    assert all(difference.shown for difference in findings.differences if difference.better == "both")


def test_equal_arms_recommend_nothing_and_say_how_many_more_questions_it_takes() -> None:
    findings = assess(make_evidence(simulate_scores({"base": 0.5, "rag": 0.5}, 40)))
    assert findings.verdict.outcome == "not_settled"
    assert findings.verdict.recommended is None
    assert findings.verdict.more_questions is not None
    assert "more questions" in findings.verdict.text
    assert not any(difference.shown for difference in findings.differences)


def test_a_base_model_that_nothing_beats_is_enough() -> None:
    findings = assess(make_evidence(simulate_scores({"base": 0.9, "rag": 0.2}, 60)))
    assert findings.verdict.outcome == "base_is_enough"
    assert findings.verdict.text.startswith("The base model is enough.")


@pytest.mark.parametrize("questions", [1, 9])
def test_too_few_questions_give_no_verdict(questions: int) -> None:
    findings = assess(make_evidence({"base": [0.0] * questions, "rag": [1.0] * questions}))
    assert findings.verdict.outcome == "too_few"
    assert findings.verdict.recommended is None
    assert f"has {questions} question" in findings.verdict.text


def test_many_questions_in_few_clusters_are_too_few() -> None:
    evidence = replace(make_evidence(simulate_scores({"base": 0.1, "rag": 0.9}, 60)), clusters=[number % 5 for number in range(60)])
    findings = assess(evidence)
    assert findings.verdict.outcome == "too_few"
    assert "60 questions in 5 clusters" in findings.verdict.text


def test_too_many_failures_of_the_infrastructure_give_no_verdict() -> None:
    findings = assess(fail(make_evidence(simulate_scores({"base": 0.1, "rag": 0.9}, 100)), "rag", range(20), INFRASTRUCTURE))
    assert findings.verdict.outcome == "failed"
    assert findings.verdict.recommended is None
    assert "20 of 200 answers could not be collected or graded" in findings.verdict.text
    assert findings.arms[1].failures.infrastructure == 20


def test_a_few_failures_leave_their_questions_out_or_count_as_the_lowest_grade() -> None:
    evidence = make_evidence(simulate_scores({"base": 0.1, "rag": 0.9}, 100))
    findings = assess(fail(fail(evidence, "rag", range(2), INFRASTRUCTURE), "rag", range(2, 5), OWN))
    assert findings.questions == 98
    assert findings.verdict.recommended == "rag"
    assert findings.arms[1].failures.own == 3


def test_a_verdict_that_hangs_on_failures_is_not_settled() -> None:
    """One arm is as good as the other apart from its failures: they alone would decide."""
    scores = {"base": [1.0] * 100, "rag": [1.0] * 100}
    evidence = make_evidence(scores)
    with_failures = fail(evidence, "base", range(5), OWN)
    assert assess(evidence).verdict.outcome == "base_is_enough"
    findings = assess(with_failures)
    assert findings.verdict.outcome == "not_settled"
    assert "The verdict depends on the failed answers" in findings.verdict.text


def test_the_order_of_the_arms_does_not_matter() -> None:
    scores = simulate_scores({"base": 0.2, "rag": 0.5, "both": 0.7}, 80)
    turned = {arm: scores[arm] for arm in reversed(scores)}
    one, other = assess(make_evidence(scores)), assess(make_evidence(turned))
    assert one.verdict.recommended == other.verdict.recommended
    assert {(each.better, each.worse, each.shown) for each in one.differences} == {
        (each.better, each.worse, each.shown) for each in other.differences
    }


def test_arms_of_the_requests_own_are_named_in_quotes() -> None:
    findings = assess(simulate(arms=8, questions=120))
    assert "'rag-ten-passages'" in findings.verdict.text or findings.verdict.recommended is not None
    assert len(findings.differences) == 8 * 7 / 2


def test_scores_by_tag_are_descriptive_and_add_up() -> None:
    findings = assess(simulate(arms=3, questions=60))
    for arm in findings.arms:
        assert sum(tag.questions for tag in arm.tags) == 60
        assert sum(tag.questions * tag.mean for tag in arm.tags) / 60 == pytest.approx(arm.scores["f1"])


def test_other_seeds_show_what_would_be_recommended_with_them() -> None:
    evidence = make_evidence(simulate_scores({"base": 0.1, "fine_tuned": 0.8}, 60))
    weak = [make_answer(number, "fine_tuned", 0.1) for number in range(60)]
    findings = assess(replace(evidence, other_seeds={"ft:other": weak}))
    assert findings.verdict.recommended == "fine_tuned"
    assert findings.seeds[0].recommended != "fine_tuned"
    assert findings.seeds[0].scores == {"fine_tuned": pytest.approx(0.1)}


def test_one_seed_is_said_to_leave_its_effect_unknown() -> None:
    assert any("seed" in warning for warning in assess(simulate(arms=5)).verdict.warnings)


def test_flips_are_counted_over_repeated_answers() -> None:
    answers = [make_answer(number, "base", 1.0) for number in range(4)]
    repeated = [make_answer(number, "base", 1.0 if number else 0.0) for number in range(4)]
    assert measure_flips(answers, repeated, "f1") == 0.25
    assert measure_flips(answers, [], "f1") is None


def test_the_same_evidence_gives_the_same_findings() -> None:
    evidence = simulate(arms=4, questions=40)
    assert assess(evidence) == assess(evidence)


def test_too_many_failures_leave_nothing_said_about_any_arm() -> None:
    evidence = fail(make_evidence({"base": [0.0] * 100, "rag": [1.0] * 100}), "rag", range(6), OWN)
    findings = assess(evidence)
    assert findings.verdict.outcome == "failed"
    assert findings.verdict.candidates == []
    assert findings.verdict.not_excluded == ["base", "rag"]
    assert not any(difference.shown for difference in findings.differences)


@pytest.mark.parametrize("kind", [OWN, INFRASTRUCTURE])
def test_a_comparison_in_which_every_answer_failed_has_findings(kind: Failure) -> None:
    evidence = make_evidence({"base": [0.5] * 30, "rag": [0.5] * 30})
    findings = assess(fail(fail(evidence, "base", range(30), kind), "rag", range(30), kind))
    assert findings.verdict.outcome == "failed"
    assert not findings.verdict.none_answers_well


def test_an_answer_that_was_never_graded_is_neither_right_nor_wrong() -> None:
    evidence = make_evidence({"base": [1.0] * 100, "rag": [1.0] * 100})
    ungraded = assess(fail(evidence, "base", range(2), INFRASTRUCTURE)).arms[0]
    assert ungraded.cost_per_correct == pytest.approx(ungraded.cost)
    failed = assess(fail(evidence, "base", range(2), OWN)).arms[0]
    assert failed.cost_per_correct == pytest.approx(failed.cost / 0.98)


def test_of_arms_that_cost_the_same_none_is_called_costlier_or_cheaper() -> None:
    evidence = make_evidence({"base": [0.6] * 400, "rag": [0.62] * 400}, prices={"prompt": 0, "completion": 0})
    text = assess(evidence).verdict.text
    assert "Retrieval alone has a higher mean, 0.62, and the same cost" in text
    better = make_evidence({"base": [0.2] * 400, "rag": [0.8] * 400}, prices={"prompt": 0, "completion": 0})
    assert "the only arm that costs no more is worse: the base model alone (0.20)" in assess(better).verdict.text


def test_arms_that_answer_nothing_well_are_said_to_be_so_with_the_number() -> None:
    verdict = assess(make_evidence({"base": [0.0] * 200, "rag": [0.0] * 200})).verdict
    assert verdict.none_answers_well
    assert verdict.headline == "The base model is enough, but no arm answers well"
    assert "even the best one is below 0.10" in verdict.text


def test_a_constant_grader_beside_the_deciding_one_does_no_harm() -> None:
    constant = {"type": "multi", "name": "none", "graders": {"a": {"type": "f1", "name": "a"}}, "calculate_output": "a * 0"}
    evidence = make_evidence(simulate_scores({"base": 0.1, "rag": 0.9}, 40), graders=[constant])
    answers = [replace(answer, scores={**answer.scores, "none": 0.0}) for answer in evidence.answers]
    assert assess(replace(evidence, answers=answers)).arms[0].scores["none"] == 0.0


def test_questions_with_a_tag_each_have_figures_for_a_hundred_tags() -> None:
    evidence = make_evidence(simulate_scores({"base": 0.3, "rag": 0.4}, 300))
    tagged = [question.model_copy(update={"tags": [f"t{number}", "all"]}) for number, question in enumerate(evidence.questions)]
    tags = assess(replace(evidence, questions=tagged)).arms[0].tags
    assert len(tags) == 100
    assert (tags[0].tag, tags[0].questions) == ("all", 300)


def test_prices_for_what_was_not_measured_are_said_to_be_left_out() -> None:
    evidence = make_evidence(simulate_scores({"base": 0.1, "both": 0.9}, 20), prices={"training_hour": 2, "indexing_hour": 3})
    warnings = assess(replace(evidence, training_seconds=None)).verdict.warnings
    assert any("training took is unknown" in warning for warning in warnings)
    assert any("indexing took is unknown" in warning for warning in warnings)
    known = assess(replace(evidence, indexing_seconds=3600.0))
    assert not any("took is unknown" in warning for warning in known.verdict.warnings)
    assert known.arms[1].fixed_cost == pytest.approx(3 + 2 * 75 / 3600)
    measured = assess(replace(evidence, indexing_by_store={"vs_1": 1800.0}))
    assert not any("took is unknown" in warning for warning in measured.verdict.warnings)
    assert measured.arms[1].fixed_cost == pytest.approx(3 / 2 + 2 * 75 / 3600)


def test_a_grader_without_bounds_has_no_lowest_score_to_be_close_to() -> None:
    ratio = {"type": "multi", "name": "ratio", "graders": {"a": {"type": "f1", "name": "a"}}, "calculate_output": "1 / a"}
    evidence = make_evidence({"base": [0.5] * 80, "rag": [0.5] * 80}, graders=[ratio], grader="ratio", margin=0.5)
    verdict = assess(replace(evidence, answers=[replace(answer, scores={"ratio": 3.0}) for answer in evidence.answers])).verdict
    assert verdict.outcome == "base_is_enough"
    assert not verdict.none_answers_well
    assert any("no bounds" in warning for warning in verdict.warnings)


def test_a_margin_of_half_the_range_does_not_say_that_no_arm_answers_well() -> None:
    evidence = make_evidence(simulate_scores({"base": 0.7, "rag": 0.8}, 100), margin=0.5)
    assert not assess(evidence).verdict.none_answers_well


def test_questions_that_leaked_are_counted_in_the_verdict() -> None:
    evidence = make_evidence(simulate_scores({"base": 0.1, "fine_tuned": 0.8}, 40))
    leaks = [LeakedQuestion(question="Why?", line=1, similarity=1.0, left_out=left_out) for left_out in (True, True, False)]
    warnings = assess(replace(evidence, leaked=leaks, template_copies=1)).verdict.warnings
    assert warnings[0] == "The training file has 2 questions, or nearly the same, so they were left out."
    assert warnings[1] == "The training file has 1 question, or nearly the same, which favors arms that were trained on it."
    assert warnings[2] == "The built-in prompt with passages is in 1 training example, which favors fine-tuned arms with documents."


def test_abstentions_are_scored_for_each_arm_if_a_question_has_no_answer() -> None:
    findings = assess(make_evidence(simulate_scores({"base": 0.1, "rag": 0.8}, 40)))
    assert [arm.abstention.had_to for arm in findings.arms if arm.abstention] == [4, 4]


def test_pairs_have_the_p_values_of_mcnemar_for_right_and_wrong_answers_only() -> None:
    binary = assess(make_evidence({"base": [0.0] * 30, "rag": [1.0] * 20 + [0.0] * 10})).differences[0]
    assert binary.exact_p == pytest.approx(2 * 0.5**20)
    assert binary.mid_p == pytest.approx(0.5**20)
    assert assess(make_evidence(simulate_scores({"base": 0.1, "rag": 0.8}, 40))).differences[0].mid_p is None


def test_another_seed_may_have_scores_beyond_the_range_of_the_first() -> None:
    ratio = {"type": "multi", "name": "ratio", "graders": {"a": {"type": "f1", "name": "a"}}, "calculate_output": "1 / a"}
    evidence = make_evidence({"base": [0.5] * 40, "fine_tuned": [0.5] * 40}, graders=[ratio], grader="ratio", margin=0.5)
    first = [replace(answer, scores={"ratio": 1.0 + answer.question % 2}) for answer in evidence.answers]
    other = [replace(answer, scores={"ratio": 9.0}) for answer in first if answer.arm == "fine_tuned"]
    [seed] = assess(replace(evidence, answers=first, other_seeds={"ft:other": other})).seeds
    assert seed.scores == {"fine_tuned": 9.0}
    assert seed.recommended == "fine_tuned"

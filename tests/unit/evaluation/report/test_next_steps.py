"""What to try next follows from what failed."""

from dataclasses import replace
from typing import Any

import pytest

from services.evaluation.report.content import Report
from services.evaluation.report.next_steps import list_next_steps
from shared.contracts.comparison_results import MoreQuestions
from tests.unit.evaluation.cases import add_everything, make_evidence, plant_findings, simulate


def make_report(arms: int = 5, **verdict: Any) -> Report:
    evidence = simulate(arms, 60, seeds=3)
    findings = plant_findings(evidence)
    return Report(evidence, findings.model_copy(update={"verdict": findings.verdict.model_copy(update=verdict)}))


def change_retrieval(report: Report, **changes: float) -> Report:
    arms = [
        arm.model_copy(update={"retrieval": arm.retrieval.model_copy(update=changes)}) if arm.retrieval else arm
        for arm in report.findings.arms
    ]
    return Report(report.evidence, report.findings.model_copy(update={"arms": arms}))


def list_actions(report: Report) -> str:
    return "\n".join(f"{step.action} {step.reason}" for step in list_next_steps(report))


def test_if_search_failed_search_is_improved_and_reading_is_not() -> None:
    actions = list_actions(change_retrieval(make_report(), missed_by_search=0.7, missed_by_reading=0.1))
    assert "Improve search: try other chunk sizes, or retrieve more than 3 passages." in actions
    assert "Improve reading" not in actions


def test_if_reading_failed_reading_is_improved_and_search_is_not() -> None:
    actions = list_actions(change_retrieval(make_report(), missed_by_search=0.1, missed_by_reading=0.7))
    assert "Improve reading: fine-tune" in actions
    assert "Improve search" not in actions


def test_hybrid_search_is_proposed_only_if_it_is_not_used() -> None:
    report = make_report()
    spec = report.evidence.spec.model_copy(
        update={"retrieval": report.evidence.spec.retrieval.model_copy(update={"search_mode": "vector"})}
    )
    assert "use hybrid search" not in list_actions(report)
    assert "use hybrid search" in list_actions(Report(replace(report.evidence, spec=spec), report.findings))


def test_an_adapter_that_is_worse_than_a_prompt_needs_other_training() -> None:
    evidence = make_evidence({"prompted": [0.8] * 20, "fine_tuned": [0.3] * 20, "rag": [0.7] * 20, "both": [0.5] * 20})
    actions = list_actions(Report(evidence, plant_findings(evidence)))
    assert "Prompted has a higher mean than Fine-tuning (0.80 and 0.30; shown to be better)." in actions
    assert "Retrieval has a higher mean than Both (0.70 and 0.50; shown to be better)." in actions


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (MoreQuestions(for_half=120, for_four_fifths=900), "about 120 for a 50% probability of a recommendation"),
        (MoreQuestions(for_half=1200, for_four_fifths=None), "more than 5,000 for 80%"),
        (MoreQuestions(for_half=None, for_four_fifths=None), "Choose a larger margin, or leave out an arm."),
    ],
)
def test_a_comparison_that_is_not_settled_says_how_many_more_questions_settle_it(more: MoreQuestions, words: str) -> None:
    assert words in list_actions(make_report(outcome="not_settled", recommended=None, more_questions=more))


def test_too_few_questions_come_first() -> None:
    first = list_next_steps(make_report(outcome="too_few", recommended=None))[0]
    assert first.action.startswith("Ask more questions: at least 10")


def test_failures_copies_and_doubtful_judges_have_a_step_each() -> None:
    evidence = add_everything(simulate(5, 60))
    actions = list_actions(Report(evidence, plant_findings(evidence)))
    assert "2 answers of Fine-tuning failed by the arm's own fault" in actions
    assert "Find out whether a service was down." in actions
    assert "12 training examples have the built-in prompt with passages" in actions
    assert "The scores of 'helpful' are doubtful" in actions


def test_an_adapter_of_one_seed_is_to_be_trained_again_unless_others_were() -> None:
    one_seed = simulate(5, 60)
    assert "'seeds: 3'" in list_actions(Report(one_seed, plant_findings(one_seed)))
    more = add_everything(one_seed)
    assert "'seeds: 3'" not in list_actions(Report(more, plant_findings(more)))
    untuned = simulate(3, 60)
    assert "'seeds: 3'" not in list_actions(Report(untuned, plant_findings(untuned)))


def test_answers_that_are_cut_off_ask_for_a_higher_limit() -> None:
    report = make_report()
    answers = [replace(answer, finish_reason="length") if answer.arm == "base" else answer for answer in report.evidence.answers]
    actions = list_actions(Report(replace(report.evidence, answers=answers), report.findings))
    assert "The limit of 64 tokens cuts off answers of Base model (100%)." in actions
    assert "cuts off answers" not in list_actions(report)


def test_a_comparison_in_which_nothing_failed_has_no_step() -> None:
    evidence = make_evidence({"base": [0.1] * 60, "prompted": [0.9] * 60})
    assert list_next_steps(Report(evidence, plant_findings(evidence))) == []


@pytest.mark.parametrize("outcome", ["too_few", "failed"])
def test_without_enough_answers_nothing_else_is_proposed_than_getting_them(outcome: str) -> None:
    actions = list_actions(change_retrieval(make_report(outcome=outcome), missed_by_search=0.1, missed_by_reading=0.7))
    assert "Improve reading" not in actions
    assert "Improve search" not in actions

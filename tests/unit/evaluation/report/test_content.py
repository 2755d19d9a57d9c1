"""A report knows its main arm, its rival, and which answers belong to which question."""

from dataclasses import replace

from services.evaluation.report.content import Report, list_accepted
from shared.datasets import Question
from tests.unit.evaluation.cases import add_failures, make_evidence, plant_findings, simulate


def make_report(arms: int = 5, questions: int = 12) -> Report:
    evidence = simulate(arms, questions)
    return Report(evidence, plant_findings(evidence))


def test_accepted_answers_that_are_not_known_are_no_reason_to_abstain() -> None:
    shown = [list_accepted(Question(question="a", answers=answers)) for answers in (["x", "y"], [], None)]
    assert shown == ["x · y", "none; the right answer is that the documents do not have it", "not known"]


def test_the_main_arm_is_the_recommended_one_and_the_rival_the_best_of_the_others() -> None:
    assert (make_report().main, make_report().rival) == ("both", "rag")


def test_of_equally_good_rivals_the_cheapest_counts() -> None:
    evidence = make_evidence({"both": [1.0] * 20, "rag": [0.4] * 20, "base": [0.4] * 20})
    assert Report(evidence, plant_findings(evidence)).rival == "base"


def test_without_a_recommendation_the_arm_with_the_highest_mean_is_the_main_one() -> None:
    evidence = make_evidence({"base": [0.5] * 9 + [0.6], "rag": [0.5] * 10})
    report = Report(evidence, plant_findings(evidence))
    assert (report.is_settled, report.main, report.headline) == (False, "base", "Not settled")


def test_answers_are_grouped_by_question_in_the_order_of_the_arms() -> None:
    report = make_report()
    shuffled = replace(report.evidence, answers=list(reversed(report.evidence.answers)))
    for entry in Report(shuffled, report.findings).entries:
        assert [answer.arm for answer in entry.answers] == [arm.arm for arm in report.findings.arms]
        assert {answer.question for answer in entry.answers} == {entry.number - 1}


def test_a_question_that_was_not_asked_has_no_entry_and_the_others_keep_their_numbers() -> None:
    report = make_report()
    kept = [answer for answer in report.evidence.answers if answer.question != 3]
    assert [entry.number for entry in Report(replace(report.evidence, answers=kept), report.findings).entries] == [1, 2, 3, *range(5, 13)]


def test_an_answer_is_right_from_half_of_the_range_on_and_never_if_it_failed() -> None:
    report = make_report()
    answer = report.evidence.answers[0]
    assert report.is_right(replace(answer, scores={"f1": 0.5}))
    assert not report.is_right(replace(answer, scores={"f1": 0.49}))
    assert not report.is_right(replace(answer, scores={}))
    failed = next(answer for answer in add_failures(report.evidence).answers if answer.failure)
    assert not report.is_right(replace(failed, scores={"f1": 1.0}))


def test_the_text_of_the_verdict_does_not_repeat_the_headline() -> None:
    report = make_report()
    verdict = report.findings.verdict.model_copy(update={"headline": "Use both", "text": "Use both. It is better."})
    assert Report(report.evidence, report.findings.model_copy(update={"verdict": verdict})).lead == "It is better."


def test_a_question_without_accepted_answers_says_what_would_be_right() -> None:
    assert list_accepted(Question(question="?", answers=["a", "b"])) == "a · b"
    assert list_accepted(Question(question="?", answers=[])) == "none; the right answer is that the documents do not have it"

"""Examples are the questions with the largest difference between the main arm and its rival."""

from dataclasses import replace

from services.evaluation.arms.answer import Failure
from services.evaluation.report.content import Report
from services.evaluation.report.examples import choose_examples
from tests.unit.evaluation.cases import add_failures, make_evidence, plant_findings, simulate

SCORES = {"base": [0.0, 0.5, 0.4, 0.0, 0.9, 0.5] * 4, "both": [1.0, 0.5, 0.5, 0.8, 0.1, 0.9] * 4}


def test_the_largest_differences_come_first_on_both_sides() -> None:
    evidence = make_evidence(SCORES)
    examples = choose_examples(Report(evidence, plant_findings(evidence)))
    assert [example.difference for example in examples.shown_for] == [1.0, 1.0, 1.0]
    assert [round(example.difference, 6) for example in examples.shown_against] == [-0.8, -0.8, -0.8]
    assert (examples.wins, examples.losses, examples.ties) == (16, 4, 4)


def test_of_equal_differences_those_with_the_shortest_texts_come_first() -> None:
    evidence = make_evidence(SCORES)
    answers = [replace(answer, text="x" if answer.question == 12 else answer.text) for answer in evidence.answers]
    examples = choose_examples(Report(replace(evidence, answers=answers), plant_findings(evidence)))
    assert examples.shown_for[0].entry.number == 13


def test_a_question_without_a_score_is_no_example() -> None:
    evidence = make_evidence(SCORES)
    answers = [replace(answer, scores={}) if answer.question == 0 else answer for answer in evidence.answers]
    examples = choose_examples(Report(replace(evidence, answers=answers), plant_findings(evidence)))
    assert examples.wins + examples.losses + examples.ties == 23
    assert 1 not in [example.entry.number for example in examples.shown_for]


def test_nothing_speaks_against_an_arm_that_is_always_better() -> None:
    evidence = make_evidence({"base": [0.1] * 12, "both": [0.9] * 12})
    examples = choose_examples(Report(evidence, plant_findings(evidence)))
    assert (examples.wins, examples.losses, examples.shown_against) == (12, 0, [])


def test_failed_answers_may_be_examples() -> None:
    evidence = add_failures(simulate(2, 20))
    assert choose_examples(Report(evidence, plant_findings(evidence))).shown_for


def test_an_answer_that_failed_by_its_own_fault_counts_as_the_lowest_score_and_another_not_at_all() -> None:
    evidence = make_evidence({"base": [0.5] * 12, "both": [0.9] * 12})
    kinds = {0: Failure("own", "empty_answer", "It is empty."), 1: Failure("infrastructure", "unavailable", "The engine is away.")}
    answers = [
        replace(answer, scores={}, failure=kinds[answer.question]) if answer.arm == "both" and answer.question in kinds else answer
        for answer in evidence.answers
    ]
    examples = choose_examples(Report(replace(evidence, answers=answers), plant_findings(evidence)))
    assert (examples.wins, examples.losses, examples.ties) == (10, 1, 0)
    assert examples.shown_against[0].difference == -0.5

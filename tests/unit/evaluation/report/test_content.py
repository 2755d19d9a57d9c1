"""A report knows its result, and which answers belong to which question."""

from shared.contracts.comparisons import ComparisonResult
from tests.unit.evaluation.cases import make_report, simulate_scores

MEANS = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.12, "both": 0.7}


def test_the_result_names_the_two_files_and_fits_the_contract() -> None:
    result = make_report(simulate_scores(MEANS, 12)).make_result("file-j", "file-h")
    assert ComparisonResult.model_validate(result.model_dump(mode="json")) == result
    assert (result.questions, result.report_json, result.report_html) == (12, "file-j", "file-h")


def test_answers_are_grouped_by_question() -> None:
    report = make_report(simulate_scores(MEANS, 12))
    groups = [[answer.question for answer in answers] for _, answers in report.answers_by_question]
    assert groups == [[number] * 4 for number in range(12)]

"""The diagnosis names what failed more often, and gives the shares."""

import pytest

from services.evaluation.report.content import Report
from services.evaluation.report.diagnosis import Cause, diagnose, find_cause
from shared.contracts.comparison_results import RetrievalScores
from tests.unit.evaluation.cases import plant_findings, simulate


def make_scores(search: float, reading: float) -> RetrievalScores:
    values = {"recall": 0.5, "precision": 0.5, "ndcg": 0.5, "mrr": 0.5, "supported": 0.5}
    return RetrievalScores(questions=10, missed_by_search=search, missed_by_reading=reading, **values)


@pytest.mark.parametrize(
    ("search", "reading", "cause"),
    [(0.6, 0.3, "search"), (0.1, 0.7, "reading"), (0.4, 0.4, "both"), (0.0, 0.0, "neither"), (float("nan"), float("nan"), "neither")],
)
def test_the_cause_is_what_failed_clearly_more_often(search: float, reading: float, cause: Cause) -> None:
    assert find_cause(make_scores(search, reading)) == cause


def test_only_arms_with_documents_have_a_diagnosis() -> None:
    evidence = simulate(5, 20)
    found = diagnose(Report(evidence, plant_findings(evidence)))
    assert [diagnosis.arm for diagnosis in found] == ["rag", "both"]
    assert "for 60% of its wrong answers, search did not find the passage" in found[0].sentence
    assert found[0].other == pytest.approx(0.1)

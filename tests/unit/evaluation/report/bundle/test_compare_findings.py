"""Findings are compared value by value; rounding errors are no difference."""

from services.evaluation.report.bundle.compare_findings import list_differences
from tests.unit.evaluation.cases import plant_findings, simulate


def test_equal_findings_have_no_difference() -> None:
    findings = plant_findings(simulate(5, 20))
    assert list_differences(findings, findings.model_copy(deep=True)) == []


def test_rounding_errors_and_nan_are_the_same() -> None:
    findings = plant_findings(simulate(2, 20))
    first = findings.differences[0]
    old = findings.model_copy(update={"differences": [first.model_copy(update={"mean": float("nan")})]})
    new = findings.model_copy(update={"differences": [first.model_copy(update={"mean": float("nan"), "low": first.low + 1e-12})]})
    assert list_differences(old, new) == []


def test_each_value_that_differs_is_named_with_both_values() -> None:
    findings = plant_findings(simulate(2, 20))
    verdict = findings.verdict.model_copy(update={"recommended": "rag", "warnings": ["a warning"]})
    assert list_differences(findings, findings.model_copy(update={"verdict": verdict})) == [
        f"'verdict.recommended' is {findings.verdict.recommended!r} in the bundle, and 'rag' if computed again.",
        "'verdict.warnings[0]' is nothing in the bundle, and 'a warning' if computed again.",
    ]

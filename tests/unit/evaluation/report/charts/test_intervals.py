"""Dots and whiskers are where their numbers say."""

import pytest

from services.evaluation.report.charts.intervals import chart_differences, chart_scores, split_pairs
from services.evaluation.report.content import Report
from tests.unit.evaluation.cases import plant_findings, simulate


def make_report(arms: int = 5, questions: int = 60) -> Report:
    evidence = simulate(arms, questions)
    return Report(evidence, plant_findings(evidence))


def test_the_dot_of_each_arm_lies_on_its_whisker() -> None:
    report = make_report()
    chart = chart_scores(report)
    for arm, row in zip(report.findings.arms, chart.rows, strict=True):
        assert row.dot == pytest.approx(chart.axis.locate(arm.scores["f1"]))
        assert 0 <= row.low <= row.dot <= row.high <= 100


def test_only_the_recommended_arm_is_drawn_as_recommended() -> None:
    assert [row.style for row in chart_scores(make_report()).rows] == ["other"] * 4 + ["recommended"]


def test_pairs_with_the_main_arm_are_apart_from_all_others_and_the_largest_comes_first() -> None:
    report = make_report()
    with_main, others = split_pairs(report)
    assert (len(with_main), len(others)) == (4, 6)
    assert all("both" in (pair.better, pair.worse) for pair in with_main)
    assert [pair.mean for pair in with_main] == sorted((pair.mean for pair in with_main), reverse=True)


def test_differences_say_whether_they_are_shown_and_share_an_axis() -> None:
    report = make_report()
    with_main, others = split_pairs(report)
    first, second = chart_differences(report, with_main), chart_differences(report, others)
    assert first.axis == second.axis
    assert [row.style for row in first.rows] == ["shown"] * 4
    assert "unshown" in [row.style for row in second.rows]
    assert first.rows[0].numbers == [5, 1]
    assert first.rows[0].value.startswith("+")

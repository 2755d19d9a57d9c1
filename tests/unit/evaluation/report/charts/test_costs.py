"""The chart of quality against cost has every arm, also if costs are equal, zero, or far apart."""

from dataclasses import replace

import pytest

from services.evaluation.report.charts.costs import HEIGHT, chart_costs
from services.evaluation.report.content import Report
from tests.unit.evaluation.cases import plant_findings, simulate


def make_report(costs: list[float], **changes: object) -> Report:
    evidence = simulate(len(costs), 30, **changes)
    findings = plant_findings(evidence)
    arms = [arm.model_copy(update={"cost": cost}) for arm, cost in zip(findings.arms, costs, strict=True)]
    return Report(evidence, findings.model_copy(update={"arms": arms}))


@pytest.mark.parametrize("costs", [[80, 285, 570], [0, 0, 0], [5, 5, 5], [1, 30, 90_000], [0, 1, 90_000], [float("nan"), 3, 4]])
def test_every_arm_with_a_cost_is_inside_the_plot(costs: list[float]) -> None:
    chart = chart_costs(make_report(costs))
    assert len(chart.points) == sum(cost == cost for cost in costs)
    assert all(0 <= point.x <= 100 and 0 <= point.y <= HEIGHT for point in chart.points)


def test_a_better_arm_is_higher_and_a_dearer_one_further_to_the_right() -> None:
    report = make_report([80, 285, 570, 28, 529])
    by_name = {point.title: point for point in chart_costs(report).points}
    assert by_name["Both"].y < by_name["Retrieval"].y < by_name["Base model"].y
    assert by_name["Fine-tuning"].x < by_name["Base model"].x < by_name["Both"].x < by_name["Retrieval"].x


def test_costs_that_are_far_apart_have_a_logarithmic_axis() -> None:
    chart = chart_costs(make_report([2, 30, 9000]))
    assert chart.logarithmic
    assert [tick.label for tick in chart.costs] == ["1", "10", "100", "1,000", "10,000"]
    assert not chart_costs(make_report([2, 30, 50])).logarithmic


def test_money_is_shown_for_a_thousand_questions() -> None:
    chart = chart_costs(make_report([0.001, 0.004, 0.006], prices={"prompt": 1}))
    assert chart.costs[-1].label == "6"


def test_long_names_are_shortened_in_the_plot_only() -> None:
    evidence = simulate(12, 20)
    chart = chart_costs(Report(replace(evidence), plant_findings(evidence)))
    long = next(point for point in chart.points if point.number == 8)
    assert long.name.endswith("…")
    assert long.title == "rag-strict-prompt-with-citations"

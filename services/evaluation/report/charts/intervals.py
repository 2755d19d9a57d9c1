"""Charts of rows with a dot and a whisker: the mean of each arm, and the difference of each pair of arms."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.evaluation.report.content import Report
from services.evaluation.report.format import format_range, format_score, format_signed
from services.evaluation.verdict.format import MINUS
from services.evaluation.verdict.labels import title_arm
from shared.axis import Axis, fit_axis
from shared.contracts.comparison_results import Difference


@dataclass(frozen=True)
class Row:
    """A line of the chart. `numbers` are those of its arms; `style` is a CSS class. Positions are in percent."""

    numbers: Sequence[int]
    label: str
    value: str
    note: str
    style: str
    low: float
    high: float
    dot: float


@dataclass(frozen=True)
class IntervalChart:
    """A chart of rows over one axis."""

    axis: Axis
    rows: Sequence[Row]


def chart_scores(report: Report) -> IntervalChart:
    """Return every arm's mean in the deciding grader with its 95% interval, in the order of the arms."""
    grader = report.grader
    arms = [(arm, arm.intervals.get(grader, (arm.scores.get(grader, 0.0),) * 2)) for arm in report.findings.arms]
    axis = fit_axis([end for _, interval in arms for end in interval], with_zero=False)
    rows = [
        Row(
            [report.numbers[arm.arm]],
            title_arm(arm.arm),
            format_score(arm.scores.get(grader)),
            format_range(low, high),
            style_arm(report, arm.arm),
            axis.locate(low),
            axis.locate(high),
            axis.locate(arm.scores.get(grader, low)),
        )
        for arm, (low, high) in arms
    ]
    return IntervalChart(axis, rows)


def chart_differences(report: Report, pairs: Sequence[Difference]) -> IntervalChart:
    """Return these differences, with one axis for all differences of the report so that its charts can be compared."""
    axis = fit_axis([end for pair in report.findings.differences for end in (pair.low, pair.high)])
    rows = [
        Row(
            [report.numbers.get(pair.better, 0), report.numbers.get(pair.worse, 0)],
            f"{title_arm(pair.better)} {MINUS} {title_arm(pair.worse)}",
            format_signed(pair.mean),
            format_range(pair.low, pair.high),
            "shown" if pair.shown else "unshown",
            axis.locate(pair.low),
            axis.locate(pair.high),
            axis.locate(pair.mean),
        )
        for pair in pairs
    ]
    return IntervalChart(axis, rows)


def split_pairs(report: Report) -> tuple[list[Difference], list[Difference]]:
    """Return the pairs with the main arm, and all others; each with the largest differences first."""
    pairs = sorted(report.findings.differences, key=lambda pair: -pair.mean)
    with_main = [pair for pair in pairs if report.main in (pair.better, pair.worse)]
    return with_main, [pair for pair in pairs if pair not in with_main]


def style_arm(report: Report, arm: str) -> str:
    """Return the CSS class of an arm: what the verdict says about it."""
    verdict = report.findings.verdict
    if arm == verdict.recommended:
        return "recommended"
    return "candidate" if arm in verdict.candidates else "other"

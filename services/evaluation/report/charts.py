"""The geometry of the report's charts: the position of every bar, whisker and tick. The template draws them as SVG.

Lengths are in the units of the SVG's view box. Knows nothing of colors and fonts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.evaluation.report.axis import Axis, fit_axis
from services.evaluation.statistics.summarize import Summary
from services.evaluation.verdict.format import MINUS, format_score
from services.evaluation.verdict.labels import ARM_TITLES, GRADER_NAMES
from shared.contracts.comparisons import ArmName, ArmSummary

ROW_HEIGHT = 42
TOP = 6
TICK_HEIGHT = 26
ARM_LABEL_WIDTH = 112
PAIR_LABEL_WIDTH = 186


@dataclass(frozen=True)
class Bar:
    """A bar that begins at `x`; `style` is a CSS class."""

    x: float
    width: float
    style: str


@dataclass(frozen=True)
class Row:
    """One line of a chart: a label, bars, a whisker from `low` to `high`, a dot, a tick, and the value in words."""

    y: float
    label: str
    value: str
    style: str
    bars: list[Bar] = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    dot: float | None = None
    tick: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart; `legend` says how to read it."""

    name: str
    title: str
    legend: str
    axis: Axis
    rows: list[Row]

    @property
    def description(self) -> str:
        """The chart in words, for readers who cannot see it."""
        return "; ".join(f"{row.label}: {row.value}{f' ({row.note})' if row.note else ''}" for row in self.rows) + "."

    @property
    def bottom(self) -> float:
        """The lower end of the plot."""
        return self.rows[-1].y + self.rows[0].y - TOP

    @property
    def height(self) -> float:
        """Height of the view box: the plot and the numbers below it."""
        return self.bottom + TICK_HEIGHT


def build_charts(summary: Summary, *, has_prices: bool) -> list[Chart]:
    """Return the report's charts: scores and differences, which are equally tall, latency and cost."""
    plot = ROW_HEIGHT * max(len(summary.arms), len(summary.differences))
    return [
        build_scores_chart(summary, plot / len(summary.arms)),
        build_differences_chart(summary, plot / len(summary.differences)),
        build_latency_chart(summary.arms),
        build_cost_chart(summary.arms) if has_prices else build_tokens_chart(summary.arms),
    ]


def build_scores_chart(summary: Summary, row_height: float = ROW_HEIGHT) -> Chart:
    """Return every arm's mean in the deciding grader, with its 95% interval."""
    intervals = [arm.intervals[summary.grader] for arm in summary.arms]
    axis = fit_axis([high for _, high in intervals], left=ARM_LABEL_WIDTH)
    rows = [
        Row(
            _center(index, row_height),
            ARM_TITLES[arm.arm],
            format_score(arm.scores[summary.grader]),
            arm.arm,
            [_make_bar(axis, 0, arm.scores[summary.grader])],
            low=axis.locate(low),
            high=axis.locate(high),
            note=_format_range(low, high),
        )
        for index, (arm, (low, high)) in enumerate(zip(summary.arms, intervals, strict=True))
    ]
    return Chart("scores", f"Mean {GRADER_NAMES[summary.grader]}", "higher is better; whiskers are 95% intervals", axis, rows)


def build_differences_chart(summary: Summary, row_height: float = ROW_HEIGHT) -> Chart:
    """Return the forest plot: every pair's difference with its interval, the largest first."""
    axis = fit_axis([end for pair in summary.differences for end in (pair.low, pair.high)], left=PAIR_LABEL_WIDTH)
    rows = [
        Row(
            _center(index, row_height),
            f"{ARM_TITLES[pair.better]} {MINUS} {ARM_TITLES[pair.worse]}",
            format_score(pair.mean),
            "shown" if pair.shown else "unshown",
            low=axis.locate(pair.low),
            high=axis.locate(pair.high),
            dot=axis.locate(pair.mean),
            note=_format_range(pair.low, pair.high),
        )
        for index, pair in enumerate(sorted(summary.differences, key=lambda pair: -pair.mean))
    ]
    legend = "filled: shown, because the 95% interval lies above 0; hollow: not shown"
    return Chart("differences", f"Differences in {GRADER_NAMES[summary.grader]}", legend, axis, rows)


def build_latency_chart(arms: Sequence[ArmSummary]) -> Chart:
    """Return the median (bar) and the 95th percentile (tick) of the seconds per call."""
    axis = fit_axis([arm.latency_p95 for arm in arms], left=ARM_LABEL_WIDTH)
    rows = [
        Row(
            _center(index),
            ARM_TITLES[arm.arm],
            f"{arm.latency_p50:.2f} s",
            arm.arm,
            [_make_bar(axis, 0, arm.latency_p50)],
            tick=axis.locate(arm.latency_p95),
            note=f"p95 {arm.latency_p95:.2f} s",
        )
        for index, arm in enumerate(arms)
    ]
    return Chart("latency", "Seconds per answer", "median (bar) and 95th percentile (tick)", axis, rows)


def build_tokens_chart(arms: Sequence[ArmSummary]) -> Chart:
    """Return the prompt and completion tokens per question."""
    axis = fit_axis([arm.prompt_tokens + arm.completion_tokens for arm in arms], left=ARM_LABEL_WIDTH)
    rows = [
        Row(
            _center(index),
            ARM_TITLES[arm.arm],
            f"{arm.prompt_tokens + arm.completion_tokens:,.0f}",
            arm.arm,
            [
                _make_bar(axis, 0, arm.prompt_tokens),
                _make_bar(axis, arm.prompt_tokens, arm.prompt_tokens + arm.completion_tokens, "pale"),
            ],
            note=f"{arm.prompt_tokens:,.0f} + {arm.completion_tokens:,.0f}",
        )
        for index, arm in enumerate(arms)
    ]
    return Chart("cost", "Tokens per question", "prompt (solid) and completion (pale)", axis, rows)


def build_cost_chart(arms: Sequence[ArmSummary]) -> Chart:
    """Return the cost of a thousand questions."""
    costs: list[tuple[ArmName, float]] = [(arm.arm, 1000 * arm.cost) for arm in arms]
    axis = fit_axis([cost for _, cost in costs], left=ARM_LABEL_WIDTH)
    rows = [
        Row(_center(index), ARM_TITLES[arm], f"{cost:,.3g}", arm, [_make_bar(axis, 0, cost)]) for index, (arm, cost) in enumerate(costs)
    ]
    return Chart("cost", "Cost per 1,000 questions", "at the given prices of prompt and completion tokens", axis, rows)


def _center(index: int, row_height: float = ROW_HEIGHT) -> float:
    return round(TOP + row_height * index + row_height / 2, 2)


def _make_bar(axis: Axis, start: float, end: float, style: str = "full") -> Bar:
    return Bar(axis.locate(start), max(round(axis.locate(end) - axis.locate(start), 2), 0.0), style)


def _format_range(low: float, high: float) -> str:
    return f"{format_score(low)} to {format_score(high)}"

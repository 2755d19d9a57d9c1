"""The geometry of the report's charts: where every bar, whisker and tick lies. The template draws them as SVG.

Lengths are in the units of the SVG's view box, `WIDTH` wide. Knows nothing of colours and fonts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.evaluation.statistics.summarize import Summary
from services.evaluation.verdict.wording import MINUS, TITLES, number, score_name
from shared.contracts.comparisons import ArmName, ArmSummary

WIDTH = 520
RIGHT = 430
ROW = 42
TOP = 6
STEPS = (1.0, 2.0, 5.0, 10.0)
MOST_TICKS = 6


@dataclass(frozen=True)
class Bar:
    """A bar from `x`; `style` is a CSS class."""

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
class Axis:
    """A linear axis from `low` to `high`, drawn from `left` to `RIGHT`, with a tick at every multiple of `step`."""

    low: float
    high: float
    step: float
    left: float

    def place(self, value: float) -> float:
        """Return where `value` lies."""
        return round(self.left + (value - self.low) / (self.high - self.low) * (RIGHT - self.left), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Return place and label of every tick."""
        digits = max(0, -math.floor(math.log10(self.step)))
        values = [round(self.low + index * self.step, 9) for index in range(round((self.high - self.low) / self.step) + 1)]
        return [(self.place(value), f"{value:,.{digits}f}".replace("-", MINUS)) for value in values]


@dataclass(frozen=True)
class Chart:
    """A chart; `key` says how to read it."""

    name: str
    title: str
    key: str
    axis: Axis
    rows: list[Row]

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        return "; ".join(f"{row.label}: {row.value}{f' ({row.note})' if row.note else ''}" for row in self.rows) + "."

    @property
    def bottom(self) -> float:
        """Where the plot ends."""
        return self.rows[-1].y + self.rows[0].y - TOP

    @property
    def height(self) -> float:
        """Height of the view box: the plot and the numbers below it."""
        return self.bottom + 26


def fit_axis(values: Iterable[float], left: float) -> Axis:
    """Return an axis with round ticks that holds 0 and all `values`."""
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low < 1e-9:
        high = low + 1.0
    rough = (high - low) / (MOST_TICKS - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in STEPS if size * factor >= rough * (1 - 1e-9))
    return Axis(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step, left)


def draw_charts(summary: Summary, *, priced: bool) -> list[Chart]:
    """Return the report's charts: scores and differences (equally tall), latency and cost."""
    plot = ROW * max(len(summary.arms), len(summary.differences))
    return [
        draw_scores(summary, plot / len(summary.arms)),
        draw_differences(summary, plot / len(summary.differences)),
        draw_latency(summary.arms),
        draw_money(summary.arms) if priced else draw_tokens(summary.arms),
    ]


def draw_scores(summary: Summary, row: float = ROW) -> Chart:
    """Return every arm's mean in the deciding grader, with its 95 % interval; `row` is the height of a row."""
    name = score_name(summary.grader)
    intervals = [arm.intervals[summary.grader] for arm in summary.arms]
    axis = fit_axis([high for _, high in intervals], left=112)
    rows = [
        Row(
            _y(index, row),
            TITLES[arm.arm],
            number(arm.scores[summary.grader]),
            arm.arm,
            [_bar(axis, 0, arm.scores[summary.grader])],
            low=axis.place(low),
            high=axis.place(high),
            note=_range(low, high),
        )
        for index, (arm, (low, high)) in enumerate(zip(summary.arms, intervals, strict=True))
    ]
    return Chart("scores", f"Mean {name}", "higher is better; whiskers are 95 % intervals", axis, rows)


def draw_differences(summary: Summary, row: float = ROW) -> Chart:
    """Return the forest plot: every pair's difference with its interval, the largest first; `row` is the height of a row."""
    axis = fit_axis([end for pair in summary.differences for end in (pair.low, pair.high)], left=186)
    rows = [
        Row(
            _y(index, row),
            f"{TITLES[pair.better]} {MINUS} {TITLES[pair.worse]}",
            number(pair.mean),
            "shown" if pair.shown else "unshown",
            low=axis.place(pair.low),
            high=axis.place(pair.high),
            dot=axis.place(pair.mean),
            note=_range(pair.low, pair.high),
        )
        for index, pair in enumerate(sorted(summary.differences, key=lambda pair: -pair.mean))
    ]
    key = "filled: shown, the 95 % interval lies above 0; hollow: not"
    return Chart("differences", f"Differences in {score_name(summary.grader)}", key, axis, rows)


def draw_latency(arms: Sequence[ArmSummary]) -> Chart:
    """Return the median (bar) and the 95th percentile (tick) of the seconds a call took."""
    axis = fit_axis([arm.latency_p95 for arm in arms], left=112)
    rows = [
        Row(
            _y(index),
            TITLES[arm.arm],
            f"{arm.latency_p50:.2f} s",
            arm.arm,
            [_bar(axis, 0, arm.latency_p50)],
            tick=axis.place(arm.latency_p95),
            note=f"p95 {arm.latency_p95:.2f} s",
        )
        for index, arm in enumerate(arms)
    ]
    return Chart("latency", "Seconds an answer took", "median (bar) and 95th percentile (tick)", axis, rows)


def draw_tokens(arms: Sequence[ArmSummary]) -> Chart:
    """Return the tokens of a question, read and written."""
    axis = fit_axis([arm.prompt_tokens + arm.completion_tokens for arm in arms], left=112)
    rows = [
        Row(
            _y(index),
            TITLES[arm.arm],
            f"{arm.prompt_tokens + arm.completion_tokens:,.0f}",
            arm.arm,
            [
                _bar(axis, 0, arm.prompt_tokens),
                _bar(axis, arm.prompt_tokens, arm.prompt_tokens + arm.completion_tokens, "pale"),
            ],
            note=f"{arm.prompt_tokens:,.0f} + {arm.completion_tokens:,.0f}",
        )
        for index, arm in enumerate(arms)
    ]
    return Chart("cost", "Tokens a question took", "read (full colour) and written (pale)", axis, rows)


def draw_money(arms: Sequence[ArmSummary]) -> Chart:
    """Return what a thousand questions cost."""
    costs: list[tuple[ArmName, float]] = [(arm.arm, 1000 * arm.cost) for arm in arms]
    axis = fit_axis([cost for _, cost in costs], left=112)
    rows = [Row(_y(index), TITLES[arm], f"{cost:,.3g}", arm, [_bar(axis, 0, cost)]) for index, (arm, cost) in enumerate(costs)]
    return Chart("cost", "Cost of a thousand questions", "at the prices given for tokens read and written", axis, rows)


def _y(index: int, row: float = ROW) -> float:
    return round(TOP + row * index + row / 2, 2)


def _bar(axis: Axis, start: float, end: float, style: str = "full") -> Bar:
    return Bar(axis.place(start), max(round(axis.place(end) - axis.place(start), 2), 0.0), style)


def _range(low: float, high: float) -> str:
    return f"{number(low)} to {number(high)}"

"""The chart of quality against cost: a point for each arm, with its label placed for a wide plot and for that of a phone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.evaluation.report.charts.intervals import style_arm
from services.evaluation.report.charts.labels import Label, Point, place_labels
from services.evaluation.report.content import Report
from services.evaluation.report.format import format_number
from services.evaluation.verdict.labels import title_arm
from shared.axis import Axis, Tick, fit_axis
from shared.contracts.comparison_results import ArmSummary

HEIGHT = 300.0  # of the plot in pixels
LINE = 20.0  # of a label, in pixels
WIDE, NARROW = 720.0, 250.0  # the narrowest plots that labels with names and with numbers only are placed for, in pixels
LONGEST_NAME = 24
CHARACTER = 7.6  # the width of a character, in pixels; that of wide fonts
CHIP = 24.0  # the width of an arm's number, in pixels
LOGARITHMIC_FROM = 30.0  # if the dearest arm costs this many times the cheapest


@dataclass(frozen=True)
class CostPoint:
    """An arm at `x` percent from the left and `y` pixels from the top."""

    number: int
    name: str
    title: str
    style: str
    x: float
    y: float
    wide: Label
    narrow: Label


@dataclass(frozen=True)
class CostChart:
    """The chart. The ticks of `scores` are in pixels from the top, those of `costs` in percent from the left."""

    scores: Sequence[Tick]
    costs: Sequence[Tick]
    points: Sequence[CostPoint]
    logarithmic: bool
    height: float = HEIGHT


def chart_costs(report: Report) -> CostChart:
    """Return every arm's mean in the deciding grader against its mean cost."""
    arms = [arm for arm in report.findings.arms if math.isfinite(report.score(arm)) and math.isfinite(arm.cost)]
    factor = 1000 if report.has_prices else 1
    costs = [factor * arm.cost for arm in arms]
    scores = fit_axis([report.score(arm) for arm in arms], with_zero=False)
    logarithmic = bool(costs) and min(costs) > 0 and max(costs) >= LOGARITHMIC_FROM * min(costs)
    places = _locate_logarithmic(costs) if logarithmic else [fit_axis(costs).locate(cost) for cost in costs]
    ticks = _logarithmic_ticks(costs) if logarithmic else fit_axis(costs).ticks
    points = _place_points(report, arms, places, [_from_top(scores, report.score(arm)) for arm in arms])
    return CostChart(
        [Tick(_from_top(scores, scores.low + index * scores.step), tick.label) for index, tick in enumerate(scores.ticks)],
        ticks,
        points,
        logarithmic,
    )


def _from_top(axis: Axis, value: float) -> float:
    return round(HEIGHT * (1 - axis.locate(value) / 100), 1)


def _place_points(report: Report, arms: Sequence[ArmSummary], xs: Sequence[float], ys: Sequence[float]) -> list[CostPoint]:
    names = [_shorten_name(title_arm(arm.arm)) for arm in arms]
    wide = place_labels(
        [Point(x, y, CHIP + 6 + CHARACTER * len(name)) for x, y, name in zip(xs, ys, names, strict=True)], WIDE, HEIGHT, LINE
    )
    narrow = place_labels([Point(x, y, CHIP) for x, y in zip(xs, ys, strict=True)], NARROW, HEIGHT, LINE)
    return [
        CostPoint(
            report.numbers[arm.arm],
            names[index],
            title_arm(arm.arm),
            style_arm(report, arm.arm),
            xs[index],
            ys[index],
            wide[index],
            narrow[index],
        )
        for index, arm in enumerate(arms)
    ]


def _shorten_name(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _decades(costs: Sequence[float]) -> tuple[int, int]:
    return math.floor(math.log10(min(costs)) + 1e-9), math.ceil(math.log10(max(costs)) - 1e-9)


def _locate_logarithmic(costs: Sequence[float]) -> list[float]:
    low, high = _decades(costs)
    return [round(100 * (math.log10(cost) - low) / (high - low), 3) for cost in costs]


def _logarithmic_ticks(costs: Sequence[float]) -> list[Tick]:
    """Return a tick for each power of ten, or for every second or third if there are many."""
    low, high = _decades(costs)
    every = math.ceil((high - low) / 5)
    return [Tick(round(100 * (power - low) / (high - low), 3), format_number(10.0**power)) for power in range(low, high + 1, every)]

"""Draws a loss curve as an SVG. The same curve always gives the same bytes.

Horizontal positions are percentages of the plot's width, and texts have sizes in pixels, so the picture fits every width from 320 pixels
and stays readable. Colors follow the reader's light or dark scheme; the lines also differ in their strokes and marks. The template escapes
every text. Knows nothing of events.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import jinja2

from services.generation.jobs.curve.read_curve import Curve, Point
from shared.axis import MINUS, Axis, Tick, fit_axis

TEMPLATE = "curve.svg"
MAX_STEP_TICKS = 5
LONGEST_LABEL = 7  # of a tick, in characters; longer numbers are written as powers of ten
STATUSES = {"validating_files": "validating files", "cancelled": "canceled"}


@dataclass(frozen=True)
class Line:
    """A line of the chart. `path` has its points as SVG's `points`, and `marks` the positions of its marks; all in percent."""

    style: str
    name: str
    legend: str
    path: str
    marks: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Chart:
    """Everything that the template writes. The positions of ticks are percentages, from the left and from the top."""

    curve: Curve
    status: str
    description: str
    steps: Sequence[Tick]
    losses: Sequence[Tick]
    lines: Sequence[Line]
    empty: str | None


def draw_curve(curve: Curve) -> str:
    """Return the picture of a curve as an SVG document."""
    return _load_template().render(chart=lay_out(curve))


def lay_out(curve: Curve) -> Chart:
    """Return where everything of a curve's picture is."""
    steps = fit_steps(curve.total_steps)
    values = {point.loss for point in (*curve.training, *curve.validation)}
    losses = fit_axis(values, with_zero=len(values) == 1)
    lines = [
        _lay_line("training", "Training loss", curve.training, steps, losses, curve.training[-1:]),
        _lay_line("validation", "Validation loss", curve.validation, steps, losses, curve.validation),
    ]
    return Chart(
        curve=curve,
        status=_describe_status(curve),
        description=_describe(curve),
        steps=_shorten_ticks(steps),
        losses=[Tick(_from_top(tick.at), tick.label) for tick in _shorten_ticks(losses)],
        lines=[line for line in lines if line.path],
        empty=None if values else _explain_empty(curve),
    )


def fit_steps(total: int) -> Axis:
    """Return an axis from 0 to `total` steps or a little more, with ticks at whole numbers."""
    sizes = (factor * 10**power for power in count() for factor in (1, 2, 5))
    size = next(size for size in sizes if size * MAX_STEP_TICKS >= total)
    return Axis(0.0, float(size * max(1, math.ceil(total / size))), float(size))


def format_loss(loss: float) -> str:
    """Return a loss with two decimals, or in powers of ten if these would hide it or make it too long."""
    is_plain = loss == 0 or 0.005 <= abs(loss) < 100_000
    return (f"{loss:,.2f}" if is_plain else f"{loss:.1e}").replace("-", MINUS)


def _lay_line(style: str, name: str, points: Sequence[Point], steps: Axis, losses: Axis, marked: Sequence[Point]) -> Line:
    def locate(point: Point) -> tuple[float, float]:
        return steps.locate(point.step), _from_top(losses.locate(point.loss))

    last = f": {format_loss(points[-1].loss)} at step {points[-1].step:,}" if points else ""
    path = " ".join(f"{x:g},{y:g}" for x, y in map(locate, points))
    return Line(style, name, name + last, path, [locate(point) for point in marked])


def _from_top(at: float) -> float:
    return round(100 - at, 3)


def _shorten_ticks(axis: Axis) -> list[Tick]:
    """Return the ticks; if a label is too long for its place, all labels are powers of ten."""
    if all(len(tick.label) <= LONGEST_LABEL for tick in axis.ticks):
        return axis.ticks
    return [Tick(tick.at, f"{axis.low + index * axis.step:.1e}".replace("-", MINUS)) for index, tick in enumerate(axis.ticks)]


def _describe_status(curve: Curve) -> str:
    status = STATUSES.get(curve.status, curve.status).capitalize()
    return f"{status}, step {curve.step:,} of {curve.total_steps:,}" if curve.step else status


def _describe(curve: Curve) -> str:
    """Return in words what the picture shows, for those who do not see it."""
    parts = [f"Loss by training step of a fine-tuning job of the model {curve.model}. {_describe_status(curve)}."]
    parts += [_describe_points(name, points) for name, points in (("Training", curve.training), ("Validation", curve.validation)) if points]
    return " ".join(parts if len(parts) > 1 else [*parts, _explain_empty(curve)])


def _describe_points(name: str, points: Sequence[Point]) -> str:
    first, last, lowest = points[0], points[-1], min(points, key=lambda point: point.loss)
    start, end, low = (f"{format_loss(point.loss)} at step {point.step:,}" for point in (first, last, lowest))
    return f"{name} loss, in nats per token: {start}, {end}; the lowest is {low}."


def _explain_empty(curve: Curve) -> str:
    return "The job ended without a recorded loss." if curve.has_ended else "No loss has been recorded yet."


@cache
def _load_template() -> jinja2.Template:
    source = (Path(__file__).parent / TEMPLATE).read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(source)

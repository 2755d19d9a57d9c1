"""A chart's axis: its range, its ticks, and the position of a value on it in percent of the plot's width. Knows no chart."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
STEPS = (1.0, 2.0, 2.5, 5.0)
MAX_TICKS = 5  # their labels fit a phone
FAR_FROM_ZERO = 0.25  # an axis need not begin at 0 if its values spread over less than this share of the largest


@dataclass(frozen=True)
class Tick:
    """A tick of an axis: its position in percent and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Axis:
    """A linear axis from `low` to `high` with a tick at every multiple of `step`."""

    low: float
    high: float
    step: float

    def locate(self, value: float) -> float:
        """Return the position of `value` in percent; a value outside of the axis, or nan, is at its nearest end."""
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 3) if math.isfinite(share) else 0.0

    @property
    def ticks(self) -> list[Tick]:
        """The ticks from the lowest to the highest."""
        digits = _count_decimals(self.step)
        values = [round(self.low + index * self.step, 9) for index in range(round((self.high - self.low) / self.step) + 1)]
        return [Tick(self.locate(value), f"{value:,.{digits}f}".replace("-", MINUS)) for value in values]

    @property
    def zero(self) -> float | None:
        """The position of 0, or None if it is not on the axis."""
        return self.locate(0) if self.low <= 0 <= self.high else None


def _count_decimals(step: float) -> int:
    power = math.floor(math.log10(step) + 1e-9)
    is_quarter = math.isclose(step / 10.0**power, 2.5)
    return max(0, is_quarter - power)


def fit_axis(values: Iterable[float], *, with_zero: bool = True) -> Axis:
    """Return an axis with round ticks for all finite `values`. It includes 0, unless it need not and they are far from it."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if with_zero or high - low >= FAR_FROM_ZERO * max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:
        high = low + 1.0
    step = _choose_step(low, high)
    return Axis(_floor(low, step) * step, _ceil(high, step) * step, step)


def _choose_step(low: float, high: float) -> float:
    """Return the smallest round step with at most MAX_TICKS ticks."""
    magnitude = 10.0 ** math.floor(math.log10((high - low) / MAX_TICKS))
    steps = (magnitude * power * factor for power in (1, 10, 100) for factor in STEPS)
    return next(step for step in steps if _ceil(high, step) - _floor(low, step) < MAX_TICKS)


def _floor(value: float, step: float) -> int:
    return math.floor(value / step + 1e-9)


def _ceil(value: float, step: float) -> int:
    return math.ceil(value / step - 1e-9)

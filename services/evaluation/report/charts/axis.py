"""A chart's axis: its range, its ticks, and the position of a value on it in percent of the plot's width."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from services.evaluation.verdict.format import MINUS

STEPS = (1.0, 2.0, 5.0, 10.0)
MAX_TICKS = 6
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
        digits = max(0, -math.floor(math.log10(self.step) + 1e-9))
        values = [round(self.low + index * self.step, 9) for index in range(round((self.high - self.low) / self.step) + 1)]
        return [Tick(self.locate(value), f"{value:,.{digits}f}".replace("-", MINUS)) for value in values]

    @property
    def zero(self) -> float | None:
        """The position of 0, or None if it is not on the axis."""
        return self.locate(0) if self.low <= 0 <= self.high else None


def fit_axis(values: Iterable[float], *, with_zero: bool = True) -> Axis:
    """Return an axis with round ticks for all finite `values`. It includes 0, unless it need not and they are far from it."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if with_zero or high - low >= FAR_FROM_ZERO * max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1e-9:
        high = low + 1.0
    rough_step = (high - low) / (MAX_TICKS - 1)
    magnitude = 10.0 ** math.floor(math.log10(rough_step))
    step = next(magnitude * factor for factor in STEPS if magnitude * factor >= rough_step * (1 - 1e-9))
    return Axis(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)

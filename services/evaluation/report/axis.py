"""A chart's axis: its range, its ticks, and the position of a value on it.

Lengths are in the units of the SVG's view box, `WIDTH` wide.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from services.evaluation.verdict.format import MINUS

WIDTH = 520
RIGHT = 430
STEPS = (1.0, 2.0, 5.0, 10.0)
MAX_TICKS = 6


@dataclass(frozen=True)
class Axis:
    """A linear axis from `low` to `high`, drawn from `left` to `RIGHT`, with a tick at every multiple of `step`."""

    low: float
    high: float
    step: float
    left: float

    def locate(self, value: float) -> float:
        """Return the position of `value`."""
        return round(self.left + (value - self.low) / (self.high - self.low) * (RIGHT - self.left), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Return the position and label of every tick."""
        digits = max(0, -math.floor(math.log10(self.step)))
        values = [round(self.low + index * self.step, 9) for index in range(round((self.high - self.low) / self.step) + 1)]
        return [(self.locate(value), f"{value:,.{digits}f}".replace("-", MINUS)) for value in values]


def fit_axis(values: Iterable[float], left: float) -> Axis:
    """Return an axis with round ticks whose range includes 0 and all `values`."""
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low < 1e-9:
        high = low + 1.0
    rough_step = (high - low) / (MAX_TICKS - 1)
    magnitude = 10.0 ** math.floor(math.log10(rough_step))
    step = next(magnitude * factor for factor in STEPS if magnitude * factor >= rough_step * (1 - 1e-9))
    return Axis(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step, left)

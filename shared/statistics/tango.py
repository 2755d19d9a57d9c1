"""Tango's score test and limits for the difference of two paired proportions.

Source: Tango, T.: Equivalence test and confidence interval for the difference in proportions for the paired-sample design.
Statistics in Medicine 17 (1998), 891-908. The test of a difference of 0 is McNemar's without continuity correction.

`wins` counts the questions that only the first arm answers right, `losses` those that only the second does. All functions take
arrays of any shapes that broadcast.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

HALVINGS = 44  # of an interval of width 2: limits are exact to 1e-13


def statistic(wins: npt.ArrayLike, losses: npt.ArrayLike, questions: npt.ArrayLike, difference: npt.ArrayLike) -> Matrix:
    """Return z, which is standard normal if the true difference of the proportions is `difference` (between -1 and 1).

    It decreases as `difference` grows. If the variance is 0, z is infinite, or 0 if the observed difference is `difference`.
    """
    b, c, n, d = (np.asarray(each, dtype=np.float64) for each in (wins, losses, questions, difference))
    surplus = b - c - n * d
    variance = n * (2 * _estimate_losses(b, c, n, d) + d * (1 - d))
    surplus, variance = np.broadcast_arrays(surplus, np.where(variance > 1e-12 * n, variance, 0.0))
    infinite = np.where(np.abs(surplus) > 1e-9, np.copysign(np.inf, surplus), 0.0)
    return np.asarray(np.divide(surplus, np.sqrt(variance), out=infinite, where=variance > 0))


def _estimate_losses(b: Matrix, c: Matrix, n: Matrix, d: Matrix) -> Matrix:
    """Return the maximum likelihood estimate of the probability of a loss if the difference is `d` (Tango's equation 14)."""
    quadratic = 2 * n
    linear = -b - c + (2 * n - b + c) * d
    constant = -c * d * (1 - d)
    root = np.sqrt(np.maximum(linear**2 - 4 * quadratic * constant, 0.0))
    return np.asarray((root - linear) / np.maximum(2 * quadratic, 1.0))


def lower_limit(wins: npt.ArrayLike, losses: npt.ArrayLike, questions: npt.ArrayLike, level: float) -> Matrix:
    """Return the one-sided lower confidence limit of the difference: the least `difference` with z at most the quantile of `level`."""
    critical = -NormalDist().inv_cdf(level)
    b, c, n = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in (wins, losses, questions)))
    low, high = np.full(b.shape, -1.0), (b - c) / np.maximum(n, 1.0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rejected = statistic(b, c, n, middle) > critical
        low, high = np.where(rejected, middle, low), np.where(rejected, high, middle)
    return np.asarray(np.where(n > 0, low, -1.0))


@dataclass(frozen=True, eq=False)
class PairedCounts:
    """The right answers of k arms to n questions, counted: `both` has shape (..., k, k), the questions that two arms answer right.

    Its diagonal has the right answers of each arm. `questions` has the shape of the leading axes.
    """

    questions: npt.NDArray[np.float64]
    both: Matrix

    @property
    def wins(self) -> Matrix:
        """The questions that the arm of the row answers right and the arm of the column does not, shape (..., k, k)."""
        return np.diagonal(self.both, axis1=-2, axis2=-1)[..., :, None] - self.both

    def exceeds(self, difference: npt.ArrayLike, level: float) -> Booleans:
        """Return for each ordered pair if its lower limit exceeds `difference`, a number or an array (k, k): shape (..., k, k)."""
        z = statistic(self.wins, np.swapaxes(self.wins, -1, -2), self.questions[..., None, None], difference)
        return np.asarray(z > -NormalDist().inv_cdf(level))

    def lower_limits(self, level: float) -> Matrix:
        """Return the lower limit of each ordered pair's difference, shape (..., k, k)."""
        return lower_limit(self.wins, np.swapaxes(self.wins, -1, -2), self.questions[..., None, None], level)

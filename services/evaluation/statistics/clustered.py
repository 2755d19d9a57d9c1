"""Student's t on the sums of clusters, guarded against rare losses.

Questions about the same text are not independent, but clusters of them are. So a mean of differences is the ratio of the sum over
the clusters to the number of questions, with the variance of a ratio of cluster totals (Cochran, Sampling Techniques, 3rd edition
1977, chapter 9; Liang and Zeger, Longitudinal data analysis using generalized linear models, Biometrika 73, 1986, 13-22):

    D = sum S_c / sum n_c,   SE^2 = m / (m - 1) * sum (S_c - D n_c)^2 / (sum n_c)^2,   m clusters

If all differences are equal so far, this SE is 0, and rare losses remain unseen. So each limit is computed with one more cluster:
its size is the mean size, and all its differences are the worst possible. Then m clusters give m degrees of freedom.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from services.evaluation.statistics.trial import Booleans, Matrix


@dataclass(frozen=True, eq=False)
class Totals:
    """Sums over clusters of values between -1 and 1: everything that a limit needs.

    `clusters` (m) and `questions` (sum n_c) and `squared_sizes` (sum n_c^2) broadcast with `sums` (sum S_c), `squares` (sum S_c^2)
    and `products` (sum S_c n_c).
    """

    clusters: Matrix
    questions: Matrix
    squared_sizes: Matrix
    sums: Matrix
    squares: Matrix
    products: Matrix

    def add_cluster(self, value: float) -> "Totals":
        """Return the totals with one more cluster of mean size, in which each value is `value`."""
        size = self.questions / self.clusters
        return Totals(
            clusters=self.clusters + 1,
            questions=self.questions + size,
            squared_sizes=self.squared_sizes + size**2,
            sums=self.sums + value * size,
            squares=self.squares + (value * size) ** 2,
            products=self.products + value * size**2,
        )


def estimate(totals: Totals) -> tuple[Matrix, Matrix]:
    """Return the mean and its standard error. It takes two clusters or more."""
    mean = totals.sums / totals.questions
    deviations = totals.squares - 2 * mean * totals.products + mean**2 * totals.squared_sizes
    variance = totals.clusters / (totals.clusters - 1) * np.maximum(deviations, 0.0)
    return np.asarray(mean), np.asarray(np.sqrt(variance) / totals.questions)


def lower_limit(totals: Totals, worst: float, level: float) -> Matrix:
    """Return the one-sided lower confidence limit of the mean, at least `worst`, the lowest possible value."""
    observed = totals.clusters > 0
    clusters = np.where(observed, totals.clusters, 1.0)
    counted = replace(totals, clusters=clusters, questions=np.where(observed, totals.questions, 1.0))
    mean, error = estimate(counted.add_cluster(worst))
    limit = np.maximum(mean + special.stdtrit(clusters, level) * error, worst)
    return np.asarray(np.where(observed, limit, worst))


@dataclass(frozen=True, eq=False)
class ClusterSums:
    """The cluster sums of the scores of k arms, in units, summed up: what the limits of all pairs need.

    `clusters`, `questions` and `squared_sizes` have the shape of the leading axes. `sums` (sum S_c of each arm) and `products`
    (sum S_c n_c) have shape (..., k), `both` (sum S_c of one arm times S_c of the other) has shape (..., k, k).
    """

    clusters: Matrix
    questions: Matrix
    squared_sizes: Matrix
    sums: Matrix
    products: Matrix
    both: Matrix

    def pairs(self) -> Totals:
        """Return the totals of the differences, the arm of the row minus the arm of the column, shape (..., k, k)."""
        own = np.diagonal(self.both, axis1=-2, axis2=-1)
        return Totals(
            clusters=self.clusters[..., None, None],
            questions=self.questions[..., None, None],
            squared_sizes=self.squared_sizes[..., None, None],
            sums=self.sums[..., :, None] - self.sums[..., None, :],
            squares=own[..., :, None] + own[..., None, :] - 2 * self.both,
            products=self.products[..., :, None] - self.products[..., None, :],
        )

    def arms(self) -> Totals:
        """Return the totals of the scores of each arm, shape (..., k)."""
        return Totals(
            clusters=self.clusters[..., None],
            questions=self.questions[..., None],
            squared_sizes=self.squared_sizes[..., None],
            sums=self.sums,
            squares=np.diagonal(self.both, axis1=-2, axis2=-1),
            products=self.products,
        )

    def exceeds(self, difference: npt.ArrayLike, level: float) -> Booleans:
        """Return for each ordered pair if its lower limit exceeds `difference`, a number or an array (k, k): shape (..., k, k)."""
        return np.asarray(self.lower_limits(level) > np.asarray(difference))

    def lower_limits(self, level: float) -> Matrix:
        """Return the lower limit of each ordered pair's difference, shape (..., k, k)."""
        return lower_limit(self.pairs(), -1.0, level)

"""Contrasts: what the scores say about the difference of every ordered pair of arms.

They come from Tango's statistic if the scores are binary and not clustered, else from t. A contribution is what one cluster adds: a row
of numbers. Rows add up, so the contrasts of observed and future clusters together are those of the sum of their rows.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from services.evaluation.statistics.clustered import ClusterSums
from services.evaluation.statistics.trial import Booleans, Matrix, Trial
from shared.statistics.tango import PairedCounts


class Contrasts(Protocol):
    """Lower confidence limits of the differences of all ordered pairs of arms, in units: row minus column."""

    def exceeds(self, difference: npt.ArrayLike, level: float) -> Booleans:
        """Return for each pair if its lower limit exceeds `difference`, a number or an array (k, k): shape (..., k, k)."""

    def lower_limits(self, level: float) -> Matrix:
        """Return the lower limits, shape (..., k, k)."""


def measure(trial: Trial) -> Contrasts:
    """Return the contrasts of a trial."""
    return interpret(list_contributions(trial).sum(axis=0), trial)


def list_contributions(trial: Trial) -> Matrix:
    """Return a row for each cluster: 1, size, size squared, k sums, k sums times size, and k * k products of sums."""
    sizes = trial.cluster_sizes[:, None].astype(np.float64)
    sums = sum_clusters(trial)
    products = (sums[:, :, None] * sums[:, None, :]).reshape(len(sums), len(trial.arms) ** 2)
    return np.hstack([np.ones_like(sizes), sizes, sizes**2, sums, sums * sizes, products])


def sum_clusters(trial: Trial) -> Matrix:
    """Return the sum of the scores, in units, of each arm over each cluster: shape (m, k)."""
    sums = np.zeros((len(trial.cluster_sizes), len(trial.arms)))
    np.add.at(sums, trial.cluster_index, trial.units)
    return sums


def interpret(rows: Matrix, trial: Trial) -> Contrasts:
    """Return the contrasts of sums of contributions, shape (..., columns), with the method that fits the trial."""
    k = len(trial.arms)
    both = rows[..., 3 + 2 * k :].reshape(*rows.shape[:-1], k, k)
    if trial.binary and not trial.clustered:
        return PairedCounts(rows[..., 1], both)
    return sum_up(rows, k)


def sum_up(rows: Matrix, arms: int) -> ClusterSums:
    """Return the cluster sums of sums of contributions, shape (..., columns)."""
    return ClusterSums(
        clusters=rows[..., 0],
        questions=rows[..., 1],
        squared_sizes=rows[..., 2],
        sums=rows[..., 3 : 3 + arms],
        products=rows[..., 3 + arms : 3 + 2 * arms],
        both=rows[..., 3 + 2 * arms :].reshape(*rows.shape[:-1], arms, arms),
    )

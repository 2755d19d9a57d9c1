"""Intervals of one arm's own mean score. They describe an arm; which of two arms is better, only the pairs show.

Source of Wilson's interval: Wilson, E. B.: Probable inference, the law of succession, and statistical inference. Journal of the
American Statistical Association 22 (1927), 209-212.
"""

from dataclasses import dataclass

import numpy as np
from statsmodels.stats.proportion import proportion_confint

from services.evaluation.statistics.clustered import Totals, lower_limit
from services.evaluation.statistics.contrasts import list_contributions, sum_up
from services.evaluation.statistics.trial import Matrix, Trial

LEVEL = 0.05


@dataclass(frozen=True)
class MeanInterval:
    """The mean score of an arm, and the limits of its 95% interval."""

    mean: float
    low: float
    high: float


def measure_arms(trial: Trial) -> list[MeanInterval]:
    """Return the mean and the 95% interval of each arm: Wilson's if the scores are binary and not clustered, else t's."""
    low, high = _compute_wilson(trial) if trial.binary and not trial.clustered else _compute_t(trial)
    limits = zip(trial.means, trial.low + trial.width * low, trial.low + trial.width * high, strict=True)
    return [MeanInterval(float(mean), float(below), float(above)) for mean, below, above in limits]


def _compute_wilson(trial: Trial) -> tuple[Matrix, Matrix]:
    if not trial.questions:
        return np.zeros(len(trial.arms)), np.ones(len(trial.arms))
    low, high = proportion_confint(trial.units.sum(axis=0), trial.questions, alpha=LEVEL, method="wilson")
    return np.asarray(low), np.asarray(high)


def _compute_t(trial: Trial) -> tuple[Matrix, Matrix]:
    arms = sum_up(list_contributions(trial).sum(axis=0), len(trial.arms)).arms()
    return lower_limit(arms, 0.0, LEVEL / 2), -lower_limit(_negate(arms), -1.0, LEVEL / 2)


def _negate(totals: Totals) -> Totals:
    """Return the totals of the values with the opposite sign."""
    return Totals(totals.clusters, totals.questions, totals.squared_sizes, -totals.sums, totals.squares, -totals.products)

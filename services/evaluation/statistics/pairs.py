"""Compares every two arms: the only place besides the rule that shows an arm to be better than another.

The intervals hold for all pairs together (Bonferroni), and an arm is shown to be better if and only if its interval excludes 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from services.evaluation.statistics.contrasts import Contrasts, measure
from services.evaluation.statistics.mcnemar import exact_p, mid_p
from services.evaluation.statistics.trial import Booleans, Matrix, Trial
from shared.statistics.looks import pair_level
from shared.statistics.tango import PairedCounts


@dataclass(frozen=True)
class PairDifference:
    """The mean of the first arm minus the mean of the second, and the interval that decides. `shown`: it excludes 0.

    `mid_p` and `exact_p` are the p-values of McNemar's tests, without correction for the number of pairs. They are for information;
    None if the scores are not binary, or in clusters.
    """

    first: str
    second: str
    mean: float
    low: float
    high: float
    shown: bool
    mid_p: float | None = None
    exact_p: float | None = None


def compare_pairs(trial: Trial) -> list[PairDifference]:
    """Return the difference of every two arms, in the order of the arms. Too few questions show nothing."""
    level = pair_level(trial.look, len(trial.arms))
    contrasts = measure(trial)
    limits, better = trial.width * contrasts.lower_limits(level), find_better(contrasts, level)
    return [
        PairDifference(
            first=trial.arms[i],
            second=trial.arms[j],
            mean=float(trial.means[i] - trial.means[j]),
            low=float(limits[i, j]),
            high=float(-limits[j, i]),
            shown=bool(better[i, j] | better[j, i]) and not trial.too_few,
            mid_p=_test(mid_p, contrasts, i, j),
            exact_p=_test(exact_p, contrasts, i, j),
        )
        for i, j in combinations(range(len(trial.arms)), 2)
    ]


def _test(test: Callable[[float, float], Matrix], contrasts: Contrasts, first: int, second: int) -> float | None:
    if not isinstance(contrasts, PairedCounts):
        return None
    return float(test(contrasts.wins[first, second], contrasts.wins[second, first]))


def find_better(contrasts: Contrasts, level: float) -> Booleans:
    """Return which arms are shown to be better than which: the arm of the row than the arm of the column, shape (..., k, k)."""
    return contrasts.exceeds(0.0, level)

"""McNemar's tests of two arms with right and wrong answers: for information, and as the reference of the calibration.

Source: Fagerland, Lydersen, Laake: The McNemar test for binary matched-pairs data: mid-p and asymptotic are better than exact
conditional. BMC Medical Research Methodology 13 (2013), 91.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from services.evaluation.statistics.trial import Matrix


def exact_p(wins: npt.ArrayLike, losses: npt.ArrayLike) -> Matrix:
    """Return the two-sided exact p-values: twice the smaller tail of the binomial distribution with probability 1/2, at most 1."""
    least, total = _split(wins, losses)
    return np.asarray(np.minimum(2 * special.bdtr(least, total, 0.5), 1.0))


def mid_p(wins: npt.ArrayLike, losses: npt.ArrayLike) -> Matrix:
    """Return the two-sided mid-p-values: as exact, but the observed count has half its probability."""
    least, total = _split(wins, losses)
    below = np.where(least > 0, special.bdtr(np.maximum(least - 1, 0), total, 0.5), 0.0)
    return np.asarray(np.minimum(special.bdtr(least, total, 0.5) + below, 1.0))


def _split(wins: npt.ArrayLike, losses: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the smaller of both counts, and their sum."""
    b, c = np.asarray(wins, dtype=np.int64), np.asarray(losses, dtype=np.int64)
    return np.minimum(b, c), b + c

"""The bootstrap: how far a mean could have come out otherwise, had other questions of the same kind been asked.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentile intervals). All columns see the same
resampled questions, so a difference of two columns is a paired one.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

RESAMPLES = 10_000
CELLS_AT_ONCE = 4_000_000


def resample_means(scores: Matrix, seed: int, resamples: int = RESAMPLES) -> Matrix:
    """Return the column means of `resamples` samples of the rows: shape (rows, columns) gives (resamples, columns)."""
    random = np.random.default_rng(seed)
    rows = len(scores)
    at_once = max(1, CELLS_AT_ONCE // scores.size)
    parts = []
    for first in range(0, resamples, at_once):
        drawn = random.integers(rows, size=(min(at_once, resamples - first), rows))
        parts.append(scores[drawn].mean(axis=1))
    return np.concatenate(parts)


def interval(samples: Matrix) -> tuple[float, float]:
    """Return the middle 95 % of `samples`, from percentile 2.5 to 97.5."""
    low, high = np.percentile(samples, [2.5, 97.5])
    return float(low), float(high)

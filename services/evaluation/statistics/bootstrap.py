"""The bootstrap: how much a mean would vary if other questions of the same kind had been asked.

Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13 (percentile intervals). All columns see the same
resampled questions, so a difference of two columns is a paired one.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

RESAMPLES = 10_000
MAX_CELLS = 4_000_000  # in memory at a time


def resample_means(scores: Matrix, seed: int, resamples: int = RESAMPLES, max_cells: int = MAX_CELLS) -> Matrix:
    """Return the column means of `resamples` samples of the rows: shape (rows, columns) gives (resamples, columns)."""
    random = np.random.default_rng(seed)
    rows = len(scores)
    block = max(1, max_cells // scores.size)
    means = []
    for first in range(0, resamples, block):
        sample = random.integers(rows, size=(min(block, resamples - first), rows))
        means.append(scores[sample].mean(axis=1))
    return np.concatenate(means)


def percentile_interval(samples: Matrix) -> tuple[float, float]:
    """Return the middle 95% of `samples`, from percentile 2.5 to 97.5."""
    low, high = np.percentile(samples, [2.5, 97.5])
    return float(low), float(high)

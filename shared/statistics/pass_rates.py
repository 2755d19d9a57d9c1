"""Compares runs over the same items, each of which passed or failed in each run.

One run is shown to be better than another if and only if the interval of the difference of their pass rates excludes 0. The intervals are
Tango's, and hold for all pairs of runs together (Bonferroni): if no two runs differ, an interval excludes 0 in at most 5% of comparisons.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from shared.statistics.looks import pair_level
from shared.statistics.tango import Booleans, PairedCounts

MIN_ITEMS = 10  # as few questions of a comparison show nothing either


@dataclass(frozen=True)
class PassRateDifference:
    """The pass rate of the run `first` minus that of the run `second`, which are columns, and its interval. `shown`: it excludes 0.

    `only_first` counts the items that passed in the first run and failed in the second, `only_second` the others that differ.
    """

    first: int
    second: int
    only_first: int
    only_second: int
    difference: float
    low: float
    high: float
    shown: bool


def compare_pass_rates(passed: Booleans) -> list[PassRateDifference]:
    """Return the difference of every two runs. `passed` has shape (n, k): a row for each item, a column for each of at least two runs.

    Fewer than `MIN_ITEMS` items show nothing.
    """
    items, runs = passed.shape
    grades = passed.astype(np.float64)
    counts = PairedCounts(np.asarray(items, dtype=np.float64), grades.T @ grades)
    level = pair_level(1, runs)
    limits, better, wins = counts.lower_limits(level), counts.exceeds(0.0, level), counts.wins
    return [
        PassRateDifference(
            first=i,
            second=j,
            only_first=int(wins[i, j]),
            only_second=int(wins[j, i]),
            difference=float(wins[i, j] - wins[j, i]) / max(items, 1),
            low=float(limits[i, j]),
            high=float(-limits[j, i]),
            shown=bool(better[i, j] | better[j, i]) and items >= MIN_ITEMS,
        )
        for i, j in combinations(range(runs), 2)
    ]

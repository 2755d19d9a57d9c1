"""Compares the power of the rule with a familiar reference: McNemar's mid-p test of all pairs, corrected by Holm's method."""

from dataclasses import dataclass

import numpy as np

from benchmarks.verdict.calibration_answers import draw_counts
from benchmarks.verdict.calibration_cells import Cell
from benchmarks.verdict.calibration_counts import recommend
from services.evaluation.statistics.mcnemar import mid_p
from services.evaluation.statistics.pairs import find_better
from services.evaluation.statistics.trial import Booleans, Matrix
from shared.statistics.looks import pair_level
from shared.statistics.tango import PairedCounts

HOLM_LEVEL = 0.05


@dataclass(frozen=True)
class Power:
    """How often the costliest arm, which is better than all others, is found.

    `named`: the rule recommends it. `named_by_holm`: the tests show it to be better than each other arm. `shown` and
    `shown_by_holm`: it is shown to be better than any other arm, by the table of pairs and by the tests.
    """

    cell: Cell
    named: float
    named_by_holm: float
    shown: float
    shown_by_holm: float


def measure_power(cell: Cell, runs: int, seed: int) -> Power:
    """Return the power in one cell, by simulation."""
    _, both = draw_counts(cell, runs, np.random.default_rng(seed))
    counts = PairedCounts(np.full(runs, float(cell.questions)), both)
    best = len(cell.means) - 1
    others = np.arange(best)
    table = find_better(counts, pair_level(1, len(cell.means)))[:, best, others]
    holm = show_by_holm(counts.wins)[:, best, others]
    return Power(
        cell=cell,
        named=float((recommend(cell, counts, 1) == best).mean()),
        named_by_holm=float(holm.all(axis=1).mean()),
        shown=float(table.any(axis=1).mean()),
        shown_by_holm=float(holm.any(axis=1).mean()),
    )


def show_by_holm(wins: Matrix) -> Booleans:
    """Return which arm the tests show to be better than which, shape (runs, k, k)."""
    arms = wins.shape[-1]
    first, second = np.triu_indices(arms, 1)
    values = mid_p(wins[:, first, second], wins[:, second, first])
    order = np.argsort(values, axis=1)
    allowed = np.take_along_axis(values, order, axis=1) <= HOLM_LEVEL / np.arange(len(first), 0, -1)
    rejected = np.zeros(values.shape, dtype=bool)
    np.put_along_axis(rejected, order, np.logical_and.accumulate(allowed, axis=1), axis=1)
    shown = np.zeros(wins.shape, dtype=bool)
    shown[:, first, second] = rejected & (wins[:, first, second] > wins[:, second, first])
    shown[:, second, first] = rejected & (wins[:, first, second] < wins[:, second, first])
    return shown

"""Counts how often the verdict is wrong in the simulated comparisons of a cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.verdict.calibration_answers import draw_counts, draw_variables, is_paired_binary, read_contrasts, sum_scores
from benchmarks.verdict.calibration_cells import MARGIN, Cell
from services.evaluation.statistics.contrasts import Contrasts
from services.evaluation.statistics.decide import NONE, apply_rule
from services.evaluation.statistics.pairs import find_better
from services.evaluation.statistics.trial import Booleans, Integers, Matrix
from shared.statistics.looks import bound_level, pair_level

EQUAL = 1e-9
TWO_SIDED_95 = 0.025
MAX_NUMBERS = 2_000_000  # in memory at a time


@dataclass(frozen=True)
class Counts:
    """Shares of the comparisons of a cell, over all its looks.

    `bad`: an arm that is worse than the best by the margin was recommended. `overspent`: a dearer arm was, over one that is as good.
    `false_pair`: an arm was shown to be better than one that is as good. `settled`: any arm was recommended. `covered`: the truth of a
    pair was within its 95% interval without correction for pairs and looks, on average over the pairs, at the first look.
    """

    cell: Cell
    runs: int
    bad: float
    overspent: float
    false_pair: float
    settled: float
    covered: float


def count_cells(cells: Sequence[Cell], runs: int, seed: int) -> list[Counts]:
    """Return the counts of cells that have the same size, correlation and looks, by simulation."""
    random = np.random.default_rng(seed)
    block = max(1, min(runs, MAX_NUMBERS // (cells[0].questions * len(cells[0].means))))
    blocks = [_judge(cells, min(block, runs - first), random) for first in range(0, runs, block)]
    return [_summarize(cell, [judged[number] for judged in blocks]) for number, cell in enumerate(cells)]


def _judge(cells: Sequence[Cell], runs: int, random: np.random.Generator) -> list[Matrix]:
    """Return what is wrong in each comparison of each cell, over all looks: a matrix (runs, 5) as in `Counts`, for each cell."""
    arms = len(cells[0].means)
    totals = [(np.zeros((runs, arms)), np.zeros((runs, arms, arms))) for _ in cells]
    judged = [np.zeros((runs, 5)) for _ in cells]
    for look in range(1, cells[0].looks + 1):
        draw = draw_variables(cells[0], runs, random)
        for number, cell in enumerate(cells):
            new = draw_counts(cell, runs, random) if is_paired_binary(cell) else sum_scores(cell, draw)
            totals[number] = (totals[number][0] + new[0], totals[number][1] + new[1])
            contrasts = read_contrasts(cell, look * cell.questions, *totals[number])
            judged[number] = np.maximum(judged[number], judge_look(cell, contrasts, look))
    return judged


def judge_look(cell: Cell, contrasts: Contrasts, look: int) -> Matrix:
    """Return what one look shows in each comparison: shape (runs, 5). Coverage is measured at the first look."""
    recommended = recommend(cell, contrasts, look)
    parts = (
        _is_among(recommended, find_bad(cell)),
        _is_among(recommended, find_overspending(cell)),
        find_false_pairs(cell, contrasts, look),
        recommended != NONE,
        measure_coverage(cell, contrasts) if look == 1 else np.zeros(len(recommended)),
    )
    return np.stack([np.asarray(part, dtype=np.float64) for part in parts], axis=-1)


def _summarize(cell: Cell, judged: Sequence[Matrix]) -> Counts:
    comparisons = np.concatenate(judged)
    bad, overspent, false_pair, settled, covered = (float(share) for share in comparisons.mean(axis=0))
    return Counts(cell, len(comparisons), bad, overspent, false_pair, settled, covered)


def recommend(cell: Cell, contrasts: Contrasts, look: int) -> Integers:
    """Return the recommended arm of each comparison, -1 for none."""
    arms = len(cell.means)
    return apply_rule(contrasts, np.arange(arms), MARGIN, bound_level(look, arms)).recommended


def find_bad(cell: Cell) -> Booleans:
    """Return which arms are worse than the best by the margin or more."""
    return np.asarray(np.asarray(cell.means) <= max(cell.means) - MARGIN + EQUAL)


def find_overspending(cell: Cell) -> Booleans:
    """Return which arms are dearer than one that is as good."""
    as_good = cell.differences <= EQUAL
    return np.asarray(np.tril(as_good, -1).any(axis=1))


def find_false_pairs(cell: Cell, contrasts: Contrasts, look: int) -> Booleans:
    """Return in which comparisons any arm is shown to be better than one that is as good."""
    better = find_better(contrasts, pair_level(look, len(cell.means)))
    return np.asarray((better & (cell.differences <= EQUAL)).any(axis=(1, 2)))


def measure_coverage(cell: Cell, contrasts: Contrasts) -> Matrix:
    """Return the share of the pairs of each comparison whose 95% interval contains the truth."""
    above = contrasts.exceeds(cell.differences, TWO_SIDED_95)
    pairs = np.triu_indices(len(cell.means), 1)
    return np.asarray(1 - (above | np.swapaxes(above, 1, 2))[:, *pairs].mean(axis=1))


def _is_among(recommended: Integers, arms: Booleans) -> Booleans:
    """Return if the recommended arm is one of `arms`; none, at index -1, is not."""
    return np.append(arms, False)[recommended]

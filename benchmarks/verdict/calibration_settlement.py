"""Checks the predicted number of more questions: is the comparison settled after it in about 80% of cases?"""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.verdict.calibration_answers import draw_variables, read_scores
from benchmarks.verdict.calibration_cells import MARGIN, Cell
from services.evaluation.statistics.decide import decide
from services.evaluation.statistics.more_questions import more_questions
from services.evaluation.statistics.trial import Matrix, Trial


@dataclass(frozen=True)
class Settlement:
    """What became of comparisons: `open`: not settled by the first look. `predicted`: the numbers for 80%, of those that got one.

    `settled` is how many of these were settled after so many more questions.
    """

    cell: Cell
    runs: int
    open: int
    predicted: tuple[int, ...]
    settled: int


def follow_comparisons(cell: Cell, runs: int, seed: int) -> Settlement:
    """Return what became of so many comparisons of a cell: a second look after as many questions as were predicted for 80%."""
    random = np.random.default_rng(seed)
    still_open, predicted, settled = 0, [], 0
    for run in range(runs):
        trial = make_trial(cell, draw_questions(cell, cell.questions, random), look=1)
        if decide(trial).outcome != "not_settled":
            continue
        still_open += 1
        more = more_questions(trial, seed=run).at_80_percent
        if more is not None:
            predicted.append(more)
            scores = np.concatenate([trial.scores, draw_questions(cell, more, random)])
            settled += decide(make_trial(cell, scores, look=2)).recommended is not None
    return Settlement(cell, runs, still_open, tuple(predicted), settled)


def draw_questions(cell: Cell, questions: int, random: np.random.Generator) -> Matrix:
    """Return scores of so many questions, rounded up to whole clusters: shape (questions, k)."""
    whole = -(-questions // cell.cluster) * cell.cluster
    enlarged = replace(cell, questions=whole)
    scores = read_scores(enlarged, draw_variables(enlarged, 1, random))
    return np.asarray(scores.reshape(whole, len(cell.means)), dtype=np.float64)


def make_trial(cell: Cell, scores: Matrix, look: int) -> Trial:
    """Return the trial of these scores; an arm costs more than those before it."""
    arms = len(cell.means)
    names = tuple(f"arm {arm}" for arm in range(arms))
    clusters = np.arange(len(scores)) // cell.cluster
    return Trial(names, scores, clusters, np.arange(arms, dtype=np.float64), 0.0, 1.0, MARGIN, look)

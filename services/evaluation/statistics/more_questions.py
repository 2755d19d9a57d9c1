"""Estimates how many more questions would settle a comparison, by a Bayesian bootstrap.

Each draw weights the observed clusters at random, as the posterior distribution of their population does without prior knowledge,
and draws future clusters by these weights. The whole rule is applied to observed and future clusters together, at the level of the
next look. Source: Rubin, D. B.: The Bayesian bootstrap. Annals of Statistics 9 (1981), 130-134.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.evaluation.statistics.contrasts import interpret, list_contributions
from services.evaluation.statistics.decide import NONE, apply_rule
from services.evaluation.statistics.trial import MIN_CLUSTERS, MIN_QUESTIONS, Booleans, Integers, Matrix, Trial
from shared.statistics.looks import bound_level

MAX_QUESTIONS = 5_000
DRAWS = 400
STEPS = ((10, 100, 10), (120, 500, 20), (550, 1_000, 50), (1_100, MAX_QUESTIONS, 100))


@dataclass(frozen=True)
class MoreQuestions:
    """How many more questions settle a comparison with a probability of 50% and of 80%, rounded up; None: more than 5,000."""

    at_50_percent: int | None
    at_80_percent: int | None


def more_questions(trial: Trial, draws: int = DRAWS, seed: int = 0) -> MoreQuestions:
    """Return how many questions to add to a trial that is not settled. The same trial and seed give the same numbers.

    With fewer than 10 questions or clusters, the numbers mean little: so few show too little of what future ones are like.
    """
    numbers = list_numbers()
    if not trial.questions:
        return MoreQuestions(None, None)
    settled = np.mean(list(_simulate(trial, numbers, draws, seed)), axis=0)
    return MoreQuestions(_find_first(numbers, settled >= 0.5), _find_first(numbers, settled >= 0.8))


def list_numbers() -> Integers:
    """Return the numbers of questions that are tried: steps of 10 at first, of 100 at last."""
    return np.concatenate([np.arange(first, last + 1, step) for first, last, step in STEPS])


def _simulate(trial: Trial, numbers: Integers, draws: int, seed: int) -> Iterator[Booleans]:
    """Yield for each draw if the rule settles with so many more questions, shape (numbers,)."""
    random = np.random.default_rng(seed)
    rows = list_contributions(trial)
    clusters = np.ceil(numbers * len(rows) / trial.questions).astype(np.int64)
    for _ in range(draws):
        yield _settles(trial, rows.sum(axis=0) + _draw_future(rows, clusters, random))


def _draw_future(rows: Matrix, clusters: Integers, random: np.random.Generator) -> Matrix:
    """Return the sums of the contributions of so many future clusters: shape (numbers, columns)."""
    weights = np.cumsum(random.standard_exponential(len(rows)))
    drawn = np.searchsorted(weights, weights[-1] * random.random(clusters[-1]), side="right")
    ends = np.unique(clusters)  # with large clusters, several numbers of questions take as many clusters
    parts = np.add.reduceat(rows[np.minimum(drawn, len(rows) - 1)], np.concatenate([[0], ends[:-1]]))
    return np.asarray(np.cumsum(parts, axis=0)[np.searchsorted(ends, clusters)])


def _settles(trial: Trial, totals: Matrix) -> Booleans:
    """Return if the rule recommends an arm at the next look, for the summed contributions of shape (numbers, columns)."""
    level = bound_level(trial.look + 1, len(trial.arms))
    choice = apply_rule(interpret(totals, trial), trial.by_cost, trial.margin_in_units, level)
    enough = (totals[:, 0] >= MIN_CLUSTERS) & (totals[:, 1] >= MIN_QUESTIONS)
    return np.asarray((choice.recommended != NONE) & enough)


def _find_first(numbers: Integers, reached: Booleans) -> int | None:
    return int(numbers[np.argmax(reached)]) if reached.any() else None

"""The smallest difference that a number of questions can show, and how many questions the margin needs.

Before the run the spread of the differences is unknown, so a large one is assumed; after it, the observed one is used. The spread
is the mean squared difference of two arms' scores in units: for right and wrong answers, the share of the questions that exactly one
of both arms answers right. 80% means: an arm that is better than all others by this difference is named, or the cheapest of equal
arms is, in at least 80% of comparisons. The chance of missing any of the k - 1 limits is divided over them (Bonferroni).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from services.evaluation.statistics import clustered
from services.evaluation.statistics.contrasts import list_contributions, sum_up
from services.evaluation.statistics.trial import Matrix, Trial
from shared.statistics import tango
from shared.statistics.looks import bound_level

MISSES = 0.2
ASSUMED_SPREAD = 0.5  # two arms that are right in half of the questions, each independently of the other
MAX_QUESTIONS = 1_000_000


@dataclass(frozen=True)
class Design:
    """What decides how much a comparison can show. `clusters` are as many as questions if no questions belong together.

    `binary`: the grader gives its lowest or its highest score and nothing between. `margin` is in scores, from `low` to `high`.
    """

    questions: int
    clusters: int
    arms: int
    low: float
    high: float
    margin: float
    binary: bool
    look: int = 1


@dataclass(frozen=True)
class Detectable:
    """What a number of questions can show with a probability of 80%.

    `difference`, in scores, is the smallest true difference that is shown; None if even the whole range of the grader is too small.
    `margin_reached`: if arms are equal, the cheapest is recommended. `questions_for_margin` is how many questions that takes, None
    if more than a million. `spread` is the spread that was assumed or observed.
    """

    difference: float | None
    margin_reached: bool
    questions_for_margin: int | None
    spread: float


def plan(design: Design, spread: float = ASSUMED_SPREAD) -> Detectable:
    """Return what a comparison can show, before the run. Of clusters, the worst is assumed: each tells as much as one question."""
    difference, clusters = find_difference(design, spread), find_clusters_for_margin(design, spread)
    per_cluster = max(design.questions / max(design.clusters, 1), 1.0)
    return Detectable(
        difference=None if difference is None else difference * (design.high - design.low),
        margin_reached=clusters is not None and clusters <= design.clusters,
        questions_for_margin=None if clusters is None else int(np.ceil(clusters * per_cluster)),
        spread=spread,
    )


def review(trial: Trial) -> Detectable:
    """Return what a trial can show by the observed scores: those of the two arms whose differences spread most."""
    design = Design(
        questions=trial.questions,
        clusters=len(trial.cluster_sizes),
        arms=len(trial.arms),
        low=trial.low,
        high=trial.high,
        margin=trial.margin,
        binary=trial.binary,
        look=trial.look,
    )
    return plan(design, float(np.max(observe_spread(trial))))


def observe_spread(trial: Trial) -> Matrix:
    """Return the spread of the differences of each pair, shape (k, k); with clusters, the spread of the means of clusters."""
    pairs = sum_up(list_contributions(trial).sum(axis=0), len(trial.arms)).pairs()
    return np.asarray(np.maximum(pairs.squares, 0.0) * pairs.clusters / np.maximum(pairs.questions, 1.0) ** 2)


def find_difference(design: Design, spread: float) -> float | None:
    """Return the smallest difference, in units, that is shown with 80%, or None."""
    return _bisect(lambda difference: _shows(design, spread, design.clusters, difference, 0.0), 0.0, 1.0, 1e-4)


def find_clusters_for_margin(design: Design, spread: float) -> int | None:
    """Return how many clusters show with 80% that equal arms are no worse than each other by the margin, or None."""
    margin = design.margin / (design.high - design.low)
    found = _bisect(lambda clusters: _shows(design, spread, int(clusters), 0.0, -margin), 1.0, float(MAX_QUESTIONS), 0.5)
    return None if found is None else int(found)


def _shows(design: Design, spread: float, clusters: int, difference: float, threshold: float) -> bool:
    """Return if the limit exceeds the threshold even if the observed difference is as low as it is in so many misses."""
    spread = max(spread, difference if design.binary else difference**2)
    error = np.sqrt(max(spread - difference**2, 0.0) / max(clusters, 1))
    observed = max(difference + special.ndtri(MISSES / (design.arms - 1)) * error, -spread)
    level = bound_level(design.look, design.arms)
    if design.binary and design.clusters == design.questions:
        wins, losses = clusters * (spread + observed) / 2, clusters * (spread - observed) / 2
        return bool(tango.statistic(wins, losses, clusters, threshold) > -special.ndtri(level))
    return bool(clustered.lower_limit(_assume(clusters, observed, spread), -1.0, level) > threshold)


def _assume(clusters: int, mean: float, spread: float) -> clustered.Totals:
    """Return totals of clusters of one question with this mean and spread."""
    m, total = np.asarray(float(clusters)), np.asarray(clusters * mean)
    return clustered.Totals(clusters=m, questions=m, squared_sizes=m, sums=total, squares=m * spread, products=total)


def _bisect(holds: Callable[[float], bool], low: float, high: float, precision: float) -> float | None:
    """Return the smallest value between both ends from which on `holds` is true, rounded up to the precision, or None."""
    if not holds(high):
        return None
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high

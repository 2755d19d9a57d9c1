"""The scores that a verdict is computed from: one row per question, one column per arm.

A trial knows nothing of answers or graders. Inside this room, scores are in units: 0 is the lowest score of the grader, 1 the highest.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

MIN_QUESTIONS = 10
MIN_CLUSTERS = 10
ROUNDING_ERROR = 1e-9  # of the range; smaller deviations come from arithmetic, not from the grader


@dataclass(frozen=True, eq=False)
class Trial:
    """The scores of k arms on n questions, and what was fixed before they were measured.

    `scores` has shape (n, k), each between `low` and `high`. `clusters` has a number for each question; questions with the same
    number belong together. `costs` has the mean cost of each arm: of two arms with the same cost, the one that comes first in
    `arms` counts as the cheaper one, and the order of the arms matters nowhere else. `margin` is the largest loss of score that
    does not matter. `look` is 1 for the first verdict on these questions, and one more whenever questions were added. `base` is
    the index of the base model in `arms`, if it is one of them.
    """

    arms: tuple[str, ...]
    scores: Matrix
    clusters: Integers
    costs: Matrix
    low: float
    high: float
    margin: float
    look: int = 1
    base: int | None = None

    def __post_init__(self) -> None:
        problem = _find_problem(self)
        if problem:
            raise ValueError(problem)

    @property
    def questions(self) -> int:
        """The number of questions, n."""
        return len(self.scores)

    @property
    def width(self) -> float:
        """The range of the grader."""
        return self.high - self.low

    @property
    def margin_in_units(self) -> float:
        """The margin as a share of the range."""
        return self.margin / self.width

    @cached_property
    def units(self) -> Matrix:
        """The scores as shares of the range, shape (n, k). Those within a rounding error of an end are exactly 0 or 1."""
        units = (self.scores - self.low) / self.width
        units[np.abs(units) < ROUNDING_ERROR] = 0.0
        units[np.abs(units - 1) < ROUNDING_ERROR] = 1.0
        return units

    @cached_property
    def cluster_index(self) -> Integers:
        """The clusters numbered from 0 in ascending order, shape (n,)."""
        return np.unique(self.clusters, return_inverse=True)[1].reshape(-1).astype(np.int64)

    @cached_property
    def cluster_sizes(self) -> Integers:
        """The number of questions in each cluster, shape (m,)."""
        return np.bincount(self.cluster_index)

    @cached_property
    def binary(self) -> bool:
        """True if every score is the lowest or the highest of the grader."""
        return bool(np.isin(self.units, (0.0, 1.0)).all())

    @property
    def clustered(self) -> bool:
        """True if any two questions belong together."""
        return len(self.cluster_sizes) < self.questions

    @property
    def too_few(self) -> bool:
        """True if there are too few questions or clusters for any verdict."""
        return self.questions < MIN_QUESTIONS or len(self.cluster_sizes) < MIN_CLUSTERS

    @property
    def largest_cluster(self) -> float:
        """The share of the questions that are in the largest cluster."""
        return float(self.cluster_sizes.max(initial=0)) / max(self.questions, 1)

    @cached_property
    def means(self) -> Matrix:
        """The mean score of each arm, shape (k,); without questions, the lowest score."""
        return np.asarray(self.low + self.width * self.units.sum(axis=0) / max(self.questions, 1))

    @cached_property
    def by_cost(self) -> Integers:
        """The indexes of the arms from the cheapest to the dearest, shape (k,)."""
        return np.argsort(self.costs, kind="stable")

    def select(self, questions: Booleans | Integers) -> "Trial":
        """Return the trial of these questions only: for figures by tag."""
        return replace(self, scores=self.scores[questions], clusters=self.clusters[questions])


def _find_problem(trial: Trial) -> str | None:
    n, k = len(trial.clusters), len(trial.arms)
    checks = (
        (k >= 2, f"A trial needs at least two arms; got {k}."),
        (trial.scores.shape == (n, k), f"'scores' must have shape ({n}, {k}); got {trial.scores.shape}."),
        (trial.costs.shape == (k,), f"'costs' must have shape ({k},); got {trial.costs.shape}."),
        (np.isfinite(trial.costs).all(), "'costs' must be finite numbers."),
        (np.isfinite([trial.low, trial.high]).all() and trial.low < trial.high, "'low' must be below 'high'; both must be finite."),
        (0 < trial.margin < trial.high - trial.low, f"'margin' must be between 0 and the range of the grader; got {trial.margin}."),
        (trial.look >= 1, f"'look' must be at least 1; got {trial.look}."),
        (trial.base is None or 0 <= trial.base < k, f"'base' must be the index of an arm; got {trial.base}."),
    )
    return next((problem for valid, problem in checks if not valid), None) or _find_wrong_score(trial)


def _find_wrong_score(trial: Trial) -> str | None:
    tolerance = ROUNDING_ERROR * (trial.high - trial.low)
    wrong = ~((trial.scores >= trial.low - tolerance) & (trial.scores <= trial.high + tolerance))
    return f"'scores' must be between {trial.low} and {trial.high}; got {trial.scores[wrong][0]}." if wrong.any() else None

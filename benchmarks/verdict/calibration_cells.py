"""The cells of the calibration: the truths that are planted, and how many questions are asked about them.

In each cell, the arms are ordered from the cheapest to the costliest, and an arm is worse than the best by exactly the margin, or equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from services.evaluation.statistics.trial import Matrix

Kind = Literal["binary", "F1", "rare losses"]

MARGIN = 0.05
RATES = (0.02, 0.1, 0.3, 0.5, 0.9)
CORRELATIONS = (0.0, 0.4, 0.8, 1.0)  # 1: the arms differ only in as many questions as their means require, and tie in all others
QUESTIONS = (20, 50, 100, 200, 800)
ARMS = (2, 4, 6)
CLUSTERS = (1, 5)
LOOKS = 5
F1_MEAN = 0.4
RANDOM_TRUTHS = 20
RANDOM = "means at random"


@dataclass(frozen=True)
class Cell:
    """One truth: the mean of each arm, and how the answers are drawn. `questions` are added at each of the looks."""

    kind: Kind
    means: tuple[float, ...]
    correlation: float
    questions: int
    cluster: int = 1
    looks: int = 1
    plan: str = ""

    @property
    def name(self) -> str:
        """The cell in words."""
        answers = f"p {min(self.means):g}" if self.kind == "binary" else self.kind
        parts = (
            answers,
            f"r {self.correlation:g}",
            f"n {self.questions}",
            f"k {len(self.means)}",
            f"clusters of {self.cluster}",
            self.plan,
        )
        return ", ".join(parts)

    @property
    def differences(self) -> Matrix:
        """The true differences, the arm of the row minus the arm of the column: shape (k, k)."""
        means = np.asarray(self.means)
        return np.asarray(means[:, None] - means[None, :])

    @property
    def size(self) -> tuple[int, int, int, int, float]:
        """What the variables depend on from which scores are read."""
        return self.looks, self.questions, len(self.means), self.cluster, self.correlation

    @property
    def group(self) -> str:
        """The row of the table that the cell belongs to."""
        answers = "binary" if self.kind == "binary" else self.kind
        return f"{answers}, {'single questions' if self.cluster == 1 else f'clusters of {self.cluster}'}"


def list_cells() -> list[Cell]:
    """Return every cell of one look, and every cell of five looks."""
    return [*_cross(QUESTIONS, 1), *_cross(QUESTIONS[:-1], LOOKS)]


def _cross(questions: tuple[int, ...], looks: int) -> Iterator[Cell]:
    for correlation, count, arms, cluster in product(CORRELATIONS, questions, ARMS, CLUSTERS):
        if count / cluster < 10:
            continue
        for plan, losses in _plan_losses(arms).items():
            for kind, best in _list_scores(any(losses)):
                means = tuple(best - MARGIN * loses for loses in losses)
                yield Cell(kind, means, correlation, count, cluster, looks, plan)


def _plan_losses(arms: int) -> dict[str, tuple[bool, ...]]:
    """Return which arms are worse by the margin, from the cheapest to the costliest."""
    plans = {
        "all equal": (False,) * arms,
        "good arm cheapest": (False,) + (True,) * (arms - 1),
        "good arm costliest": (True,) * (arms - 1) + (False,),
    }
    if arms > 2:
        plans |= {"bad arm cheapest": (True,) + (False,) * (arms - 1), "bad arm costliest": (False,) * (arms - 1) + (True,)}
    return plans


def _list_scores(unequal: bool) -> Iterator[tuple[Kind, float]]:
    """Yield each kind of score with the mean of the best arm. The rates are those of the worst arm."""
    for rate in RATES:
        yield "binary", rate + MARGIN * unequal
    yield "F1", F1_MEAN
    yield "rare losses", F1_MEAN


def list_power_cells() -> list[Cell]:
    """Return cells in which the costliest arm is better than all others, which are equal."""
    truths = product((0.1, 0.3, 0.5), (0.1, 0.2, 0.3), CORRELATIONS[:-1], (50, 100, 200, 400), ARMS)
    return [
        Cell("binary", (rate,) * (arms - 1) + (rate + gain,), correlation, count, plan=f"costliest arm +{gain:g}")
        for rate, gain, correlation, count, arms in truths
    ]


def list_settlement_cells() -> list[Cell]:
    """Return cells that one look often leaves open: some with a fixed truth, and some whose truth is drawn at random."""
    best, worse = F1_MEAN, F1_MEAN - 0.2
    fixed = [
        Cell("binary", (0.3, 0.3, 0.3, 0.5), 0.4, 50, plan="costliest arm +0.2"),
        Cell("binary", (0.3, 0.3, 0.3, 0.45), 0.4, 100, plan="costliest arm +0.15"),
        Cell("binary", (0.5, 0.5), 0.8, 200, plan="all equal"),
        Cell("binary", (0.9, 0.9, 0.9, 0.9), 0.8, 200, plan="all equal"),
        Cell("binary", (0.6, 0.5, 0.4), 0.4, 100, plan="cheapest arm +0.1"),
        Cell("F1", (worse, worse, best), 0.4, 50, plan="costliest arm +0.2"),
        Cell("F1", (best, best), 0.8, 100, plan="all equal"),
        Cell("binary", (0.3, 0.3, 0.6), 0.4, 100, 5, plan="costliest arm +0.3"),
    ]
    return [each for each in fixed for _ in range(RANDOM_TRUTHS)] + _draw_settlement_cells()


def _draw_settlement_cells() -> list[Cell]:
    """Return cells whose arms have means around a common one, each within 0.2 of it."""
    random = np.random.default_rng(1)
    cells = []
    for arms, questions, _ in product((2, 4), (50, 100, 200), range(RANDOM_TRUTHS)):
        means = random.uniform(0.25, 0.75) + random.uniform(-0.2, 0.2, arms)
        cells.append(Cell("binary", tuple(float(mean) for mean in means), float(random.choice(CORRELATIONS[:-1])), questions, plan=RANDOM))
    return cells

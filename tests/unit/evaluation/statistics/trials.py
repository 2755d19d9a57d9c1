"""Makes trials for the tests of statistics."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.evaluation.statistics.trial import Trial


def make_trial(
    scores: npt.ArrayLike,
    costs: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    low: float = 0.0,
    high: float = 1.0,
    margin: float | None = None,
    look: int = 1,
    base: int | None = None,
) -> Trial:
    """Return a trial of these scores, shape (n, k). By default each question is alone, and each arm costs more than those before it."""
    matrix = np.asarray(scores, dtype=np.float64)
    n, k = matrix.shape
    return Trial(
        arms=tuple(f"arm {index}" for index in range(k)),
        scores=matrix,
        clusters=np.arange(n) if clusters is None else np.asarray(clusters, dtype=np.int64),
        costs=np.asarray(range(k) if costs is None else costs, dtype=np.float64),
        low=low,
        high=high,
        margin=0.05 * (high - low) if margin is None else margin,
        look=look,
        base=base,
    )


def draw_binary(seed: int, questions: int, rates: Sequence[float]) -> npt.NDArray[np.float64]:
    """Return right and wrong answers with these shares of right ones, shape (questions, arms), positively correlated."""
    random = np.random.default_rng(seed)
    hardness = random.random((questions, 1))
    own = random.random((questions, len(rates)))
    return (np.where(random.random((questions, 1)) < 0.5, hardness, own) < np.asarray(rates)).astype(np.float64)

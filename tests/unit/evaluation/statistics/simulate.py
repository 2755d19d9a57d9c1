"""Draws the scores of many comparisons at once, with a known truth: a small form of `make bench-verdict PARTS=calibration`.

All functions return scores of shape (runs, questions, arms). The arms are ordered from the cheapest to the dearest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from services.evaluation.statistics.clustered import ClusterSums
from services.evaluation.statistics.contrasts import Contrasts
from services.evaluation.statistics.decide import apply_rule
from services.evaluation.statistics.pairs import find_better
from services.evaluation.statistics.trial import Booleans, Integers
from shared.statistics.looks import bound_level, pair_level
from shared.statistics.tango import PairedCounts

Floats = npt.NDArray[np.float64]
MARGIN = 0.05


def draw_latent(random: np.random.Generator, runs: int, questions: int, arms: int, correlation: float, cluster: int = 1) -> Floats:
    """Return uniform variables; `correlation` is that of their normal scores between arms. Half of a cluster's variance is shared."""

    def draw(columns: int) -> Floats:
        own = random.standard_normal((runs, questions, columns))
        if cluster == 1:
            return own
        shared = np.repeat(random.standard_normal((runs, questions // cluster, columns)), cluster, axis=1)
        return np.asarray(np.sqrt(0.5) * (own + shared))

    return np.asarray(special.ndtr(np.sqrt(correlation) * draw(1) + np.sqrt(1 - correlation) * draw(arms)))


def draw_binary(seed: int, runs: int, questions: int, rates: npt.ArrayLike, correlation: float = 0.4, cluster: int = 1) -> Floats:
    """Return right and wrong answers with these shares of right ones."""
    latent = draw_latent(np.random.default_rng(seed), runs, questions, np.size(rates), correlation, cluster)
    return (latent < np.asarray(rates)).astype(np.float64)


def draw_f1(seed: int, runs: int, questions: int, losses: npt.ArrayLike, correlation: float = 0.4, cluster: int = 1) -> Floats:
    """Return scores of which at best 40% are 0 and 20% are 1; each arm's mean is 0.4 minus its loss."""
    latent = draw_latent(np.random.default_rng(seed), runs, questions, np.size(losses), correlation, cluster)
    return np.asarray(np.clip((latent - 0.4 - np.asarray(losses)) / 0.4, 0, 1))


def collect(scores: Floats, cluster: int = 1) -> Contrasts:
    """Return the contrasts of each comparison: by Tango's statistic if the scores are binary and single, else by t."""
    runs, questions, arms = scores.shape
    sums = scores.reshape(runs, questions // cluster, cluster, arms).sum(axis=2)
    both = np.swapaxes(sums, 1, 2) @ sums
    if cluster == 1 and np.isin(scores, (0, 1)).all():
        return PairedCounts(np.full(runs, float(questions)), both)
    clusters = np.full(runs, float(questions // cluster))
    return ClusterSums(clusters, clusters * cluster, clusters * cluster**2, sums.sum(axis=1), sums.sum(axis=1) * cluster, both)


@dataclass(frozen=True)
class Errors:
    """The shares of comparisons in which a bad arm was recommended, a dearer one of equal arms, and a false difference shown."""

    bad: float
    overspent: float
    false_pair: float


def count_errors(looks: Sequence[Contrasts], truth: npt.ArrayLike) -> Errors:
    """Return the errors of comparisons over all their looks, if these are the true means."""
    means = np.asarray(truth)
    no_better = np.asarray(means[:, None] <= means[None, :] + 1e-9)
    bad, dearer = np.asarray(means <= means.max() - MARGIN + 1e-9), np.asarray(np.tril(no_better, -1).any(axis=1))
    found = [_find_errors(contrasts, look, no_better, bad, dearer) for look, contrasts in enumerate(looks, start=1)]
    return Errors(*(float(np.any(kind, axis=0).mean()) for kind in zip(*found, strict=True)))


def _find_errors(contrasts: Contrasts, look: int, no_better: Booleans, bad: Booleans, dearer: Booleans) -> tuple[Booleans, ...]:
    recommended = recommend(contrasts, look)
    shown = find_better(contrasts, pair_level(look, len(bad))) & no_better
    return np.append(bad, False)[recommended], np.append(dearer, False)[recommended], np.asarray(shown.any(axis=(1, 2)))


def recommend(contrasts: Contrasts, look: int = 1) -> Integers:
    """Return the recommended arm of each comparison, -1 for none."""
    arms = contrasts.exceeds(0.0, 0.5).shape[-1]
    return apply_rule(contrasts, np.arange(arms), MARGIN, bound_level(look, arms)).recommended

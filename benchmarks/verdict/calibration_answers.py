"""Draws the scores of simulated comparisons, and returns them as the contrasts that the rule reads.

A score depends on a normal variable of its arm and question. `correlation` is the correlation of these variables between the arms of
one question. Within a cluster, half of the variance of every part is the cluster's own. Cells of the same size and correlation read
their scores from the same variables, which saves most of the time. Binary answers without clusters are counts of patterns of right
and wrong, drawn at once from their exact probabilities.
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy import special

from benchmarks.verdict.calibration_cells import F1_MEAN, Cell
from services.evaluation.statistics.clustered import ClusterSums
from services.evaluation.statistics.contrasts import Contrasts
from services.evaluation.statistics.trial import Booleans, Matrix
from shared.statistics.tango import PairedCounts

ALL_RIGHT = 0.2  # of the F1 scores of the best arm
ALL_WRONG = 1 - ALL_RIGHT - 2 * (F1_MEAN - ALL_RIGHT)
SHARE_OF_CLUSTER = 0.5
NODES = 300
Floats = npt.NDArray[np.float32]  # scores need no more digits, and half of the memory


@dataclass(frozen=True, eq=False)
class Draw:
    """Uniform variables of some comparisons, from which the scores of every kind are read.

    `own` has shape (runs, clusters, questions of a cluster, k); `shared` has one for all arms in place of k, and is independent of
    `own`. If more questions are asked, the next draw has them.
    """

    own: Floats
    shared: Floats


def draw_variables(cell: Cell, runs: int, random: np.random.Generator) -> Draw:
    """Return the variables of so many comparisons: they depend on the size and the correlation of a cell only."""
    own = math.sqrt(1 - cell.correlation) * _draw_normal(cell, runs, len(cell.means), random)
    latent = math.sqrt(cell.correlation) * _draw_normal(cell, runs, 1, random) + own
    return Draw(special.ndtr(latent), special.ndtr(_draw_normal(cell, runs, 1, random)))


def _draw_normal(cell: Cell, runs: int, arms: int, random: np.random.Generator) -> Floats:
    clusters = cell.questions // cell.cluster
    own = random.standard_normal((runs, clusters, cell.cluster, arms), dtype=np.float32)
    if cell.cluster == 1:
        return own
    shared = random.standard_normal((runs, clusters, 1, arms), dtype=np.float32)
    return math.sqrt(SHARE_OF_CLUSTER) * shared + math.sqrt(1 - SHARE_OF_CLUSTER) * own


def read_contrasts(cell: Cell, questions: int, sums: Matrix, both: Matrix) -> Contrasts:
    """Return the contrasts of sums over clusters: of the scores (runs, k), and of their products (runs, k, k)."""
    if is_paired_binary(cell):
        return PairedCounts(np.full(len(sums), float(questions)), both)
    clusters = np.full(len(sums), questions // cell.cluster, dtype=np.float64)
    return ClusterSums(clusters, clusters * cell.cluster, clusters * cell.cluster**2, sums, sums * cell.cluster, both)


def is_paired_binary(cell: Cell) -> bool:
    """Return if the contrasts of the cell are counts of right and wrong answers."""
    return cell.kind == "binary" and cell.cluster == 1


def sum_scores(cell: Cell, draw: Draw) -> tuple[Matrix, Matrix]:
    """Return the summed scores (runs, k) and the sums of products of cluster sums (runs, k, k) of one draw."""
    sums = read_scores(cell, draw).sum(axis=2, dtype=np.float32).astype(np.float64)
    return sums.sum(axis=1), np.swapaxes(sums, 1, 2) @ sums


def draw_counts(cell: Cell, runs: int, random: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Return the same sums of binary answers without clusters: patterns drawn from their exact probabilities."""
    patterns, chances = list_patterns(cell.means, cell.correlation)
    counts = random.multinomial(cell.questions, chances, size=runs).astype(np.float64)
    products = (patterns[:, :, None] * patterns[:, None, :]).reshape(len(patterns), -1)
    return counts @ patterns, (counts @ products).reshape(runs, len(cell.means), len(cell.means))


@cache
def _integrate_normal() -> tuple[Matrix, Matrix]:
    """Return nodes and weights that integrate over a normal variable (Gauss-Legendre, from -9 to 9)."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return np.asarray(9 * nodes), np.asarray(weights * np.exp(-((9 * nodes) ** 2) / 2))


@cache
def list_patterns(means: tuple[float, ...], correlation: float) -> tuple[Matrix, Matrix]:
    """Return the patterns of right (1) and wrong (0) of k arms, shape (patterns, k), and the probability of each."""
    if correlation == 1:
        edges = np.unique([0.0, *means, 1.0])
        return np.asarray((edges[1:] + edges[:-1])[:, None] / 2 < np.asarray(means), dtype=np.float64), np.diff(edges)
    patterns = np.array(list(product((0.0, 1.0), repeat=len(means))))
    shared, weights = _integrate_normal()
    right = special.ndtr((special.ndtri(means) - np.sqrt(correlation) * shared[:, None]) / np.sqrt(1 - correlation))
    chances = np.where(patterns[:, None, :] == 1, right, 1 - right).prod(axis=-1) @ weights
    return patterns, np.asarray(chances / chances.sum())


def read_scores(cell: Cell, draw: Draw) -> Floats | Booleans:
    """Return scores of shape (runs, clusters, questions of a cluster, k)."""
    losses = np.asarray(F1_MEAN - np.asarray(cell.means), dtype=np.float32)
    if cell.kind == "binary":
        return np.asarray(draw.own < np.asarray(cell.means, dtype=np.float32))
    if cell.kind == "F1":
        return _to_f1(draw.own, losses)
    shared = _to_f1(draw.shared, np.zeros(1, dtype=np.float32))
    return np.where((shared == 1) & (draw.own < losses / np.float32(ALL_RIGHT)), np.float32(0), shared)


def _to_f1(uniform: Floats, losses: Floats) -> Floats:
    """Return scores with many zeros and ones, and evenly spread ones between; their mean is lower by exactly `losses`."""
    between = 1 - ALL_RIGHT - ALL_WRONG
    return np.clip((uniform - (ALL_WRONG + losses)) / between, 0, 1)

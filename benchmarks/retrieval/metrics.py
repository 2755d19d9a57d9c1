"""Metrics of a ranking, as in trec_eval and BEIR."""

import math
from collections.abc import Mapping, Sequence

import numpy as np


def ndcg(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Return the normalized discounted cumulative gain of the first `depth`: gains by score, discounted by log2(rank + 1)."""
    gains = [relevant.get(document, 0) / math.log2(rank + 2) for rank, document in enumerate(ranking[:depth])]
    ideal = [score / math.log2(rank + 2) for rank, score in enumerate(sorted(relevant.values(), reverse=True)[:depth])]
    return sum(gains) / sum(ideal)


def recall(ranking: Sequence[str], relevant: Mapping[str, int], depth: int) -> float:
    """Return the share of the relevant documents that are among the first `depth`."""
    return len(set(ranking[:depth]) & set(relevant)) / len(relevant)


def paired_difference(values: Sequence[float], others: Sequence[float], draws: int = 2000) -> tuple[float, float, float]:
    """Return the mean difference of two rankings over the same questions, and its 95% interval by a bootstrap of the questions."""
    differences = np.array(values) - np.array(others)
    drawn = np.random.default_rng(0).integers(len(differences), size=(draws, len(differences)))
    low, high = np.percentile(differences[drawn].mean(axis=1), (2.5, 97.5))
    return float(differences.mean()), float(low), float(high)

"""Scores of two kinds, made comparable and combined. Every score is in [0, 1].

A *vector* score is the cosine of query and chunk: 0 for unrelated (or opposed), 1 for the same words. A *keyword* score is
s / (s + 10) of the BM25 sum s: 0 for no word in common, 1/2 for about one or two rare words, approaching 1 for more and rarer ones.
A *hybrid* score combines the two in one of three ways:

    convex   their mean, weighted by alpha. It depends on the chunk alone, so a threshold means much the same for every query; but a
             chunk that is not among the first hundred of one list counts there as the hundredth does. (And how rare a word is
             depends on everything that is stored.)
    rrf      weight / (k + rank), summed, as a share of what a chunk has that is first in both lists (Cormack et al. 2009)
    dbsf     the mean of both, each placed between its list's mean minus and plus three standard deviations

Cosines of two embedders cannot be compared: one calls a score of 0.8 near, the other far. So if stores of several embedders are
searched together, `vector` and `convex` scores are replaced by (60 + 1) / (60 + rank), the rank among the hits of the same embedder.

Why convex is the default: on xquad-en (1,190 questions) and scifact (all 809 claims) it is better than vector or keyword search alone
and than reciprocal rank fusion, and no worse than normalizing by each query's best score, which would give the best hit of an
unanswerable question a high score (`docs/benchmarks-retrieval.md` has the figures).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from services.retrieval.index import Hit
from shared.contracts.search import ConvexFusion, DistributionFusion, ReciprocalRankFusion, SearchMode

BM25_HALF = 10.0  # the BM25 sum whose score is 1/2
CONVEX_DEPTH = 100  # hits at the beginning of a list that count with their own scores in a convex combination
RANK_K = 60


@dataclass(frozen=True, slots=True)
class ListScore:
    """A chunk's score in one list: `raw` is the cosine or the BM25 sum, `rank` counts from 1."""

    raw: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class FusedPoint:
    """A point with its score, and the list scores it was computed from."""

    id: str
    score: float
    vector: ListScore | None
    keyword: ListScore | None


ListScores = Mapping[str, ListScore]
Fusion = ConvexFusion | ReciprocalRankFusion | DistributionFusion


def vector_score(cosine: float) -> float:
    """Return a cosine as a score in [0, 1]."""
    return min(max(cosine, 0.0), 1.0)


def keyword_score(bm25: float) -> float:
    """Return a BM25 sum as a score in [0, 1)."""
    return bm25 / (bm25 + BM25_HALF) if bm25 > 0 else 0.0


def rank_score(rank: int, k: int = RANK_K) -> float:
    """Return a rank (from 1) as a score in (0, 1]: 1 for the first; the smaller `k`, the less the following ranks get."""
    return (k + 1) / (k + rank)


def fuse(nearest: Sequence[Hit], matching: Sequence[Hit], mode: SearchMode, fusion: Fusion, depth: int) -> list[FusedPoint]:
    """Return the union of both lists, best first; `depth` is how many hits of each list count with their own score (`CONVEX_DEPTH`).

    Hits with equal scores are ordered by their ids, so that the same search always returns the same.
    """
    vector = {hit.id: ListScore(hit.score, vector_score(hit.score), rank) for rank, hit in enumerate(nearest, 1)}
    keyword = {hit.id: ListScore(hit.score, keyword_score(hit.score), rank) for rank, hit in enumerate(matching, 1)}
    scores = _scores(vector, keyword, mode, fusion, depth)
    points = [FusedPoint(id, score, vector.get(id), keyword.get(id)) for id, score in scores.items()]
    return sorted(points, key=lambda point: (-point.score, point.id))


def _scores(vector: ListScores, keyword: ListScores, mode: SearchMode, fusion: Fusion, depth: int) -> dict[str, float]:
    if mode != "hybrid":
        return {id: each.score for id, each in (vector if mode == "vector" else keyword).items()}
    if isinstance(fusion, ConvexFusion):
        return _convex(vector, keyword, fusion.alpha, depth)
    weights = fusion.weights.vector, fusion.weights.keyword
    if isinstance(fusion, ReciprocalRankFusion):
        return _weighted(_by_rank(vector, fusion.k), _by_rank(keyword, fusion.k), weights)
    return _weighted(_by_distribution(vector), _by_distribution(keyword), weights)


def _convex(vector: ListScores, keyword: ListScores, alpha: float, depth: int) -> dict[str, float]:
    """Return the convex combination.

    A chunk that is not among the first `depth` of a list gets that list's score at `depth`, however long the list is, so that scores
    do not depend on how many hits were requested. If the list is shorter, a chunk that is missing from it does not match at all.
    """
    floors = [_score_at(depth, scores) for scores in (vector, keyword)]
    pairs = ((id, vector.get(id), keyword.get(id)) for id in dict.fromkeys([*vector, *keyword]))
    return {id: alpha * _at_least(floors[0], one) + (1 - alpha) * _at_least(floors[1], other) for id, one, other in pairs}


def _score_at(rank: int, scores: ListScores) -> float:
    return next((each.score for each in scores.values() if each.rank == rank), 0.0)


def _at_least(floor: float, score: ListScore | None) -> float:
    return max(floor, score.score) if score else floor


def _by_rank(scores: ListScores, k: int) -> dict[str, float]:
    return {id: rank_score(each.rank, k) for id, each in scores.items()}


def _by_distribution(scores: ListScores) -> dict[str, float]:
    values = [each.raw for each in scores.values()]
    mean = fmean(values) if values else 0.0
    deviation = sqrt(fmean((value - mean) ** 2 for value in values)) if values else 0.0
    if not deviation:
        return dict.fromkeys(scores, 0.5)
    low = mean - 3 * deviation
    return {id: min(max((each.raw - low) / (6 * deviation), 0.0), 1.0) for id, each in scores.items()}


def _weighted(vector: Mapping[str, float], keyword: Mapping[str, float], weights: tuple[float, float]) -> dict[str, float]:
    share = weights[0] / sum(weights)
    return {id: share * vector.get(id, 0.0) + (1 - share) * keyword.get(id, 0.0) for id in dict.fromkeys([*vector, *keyword])}

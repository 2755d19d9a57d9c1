"""Scores of two kinds, made comparable and combined. Every score is in [0, 1].

A *vector* score is the cosine of query and chunk: 0 for unrelated (or opposed), 1 for the same words. A *keyword* score is the share of
the query's words that the chunk has, rare words counting more: its BM25 sum as a share of what a chunk with all of the words would have
(`full_match`), bent so that it only approaches 1. So one of two words counts as much as ten of twenty, in a small store as in a large
one. A *hybrid* score combines the two in one of three ways:

    convex   their mean, weighted by alpha. It depends on the query and the chunk, so a threshold means much the same for every query;
             but a chunk that is not among the first hundred by vector, or the first twenty by keyword, counts there as the last of
             these does. Keyword lists are long if a query has common words, and beyond the first few they are noise.
             In stores of very short texts, the keyword score is first raised to the power of `keyword_exponent`.
    rrf      weight / (k + rank), summed, as a share of what a chunk has that is first in both lists (Cormack et al. 2009)
    dbsf     the mean of both, each placed between its list's mean minus and plus three standard deviations

Cosines of two embedders cannot be compared: one calls a score of 0.8 near, the other far. So if stores of several embedders are
searched together, `vector` and `convex` scores are replaced by (60 + 1) / (60 + rank), the rank among the hits of the same embedder.

Why convex is the default: on every set of questions in `docs/benchmarks-quality.md` but one, neither vector nor keyword search alone is
significantly better, unlike with reciprocal rank fusion. Normalizing by each query's best score does as well on most, but gives the best
hit of an unanswerable question a high score. Decision 92 has more. Why alpha does not adapt to the query,
but keyword scores adapt to short texts: decision 108.
"""

from collections.abc import Mapping, Sequence
from math import log1p, sqrt
from statistics import fmean
from typing import NamedTuple

from services.retrieval.index import Hit, SparseVector
from services.retrieval.index.bm25 import K
from shared.contracts.search import ConvexFusion, DistributionFusion, ReciprocalRankFusion, SearchMode

USUAL_RARITY = 0.5  # of a query's words, as a share of the greatest that a word can have; measured: 0.53 to 0.69 on nine sets
# Hits at the beginning of a list that count with their own scores in a convex combination.
VECTOR_DEPTH = 100
KEYWORD_DEPTH = 20
# Below this mean length of the chunks' texts, about thirty words, the exponent of keyword scores grows from 1 up to 1 + SHARPEST.
SHORT_BYTES = 200
SHARPEST = 2.0
RANK_K = 60


class ListScore(NamedTuple):  # a named tuple like the next one, because a search makes hundreds
    """A chunk's score in one list: `raw` is the cosine or the BM25 sum, `rank` counts from 1."""

    raw: float
    score: float
    rank: int


class FusedPoint(NamedTuple):
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


def full_match(keywords: SparseVector | None, corpus_size: int) -> float:
    """Return about what BM25 sum a chunk with all words of the query would have, among `corpus_size` chunks.

    A word adds at most weight in the query x (k + 1) x rarity, and the greatest rarity is about ln(1 + chunks).
    """
    weight = sum(keywords.values) if keywords else 0.0
    return weight * (K + 1) * USUAL_RARITY * log1p(max(corpus_size, 1))


def keyword_score(bm25: float, full: float) -> float:
    """Return a BM25 sum as a score in [0, 1): nearly its share of `full` up to 2/3; more and rarer words always score higher."""
    share = bm25 / full if bm25 > 0 and full > 0 else 0.0
    return float(share / (1 + share**4) ** 0.25)


def keyword_exponent(text_bytes: float) -> float:
    """Return the exponent of keyword scores in a convex combination: 1, or up to 3 if chunks have less than 200 bytes of text on average.

    That a text of ten words has some of the query's words says little; that it has all of them says as much as it does of a long text. So
    the score of some is lowered more than the score of all (decision 108).
    """
    return 1 + SHARPEST * min(max(1 - text_bytes / SHORT_BYTES, 0.0), 1.0)


def rank_score(rank: int, k: int = RANK_K) -> float:
    """Return a rank (from 1) as a score in (0, 1]: 1 for the first; the smaller `k`, the less the following ranks get."""
    return (k + 1) / (k + rank)


def fuse(
    nearest: Sequence[Hit], matching: Sequence[Hit], mode: SearchMode, fusion: Fusion, full: float, exponent: float = 1.0
) -> list[FusedPoint]:
    """Return the union of both lists, best first; `full` is the query's `full_match`, `exponent` the `keyword_exponent` of the chunks.

    Hits with equal scores are ordered by their scores in the lists and then by their ids, so that the same search always returns the same.
    """
    vector = {hit.id: ListScore(hit.score, vector_score(hit.score), rank) for rank, hit in enumerate(nearest, 1)}
    keyword = {hit.id: ListScore(hit.score, keyword_score(hit.score, full), rank) for rank, hit in enumerate(matching, 1)}
    scores = _scores(vector, keyword, mode, fusion, exponent)
    points = [FusedPoint(id, score, vector.get(id), keyword.get(id)) for id, score in scores.items()]
    return sorted(points, key=_order)


def _order(point: FusedPoint) -> tuple[float, float, str]:
    _, score, vector, keyword = point
    return -score, -((vector.score if vector else 0.0) + (keyword.score if keyword else 0.0)), point.id


def _scores(vector: ListScores, keyword: ListScores, mode: SearchMode, fusion: Fusion, exponent: float) -> dict[str, float]:
    if mode != "hybrid":
        return {id: each.score for id, each in (vector if mode == "vector" else keyword).items()}
    if isinstance(fusion, ConvexFusion):
        return _convex(vector, keyword, fusion.alpha, exponent)
    weights = fusion.weights.vector, fusion.weights.keyword
    if isinstance(fusion, ReciprocalRankFusion):
        return _weighted(_by_rank(vector, fusion.k), _by_rank(keyword, fusion.k), weights)
    return _weighted(_by_distribution(vector), _by_distribution(keyword), weights)


def _convex(vector: ListScores, keyword: ListScores, alpha: float, exponent: float) -> dict[str, float]:
    """Return the convex combination.

    A chunk that is not among the first hits of a list gets the score of the last of these, however long the list is, so that scores do
    not depend on how many hits were requested. If the list is shorter, a chunk that is missing from it does not match at all.
    """
    near, near_floor = _with_floor(vector, VECTOR_DEPTH)
    matching, matching_floor = _with_floor(keyword, KEYWORD_DEPTH, exponent)
    ids = dict.fromkeys([*near, *matching])
    return {id: alpha * near.get(id, near_floor) + (1 - alpha) * matching.get(id, matching_floor) for id in ids}


def _with_floor(scores: ListScores, depth: int, exponent: float = 1.0) -> tuple[dict[str, float], float]:
    """Return the scores to the power of `exponent`, none below that of rank `depth`, and that one, which is 0 if the list is shorter."""
    floor = next((each.score for each in scores.values() if each.rank == depth), 0.0)
    return {id: max(floor, each.score) ** exponent for id, each in scores.items()}, floor**exponent


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

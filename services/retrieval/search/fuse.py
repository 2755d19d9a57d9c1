"""Scores of two kinds made comparable and put together. Every score is in [0, 1].

A *vector* score is the cosine of question and chunk: 0 unrelated (or opposed), 1 the same words. A *keyword* score is s / (s + 10)
of the BM25 sum s: 0 no word in common, 1/2 as much as one or two rare words give, towards 1 for more and rarer ones. A *hybrid* score is
made of the two by one of three fusions:

    convex   their mean, weighted by alpha. It depends on the chunk alone, so a threshold means much the same for every question; but a
             chunk that is not among the first hundred of one list counts there as the hundredth does. (And the rarity of words
             depends on everything that is stored.)
    rrf      weight / (k + rank), summed, as a share of what a chunk has that is first in both lists (Cormack et al. 2009)
    dbsf     the mean of both, each by where it lies between its list's mean minus and plus three standard deviations

Cosines of two embedders are not on one scale: one calls a score of 0.8 near, the other far. So where stores of several embedders are
searched at once, those of `vector` and `convex` give way to (60 + 1) / (60 + rank) by the rank among the hits of the same embedder.

Why convex is the default: on xquad-en (1,190 questions) and scifact (all 809 claims) it is better than both parents and than reciprocal
rank fusion, and no worse than normalizing by each question's best score, which would give the best hit of an unanswerable question a
high score (`docs/benchmarks-retrieval.md` has the figures).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from services.retrieval.index import Hit
from shared.contracts.search import Convex, Distribution, ReciprocalRank, SearchMode

HALF = 10.0
LISTED = 100  # hits at the beginning of a list that count with their own scores in a convex combination
RANK_K = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chunk stands in one list: `raw` is the cosine or the BM25 sum, `rank` counts from 1."""

    raw: float
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A point with its score, and the places it comes from."""

    id: str
    score: float
    vector: Place | None
    keyword: Place | None


Places = Mapping[str, Place]
Scoring = Convex | ReciprocalRank | Distribution


def vector_score(cosine: float) -> float:
    """Return a cosine as a score in [0, 1]."""
    return min(max(cosine, 0.0), 1.0)


def keyword_score(bm25: float) -> float:
    """Return a BM25 sum as a score in [0, 1)."""
    return bm25 / (bm25 + HALF) if bm25 > 0 else 0.0


def rank_score(rank: int, k: int = RANK_K) -> float:
    """Return a rank (from 1) as a score in (0, 1]: 1 for the first, and less for those behind as `k` is smaller."""
    return (k + 1) / (k + rank)


def fuse(nearest: Sequence[Hit], matching: Sequence[Hit], mode: SearchMode, fusion: Scoring, limit: int) -> list[Ranked]:
    """Return the union of both lists, best first; `limit` is how many hits at the beginning of each count by themselves (`LISTED`).

    Equal ones come in the order of their ids, so that the same search answers the same.
    """
    vector = {hit.id: Place(hit.score, vector_score(hit.score), rank) for rank, hit in enumerate(nearest, 1)}
    keyword = {hit.id: Place(hit.score, keyword_score(hit.score), rank) for rank, hit in enumerate(matching, 1)}
    scores = _scores(vector, keyword, mode, fusion, limit)
    ranked = [Ranked(id, score, vector.get(id), keyword.get(id)) for id, score in scores.items()]
    return sorted(ranked, key=lambda each: (-each.score, each.id))


def _scores(vector: Places, keyword: Places, mode: SearchMode, fusion: Scoring, limit: int) -> dict[str, float]:
    if mode != "hybrid":
        return {id: place.score for id, place in (vector if mode == "vector" else keyword).items()}
    if isinstance(fusion, Convex):
        return _convex(vector, keyword, fusion.alpha, limit)
    weights = fusion.weights.vector, fusion.weights.keyword
    if isinstance(fusion, ReciprocalRank):
        return _weighted(_by_rank(vector, fusion.k), _by_rank(keyword, fusion.k), weights)
    return _weighted(_by_distribution(vector), _by_distribution(keyword), weights)


def _convex(vector: Places, keyword: Places, alpha: float, limit: int) -> dict[str, float]:
    """Return the convex combination.

    A chunk that is not among the first `limit` of a list has that list's score at `limit`, however long the list is, so that scores
    do not change with how many hits were asked for; one that is missing from a shorter list does not match at all.
    """
    rests = [_score_at(limit, places) for places in (vector, keyword)]
    found = ((id, vector.get(id), keyword.get(id)) for id in dict.fromkeys([*vector, *keyword]))
    return {id: alpha * _at_least(rests[0], one) + (1 - alpha) * _at_least(rests[1], other) for id, one, other in found}


def _score_at(rank: int, places: Places) -> float:
    return next((place.score for place in places.values() if place.rank == rank), 0.0)


def _at_least(rest: float, place: Place | None) -> float:
    return max(rest, place.score) if place else rest


def _by_rank(places: Places, k: int) -> dict[str, float]:
    return {id: rank_score(place.rank, k) for id, place in places.items()}


def _by_distribution(places: Places) -> dict[str, float]:
    values = [place.raw for place in places.values()]
    mean = fmean(values) if values else 0.0
    spread = sqrt(fmean((value - mean) ** 2 for value in values)) if values else 0.0
    if not spread:
        return dict.fromkeys(places, 0.5)
    low = mean - 3 * spread
    return {id: min(max((place.raw - low) / (6 * spread), 0.0), 1.0) for id, place in places.items()}


def _weighted(vector: Mapping[str, float], keyword: Mapping[str, float], weights: tuple[float, float]) -> dict[str, float]:
    share = weights[0] / sum(weights)
    return {id: share * vector.get(id, 0.0) + (1 - share) * keyword.get(id, 0.0) for id in dict.fromkeys([*vector, *keyword])}

"""Maximal marginal relevance (Carbonell and Goldstein 1998): hits that are relevant and differ from each other."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.retrieval.search.hits import ChunkHit


def diversify(hits: Sequence[ChunkHit], vectors: Mapping[str, Sequence[float]], diversity: float, count: int) -> list[ChunkHit]:
    """Return `count` of the hits in the order in which they are selected.

    Each time it is the one with the most of (1 - diversity) * score - diversity * its greatest cosine to one selected before.
    `vectors` are those of the points. Hits without a vector, or with vectors of different spaces, count as not similar.
    """
    relevance = np.array([each.score for each in hits])
    similarity = _similarity(hits, vectors)
    nearest = np.zeros(len(hits))
    selected: list[int] = []
    for _ in range(min(count, len(hits))):
        value = (1 - diversity) * relevance - diversity * nearest
        value[selected] = -np.inf
        selected.append(int(np.argmax(value)))
        nearest = np.maximum(nearest, similarity[selected[-1]])
    return [hits[i] for i in selected]


def _similarity(hits: Sequence[ChunkHit], vectors: Mapping[str, Sequence[float]]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return the cosines between hits, at least 0, with shape (hits, hits)."""
    similarity = np.zeros((len(hits), len(hits)))
    spaces: dict[str, list[int]] = {}
    for i, each in enumerate(hits):
        if each.candidate.id in vectors:
            spaces.setdefault(each.candidate.store.space, []).append(i)
    for members in spaces.values():
        matrix = np.array([vectors[hits[i].candidate.id] for i in members])
        similarity[np.ix_(members, members)] = np.clip(matrix @ matrix.T, 0.0, 1.0)
    return similarity

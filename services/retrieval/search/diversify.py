"""Maximal marginal relevance (Carbonell and Goldstein 1998): hits that are relevant and not all the same."""

from collections.abc import Mapping, Sequence

import numpy as np

from services.retrieval.search.hits import Found


def diversify(found: Sequence[Found], vectors: Mapping[str, Sequence[float]], diversity: float, count: int) -> list[Found]:
    """Return `count` of the hits in the order in which they are chosen.

    Each time it is the one with the most of (1 - diversity) * score - diversity * its greatest cosine to one chosen before.
    `vectors` are those of the points; hits without one, or of different dimensions, count as unlike.
    """
    relevance = np.array([each.score for each in found])
    likeness = _likeness(found, vectors)
    nearest = np.zeros(len(found))
    chosen: list[int] = []
    for _ in range(min(count, len(found))):
        value = (1 - diversity) * relevance - diversity * nearest
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
        nearest = np.maximum(nearest, likeness[chosen[-1]])
    return [found[i] for i in chosen]


def _likeness(found: Sequence[Found], vectors: Mapping[str, Sequence[float]]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return the cosines between hits, at least 0, of shape (hits, hits)."""
    likeness = np.zeros((len(found), len(found)))
    spaces: dict[str, list[int]] = {}
    for i, each in enumerate(found):
        if each.candidate.id in vectors:
            spaces.setdefault(each.candidate.store.space, []).append(i)
    for members in spaces.values():
        matrix = np.array([vectors[found[i].candidate.id] for i in members])
        likeness[np.ix_(members, members)] = np.clip(matrix @ matrix.T, 0.0, 1.0)
    return likeness

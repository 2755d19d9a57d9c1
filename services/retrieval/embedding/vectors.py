"""The type of a model's vectors, and their normalization."""

from typing import TypeAlias

import numpy as np

Vectors: TypeAlias = "np.ndarray[tuple[int, int], np.dtype[np.float32]]"
"""One vector a row: float32 of shape (texts, dimension)."""


def normalize(vectors: Vectors) -> Vectors:
    """Return the vectors scaled to length 1; a zero vector stays zero."""
    normalized: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return normalized

import numpy as np
import pytest

from services.retrieval.embedding.vectors import normalize


def test_vectors_get_length_one_and_a_zero_vector_stays_zero() -> None:
    normalized = normalize(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32))
    assert normalized.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, 0.0]]

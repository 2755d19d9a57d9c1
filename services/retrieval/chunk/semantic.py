"""Where the subject of a text changes: between sentences whose surroundings are far apart in the embedder's space."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from services.retrieval.chunk.boundaries import BREAK, SENTENCE, Boundary, sentence_boundaries
from services.retrieval.chunk.tokens import PassageEmbedder
from services.retrieval.embedding.vectors import Vectors

WINDOW = 512  # sentences that are compared with each other; more make the threshold steadier and the first chunk later
CONTEXT = 2  # sentences on each side of a gap


def semantic_boundaries(text: str, percentile: float, embedder: PassageEmbedder) -> Iterator[Boundary]:
    """Yield where sentences begin, with a break before those whose gap is wider than `percentile` percent of the gaps around it."""
    starts = (offset for offset, _ in sentence_boundaries(text))
    pending = list(islice(starts, WINDOW + 1))
    while pending:
        ends = [*pending[1:], len(text)][:WINDOW]
        window = pending[: len(ends)]
        vectors = embedder.embed_passages([text[start:end].strip() for start, end in zip(window, ends, strict=True)])
        gaps = _measure_gaps(vectors)
        threshold = float(np.percentile(gaps, percentile)) if len(gaps) else 0.0
        yield window[0], SENTENCE
        yield from ((start, BREAK if gap > threshold else SENTENCE) for start, gap in zip(window[1:], gaps.tolist(), strict=True))
        pending = [*pending[len(window) :], *islice(starts, WINDOW)]


def _measure_gaps(vectors: Vectors) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """Return, for each pair of consecutive sentences, one minus the cosine between what is before and what is after."""
    sums = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), np.cumsum(vectors, axis=0)])
    positions = np.arange(1, len(vectors))
    before = sums[positions] - sums[np.maximum(positions - CONTEXT, 0)]
    after = sums[np.minimum(positions + CONTEXT, len(vectors))] - sums[positions]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    gaps: np.ndarray[tuple[int], np.dtype[np.float32]] = 1 - np.sum(before * after, axis=1) / np.maximum(lengths, 1e-12)
    return gaps

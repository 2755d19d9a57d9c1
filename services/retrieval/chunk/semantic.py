"""Where the subject changes: between sentences whose neighbourhoods are far from each other in the embedder's space."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from services.retrieval.chunk.marks import BREAK, SENTENCE, Mark, sentence_marks
from services.retrieval.chunk.tokens import Embeds
from services.retrieval.embedding.vectors import Vectors

TOGETHER = 512  # sentences compared with each other; more make the threshold steadier and the first chunk later
NEAR = 2  # sentences on each side of a gap


def semantic_marks(text: str, percentile: float, embedder: Embeds) -> Iterator[Mark]:
    """Mark sentences, with a break before those whose gap is wider than `percentile` percent of the gaps around."""
    starts = (offset for offset, _ in sentence_marks(text))
    held = list(islice(starts, TOGETHER + 1))
    while held:
        ends = [*held[1:], len(text)][:TOGETHER]
        now = held[: len(ends)]
        vectors = embedder.embed_passages([text[start:end].strip() for start, end in zip(now, ends, strict=True)])
        gaps = _gaps(vectors)
        limit = float(np.percentile(gaps, percentile)) if len(gaps) else 0.0
        yield now[0], SENTENCE
        yield from ((start, BREAK if gap > limit else SENTENCE) for start, gap in zip(now[1:], gaps.tolist(), strict=True))
        held = [*held[len(now) :], *islice(starts, TOGETHER)]


def _gaps(vectors: Vectors) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    """Return, for each neighbouring pair of sentences, one minus the cosine between what is before and what is after."""
    sums = np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), np.cumsum(vectors, axis=0)])
    at = np.arange(1, len(vectors))
    before = sums[at] - sums[np.maximum(at - NEAR, 0)]
    after = sums[np.minimum(at + NEAR, len(vectors))] - sums[at]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    gaps: np.ndarray[tuple[int], np.dtype[np.float32]] = 1 - np.sum(before * after, axis=1) / np.maximum(lengths, 1e-12)
    return gaps

"""How similar the sentences of an answer are to the passages in meaning: cosines of their vectors from the store's own embedding model."""

import asyncio
from collections.abc import Sequence
from operator import mul

from services.generation.answers.attribute import SENTENCE, Similarities, passage_text
from services.generation.grounding.retrieve import Embedder
from shared.contracts.search import SearchHit
from shared.errors import TandemError, Unavailable
from shared.log import get_logger

TIMEOUT_SECONDS = 5.0
MAX_PIECE_CHARS = 400  # within the window of every common embedding model
MAX_PAIRS = 8192  # of sentences and pieces: some 50 ms of one core
Vector = Sequence[float]

log = get_logger(__name__)


async def compare(
    sentences: Sequence[str], hits: Sequence[SearchHit], embedder: Embedder, timeout_seconds: float = TIMEOUT_SECONDS
) -> Similarities | None:
    """Return the cosine of each sentence and the most similar piece of each passage, at least 0; None if it cannot be computed in time."""
    pieces = [split_into_pieces(passage_text(hit)) for hit in hits]
    all_pieces = [piece for each in pieces for piece in each]
    if not sentences or not all_pieces or len(sentences) * len(all_pieces) > MAX_PAIRS:
        return None
    try:
        async with asyncio.timeout(timeout_seconds):
            vectors = await embedder.embed(hits[0].vector_store_id, [*sentences, *all_pieces])
        if len(vectors) != len(sentences) + len(all_pieces):
            raise Unavailable("The embeddings response has too few vectors.")
    except (TandemError, TimeoutError) as error:
        log.warning("sentences are compared by words alone", problem=str(error) or type(error).__name__)
        return None
    return await asyncio.to_thread(_cosines, vectors[: len(sentences)], vectors[len(sentences) :], [len(each) for each in pieces])


def split_into_pieces(text: str) -> list[str]:
    """Return the text in pieces of up to 400 characters, which end with a sentence if possible."""
    pieces: list[str] = []
    for match in SENTENCE.finditer(text):
        for start in range(match.start(), match.end(), MAX_PIECE_CHARS):
            part = text[start : min(start + MAX_PIECE_CHARS, match.end())]
            if pieces and len(pieces[-1]) + len(part) < MAX_PIECE_CHARS:
                pieces[-1] += f" {part}"
            else:
                pieces.append(part)
    return pieces


def _cosines(sentences: Sequence[Vector], pieces: Sequence[Vector], piece_counts: Sequence[int]) -> Similarities:
    """Return the best cosine of each sentence and each passage; `piece_counts` says how many of the pieces are each passage's."""
    ends = [sum(piece_counts[: index + 1]) for index in range(len(piece_counts))]
    spans = [(end - count, end) for end, count in zip(ends, piece_counts, strict=True)]
    rows = [[sum(map(mul, one, other)) for other in pieces] for one in sentences]
    return [[max([0.0, *row[start:end]]) for start, end in spans] for row in rows]

"""How like the sentences of an answer are to the passages in meaning: cosines of what the store's own embedder makes of both."""

import asyncio
from collections.abc import Sequence
from operator import mul

from services.generation.answers.attribute import SENTENCE, Likeness, passage
from services.generation.grounding.retrieve import Embeds
from shared.contracts.search import SearchHit
from shared.errors import TandemError, Unavailable
from shared.log import get_logger

SECONDS = 5.0
LONGEST_PIECE = 400  # characters; within the window of every common embedder
MOST_PAIRS = 8192  # of sentences and pieces; some 50 ms of one core
Vector = Sequence[float]

log = get_logger(__name__)


async def likeness(said: Sequence[str], hits: Sequence[SearchHit], stores: Embeds, seconds: float = SECONDS) -> Likeness | None:
    """Return the cosine of each sentence and the piece of each passage most like it, at least 0; None where it cannot be had in time."""
    cut = [pieces(passage(hit)) for hit in hits]
    flat = [piece for each in cut for piece in each]
    if not said or not flat or len(said) * len(flat) > MOST_PAIRS:
        return None
    try:
        async with asyncio.timeout(seconds):
            vectors = await stores.embed(hits[0].vector_store_id, [*said, *flat])
        if len(vectors) != len(said) + len(flat):
            raise Unavailable("Some vectors are missing.")
    except (TandemError, TimeoutError) as error:
        log.warning("sentences are held against passages by words alone", problem=str(error) or type(error).__name__)
        return None
    return await asyncio.to_thread(_compare, vectors[: len(said)], vectors[len(said) :], [len(each) for each in cut])


def pieces(text: str) -> list[str]:
    """Return a text in pieces of up to 400 characters that end with sentences where they can."""
    found: list[str] = []
    for match in SENTENCE.finditer(text):
        for start in range(match.start(), match.end(), LONGEST_PIECE):
            part = text[start : min(start + LONGEST_PIECE, match.end())]
            if found and len(found[-1]) + len(part) < LONGEST_PIECE:
                found[-1] += f" {part}"
            else:
                found.append(part)
    return found


def _compare(said: Sequence[Vector], flat: Sequence[Vector], sizes: Sequence[int]) -> Likeness:
    ends = [sum(sizes[: place + 1]) for place in range(len(sizes))]
    spans = [(end - size, end) for end, size in zip(ends, sizes, strict=True)]
    rows = [[sum(map(mul, one, other)) for other in flat] for one in said]
    return [[max([0.0, *row[start:end]]) for start, end in spans] for row in rows]

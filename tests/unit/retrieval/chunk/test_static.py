import random

import pytest

from services.retrieval.chunk import chunk
from services.retrieval.parse import Document
from tests.unit.retrieval.chunk.chunking import WORDS, sizes


@pytest.mark.parametrize("seed", range(20))
def test_chunks_are_spans_that_cover_every_token_and_overlap_as_requested(seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice(["wörd ", "a", "\n\n", "b. ", "\t", "long-er ", "文 "]) for _ in range(dice.randint(1, 2000))) + " end"
    size = dice.randint(16, 100)
    overlap = dice.randint(0, size // 2)
    chunks = list(chunk(Document(text), sizes(size, overlap), WORDS))
    every = WORDS.token_offsets(text)
    covered: set[tuple[int, int]] = set()
    for position, each in enumerate(chunks):
        assert each.position == position
        assert each.text == text[each.start : each.end]
        inside = [span for span in every if each.start <= span[0] and span[1] <= each.end]
        assert len(inside) == size or (each is chunks[-1] and len(inside) <= size)
        if position:
            assert len([span for span in inside if span in covered]) == overlap
            assert set(inside) - covered
        covered |= set(inside)
    assert covered == set(every)

import asyncio
from collections.abc import Sequence

import pytest

from services.generation.answers.similarity import LONGEST_PIECE, likeness, pieces
from tests.fakes import embed_words, make_hit

pytestmark = pytest.mark.anyio
HITS = [make_hit("The seal is turquoise.", 0.9), make_hit("Cedar. " * 200, 0.5), make_hit("", 0.1)]


class Stores:
    """Embedder by words; leaves some out, or never answers."""

    def __init__(self, lose: int = 0, hangs: bool = False) -> None:
        self.lose, self.hangs = lose, hangs
        self.asked: list[str] = []

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        if self.hangs:
            await asyncio.Event().wait()
        self.asked.append(store_id)
        return [embed_words(text) for text in texts][self.lose :]


async def test_a_sentence_is_as_like_to_a_passage_as_to_its_nearest_piece() -> None:
    rows = await likeness(["The seal is turquoise.", "cedar"], HITS, Stores())
    assert rows is not None
    assert [[round(each, 2) for each in row] for row in rows] == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@pytest.mark.parametrize("stores", [Stores(lose=1), Stores(hangs=True)])
async def test_what_cannot_be_had_in_time_or_whole_is_none(stores: Stores) -> None:
    assert await likeness(["The seal is turquoise."], HITS, stores, seconds=0.05) is None


async def test_too_much_to_compare_is_not_asked_for() -> None:
    stores = Stores()
    assert await likeness(["a"] * 5000, HITS, stores) is None
    assert await likeness([], HITS, stores) is None
    assert await likeness(["a"], [], stores) is None
    assert stores.asked == []


def test_pieces_end_with_sentences_where_they_can() -> None:
    text = "One two three. " * 50 + "x" * 1000
    found = pieces(text)
    assert all(len(piece) <= LONGEST_PIECE for piece in found)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert found[0].endswith("three.")

import asyncio
from collections.abc import Sequence

import pytest

from services.generation.answers.similarity import MAX_PIECE_CHARS, compare, split_into_pieces
from tests.fake_retrieval import embed_words, make_hit

pytestmark = pytest.mark.anyio
HITS = [make_hit("The seal is turquoise.", 0.9), make_hit("Cedar. " * 200, 0.5), make_hit("", 0.1)]


class WordEmbedder:
    """Embeds by words; leaves some vectors out, or never answers."""

    def __init__(self, missing: int = 0, hangs: bool = False) -> None:
        self.missing, self.hangs = missing, hangs
        self.store_ids: list[str] = []

    async def embed(self, store_id: str, texts: Sequence[str]) -> list[list[float]]:
        if self.hangs:
            await asyncio.Event().wait()
        self.store_ids.append(store_id)
        return [embed_words(text) for text in texts][self.missing :]


async def test_the_similarity_of_a_passage_is_that_of_its_most_similar_piece() -> None:
    rows = await compare(["The seal is turquoise.", "cedar"], HITS, WordEmbedder())
    assert rows is not None
    assert [[round(each, 2) for each in row] for row in rows] == [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]


@pytest.mark.parametrize("embedder", [WordEmbedder(missing=1), WordEmbedder(hangs=True)])
async def test_missing_or_late_vectors_give_no_similarities(embedder: WordEmbedder) -> None:
    assert await compare(["The seal is turquoise."], HITS, embedder, timeout_seconds=0.05) is None


async def test_nothing_is_embedded_if_there_is_too_much_or_nothing_to_compare() -> None:
    embedder = WordEmbedder()
    assert await compare(["a"] * 5000, HITS, embedder) is None
    assert await compare([], HITS, embedder) is None
    assert await compare(["a"], [], embedder) is None
    assert embedder.store_ids == []


def test_pieces_end_with_a_sentence_if_possible() -> None:
    text = "One two three. " * 50 + "x" * 1000
    pieces = split_into_pieces(text)
    assert all(len(piece) <= MAX_PIECE_CHARS for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert pieces[0].endswith("three.")

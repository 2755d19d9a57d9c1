import random

import pytest

from services.retrieval.chunk import AUTO, chunk
from services.retrieval.chunk import tokens as tokens_module
from services.retrieval.parse import Document, Heading
from shared.contracts.chunking import StaticChunking, StaticStrategy
from tests.unit.retrieval.stand_ins import WordEmbedder

WORDS = WordEmbedder()


def sizes(size: int, overlap: int) -> StaticStrategy:
    return StaticStrategy(static=StaticChunking(max_chunk_size_tokens=size, chunk_overlap_tokens=overlap))


@pytest.mark.parametrize("seed", range(20))
def test_chunks_are_spans_of_the_text_that_cover_every_token_and_overlap_as_asked(seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice(["wörd ", "a", "\n\n", "b. ", "\t", "long-er ", "文 "]) for _ in range(dice.randint(1, 2000))) + " end"
    size = dice.randint(16, 100)
    overlap = dice.randint(0, size // 2)
    chunks = list(chunk(Document(text), sizes(size, overlap), WORDS))
    every = WORDS.offsets(text)
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


def test_a_text_of_exactly_one_chunk_makes_one() -> None:
    text = " ".join(["word"] * 100)
    assert [each.text for each in chunk(Document(text), AUTO, WORDS)] == [text]


def test_a_text_is_tokenized_in_sections_without_anyone_noticing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{i}" for i in range(3000)) + "x" * 500
    whole = list(chunk(Document(text), sizes(50, 10), WORDS))
    monkeypatch.setattr(tokens_module, "SECTION", 300)
    assert list(chunk(Document(text), sizes(50, 10), WORDS)) == whole


def test_a_chunk_knows_page_headings_and_title() -> None:
    text = "Alpha\n\n" + "one " * 100 + "\n\nBeta\n\n" + "two " * 100
    beta = text.index("Beta")
    document = Document(text, "Guide", (0, beta), (Heading(0, 1, "Alpha"), Heading(beta, 2, "Beta")))
    chunks = list(chunk(document, sizes(50, 0), WORDS))
    assert (chunks[0].page, chunks[0].heading_path, chunks[0].title) == (1, ["Alpha"], "Guide")
    assert (chunks[-1].page, chunks[-1].heading_path) == (2, ["Alpha", "Beta"])


def test_a_chunk_is_embedded_under_the_headings_it_does_not_show_itself() -> None:
    document = Document("Alpha\n\n" + "one " * 60, "Alpha", (), (Heading(0, 1, "Alpha"),))
    first, second = chunk(document, sizes(40, 0), WORDS)
    assert first.in_context == first.text
    assert second.in_context == f"Alpha\n{second.text}"

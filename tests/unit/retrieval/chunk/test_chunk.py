import random
from typing import Any

import pytest
import sentencex

from services.retrieval.chunk import AUTO, boundaries, chunk, split
from services.retrieval.chunk import tokens as tokens_module
from services.retrieval.contracts.chunking import StaticChunking, StaticStrategy, parse_strategy
from services.retrieval.parse import Document, Heading, long_text
from tests.fake_embedder import WordEmbedder

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


def test_a_text_of_exactly_one_chunk_makes_one() -> None:
    text = " ".join(["word"] * 100)
    assert [each.text for each in chunk(Document(text), AUTO, WORDS)] == [text]


def test_a_text_is_tokenized_in_sections_without_anyone_noticing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(f"word{i}" for i in range(3000)) + "x" * 500
    whole = list(chunk(Document(text), sizes(50, 10), WORDS))
    monkeypatch.setattr(tokens_module, "SECTION_LENGTH", 300)
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


@pytest.mark.parametrize("name", ["static", "sentence", "recursive", "markdown", "semantic", "parent_child"])
def test_a_long_document_is_cut_part_by_part_without_anyone_noticing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [f"# Part {i}\n\nOne sentence {i}. Another one.\n\n| a | b |\n| --- | --- |\n| {i} | 2 |" for i in range(60)]
    text = "\n\n".join(blocks)
    headings = tuple(Heading(text.index(block), 1, block.split("\n")[0][2:]) for block in blocks)
    overlap = {} if name == "semantic" else {"chunk_overlap_tokens": 8}
    strategy = parse_strategy({"type": name, name: {"max_chunk_size_tokens": 30, **({"chunk_overlap_tokens": 0} | overlap)}})
    whole = list(chunk(Document(text, headings=headings), strategy, WORDS))
    monkeypatch.setattr(long_text, "SLICE_LENGTH", 256)
    monkeypatch.setattr(split, "MAX_PART_LENGTH", 900)
    kept = Document(long_text.store([text]), headings=headings)
    assert not isinstance(kept.body, str)
    piecewise = list(chunk(kept, strategy, WORDS))
    if name == "semantic":  # the gaps that are compared with each other are those of one part
        assert "".join(each.text.replace("\n", "") for each in piecewise) == text.replace("\n", "")
    else:
        assert piecewise == whole


@pytest.mark.parametrize("text", ["word " * 2000, "x" * 9000, "line\n" * 2000, "para\n\n" * 1500])
def test_parts_make_up_the_whole_text_whatever_it_is(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(split, "MAX_PART_LENGTH", 1000)
    found = list(split.split_document(Document(text)))
    assert "".join(part.text for _, part in found) == text
    assert [begin for begin, _ in found] == [sum(len(part.text) for _, part in found[:number]) for number in range(len(found))]
    assert max(len(part.text) for _, part in found) <= 1000


class CountingEmbedder(WordEmbedder):
    """Counts the characters that it cuts into tokens."""

    characters = 0

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        self.characters += len(text)
        return super().token_offsets(text)


class CountedHeadings(tuple[Heading, ...]):
    """Counts how often one is looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> Any:
        self.looks += isinstance(at, int)
        return super().__getitem__(at)


GROWING = {
    "table": "| a | 1 |\n", "letters": "a\n", "one line": "word ", "no blanks": "x", "headings": "# h\n", "code": "```\nx = 1\n```\n",
    "prose": "A sentence of words. Another.\n\n", "Chinese": "这是一句话。",
}  # fmt: skip


@pytest.mark.parametrize("name", ["static", "sentence", "recursive", "markdown", "semantic", "parent_child"])
@pytest.mark.parametrize("unit", GROWING.values(), ids=GROWING)
def test_the_work_grows_with_the_length_of_a_text_and_not_with_its_square(name: str, unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []

    def find(language: str, text: str) -> object:
        searched.append(len(text) if " " in text else len(text) ** 2)
        return sentencex.get_sentence_boundaries(language, text)

    monkeypatch.setattr(boundaries, "get_sentence_boundaries", find)

    def work(length: int) -> list[int]:
        searched.clear()
        embedder, text = CountingEmbedder(), (unit * length)[:length].strip()
        starts = list(range(0, len(text), len(unit))) if unit.startswith("#") else []
        headings = CountedHeadings(Heading(start, 1, "h") for start in starts)
        strategy = parse_strategy({"type": name, name: {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}})
        assert list(chunk(Document(text, headings=headings), strategy, embedder))
        return [embedder.characters, sum(searched), headings.looks]

    for small, large in zip(work(30_000), work(120_000), strict=True):
        assert large <= 5 * small + 100

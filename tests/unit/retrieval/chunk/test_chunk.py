import random
import time
from typing import Any

import pytest
import sentencex

from services.retrieval.chunk import AUTO, boundaries, chunk, token_spans
from services.retrieval.contracts.chunking import parse_strategy
from services.retrieval.parse import Document, Heading
from tests.fake_embedder import WordEmbedder
from tests.unit.retrieval.chunk.chunking import WORDS, cut, sizes, tokens_in

STRUCTURED = ("sentence", "recursive", "markdown", "semantic")


PARTS = (
    "Plain words in a sentence. ", "Zwei Sätze. Ünïcode é́ 😀🇩🇪! ", "你好。这是一句话。", "\n", "\n\n", "# Heading\n", "### Deeper\n\n",
    "| a | b |\n| --- | --- |\n| 1 | 2 |\n", "```python\ndef f():\n\n    return 1\n```\n", "- item one\n- item two\n", "  ",
    "x" * 130 + " ", "word " * 40, "Setext\n======\n", "~~~\n```\nopen",
)  # fmt: skip


def headings_of(text: str) -> tuple[Heading, ...]:
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
    return tuple(Heading(start, 1 + text.startswith("###", start) * 2, "Heading") for start in starts if text.startswith("#", start))


def test_a_text_of_exactly_one_chunk_makes_one() -> None:
    text = " ".join(["word"] * 100)
    assert [each.text for each in chunk(Document(text), AUTO, WORDS)] == [text]


def test_a_chunk_knows_page_headings_and_title() -> None:
    text = "Alpha\n\n" + "one " * 100 + "\n\nBeta\n\n" + "two " * 100
    beta = text.index("Beta")
    document = Document(text, "Guide", (0, beta), (Heading(0, 1, "Alpha"), Heading(beta, 2, "Beta")))
    chunks = list(chunk(document, sizes(50, 0), WORDS))
    assert (chunks[0].page, chunks[0].heading_path, chunks[0].title) == (1, ["Alpha"], "Guide")
    assert (chunks[-1].page, chunks[-1].heading_path) == (2, ["Alpha", "Beta"])


def test_a_chunk_is_embedded_after_the_headings_it_does_not_contain() -> None:
    document = Document("Alpha\n\n" + "one " * 60, "Alpha", (), (Heading(0, 1, "Alpha"),))
    first, second = chunk(document, sizes(40, 0), WORDS)
    assert first.in_context == first.text
    assert second.in_context == f"Alpha\n{second.text}"


@pytest.mark.parametrize("name", [*STRUCTURED, "parent_child"])
@pytest.mark.parametrize("seed", range(12))
def test_chunks_are_spans_within_the_size_that_cover_every_token_in_order(name: str, seed: int) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice(PARTS) for _ in range(dice.randint(1, 120))).strip() or "end"
    size = dice.randint(16, 90)
    overlap = dice.randint(0, size // 2)
    chunks = cut(text, name, headings_of(text), max_chunk_size_tokens=size, chunk_overlap_tokens=overlap)
    covered: list[tuple[int, int]] = []
    for position, each in enumerate(chunks):
        assert each.position == position
        assert each.text == text[each.start : each.end]
        inside = tokens_in(each.start, each.end, text)
        repeated = [span for span in inside if covered and span[0] <= covered[-1][0]]
        assert 0 < len(inside) <= size
        assert len(repeated) <= overlap
        assert covered[len(covered) - len(repeated) :] == repeated
        assert len(repeated) < len(inside)
        covered += inside[len(repeated) :]
    assert covered == list(token_spans(text, WORDS))


def test_children_are_in_their_parent_and_parents_cover_everything() -> None:
    text = "\n\n".join(f"Paragraph {i} has a few words. And a second sentence." for i in range(40))
    chunks = cut(text, "parent_child", max_chunk_size_tokens=16, chunk_overlap_tokens=0, parent_max_chunk_size_tokens=64)
    parents = {}
    for each in chunks:
        assert each.parent is not None
        assert each.parent.start <= each.start < each.end <= each.parent.end
        assert each.parent.text == text[each.parent.start : each.parent.end]
        assert len(tokens_in(each.parent.start, each.parent.end, text)) <= 64
        parents[each.parent.start] = each.parent
    assert "\n\n".join(parent.text for parent in parents.values()) == text
    assert len(chunks) > 3 * len(parents)


def test_without_the_contextual_header_a_chunk_is_embedded_unchanged() -> None:
    text, headings = "Alpha\n\n" + "one. " * 60, (Heading(0, 1, "Alpha"),)
    with_it = cut(text, "sentence", headings, max_chunk_size_tokens=40, chunk_overlap_tokens=0)
    without = cut(text, "sentence", headings, max_chunk_size_tokens=40, chunk_overlap_tokens=0, contextual_header=False)
    assert with_it[1].in_context == f"Alpha\n{with_it[1].text}"
    assert without[1].in_context == without[1].text


class CountingEmbedder(WordEmbedder):
    """Counts the characters that it splits into tokens."""

    characters = 0

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        self.characters += len(text)
        return super().token_offsets(text)


class CountedHeadings(tuple[Heading, ...]):
    """Counts how often a heading is read."""

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


HOSTILE = {
    "no spaces": "x" * 1_000_000, "short lines": "a\n" * 60_000, "fences": "```\n" * 40_000, "headings": "# h\n" * 40_000,
    "dots": "." * 100_000,
}  # fmt: skip


@pytest.mark.parametrize("name", ["static", "sentence", "recursive", "markdown", "parent_child"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_cut_into_chunks_of_limited_length(name: str, text: str) -> None:
    began, headings = time.process_time(), headings_of(text) if text.startswith("#") else ()
    chunks = cut(text.strip(), name, headings, max_chunk_size_tokens=200, chunk_overlap_tokens=0)
    assert max(len(each.text) for each in chunks) <= 200 * 100
    assert sum(len(each.text.replace("\n", "")) for each in chunks) == len(text.replace("\n", ""))
    assert time.process_time() - began < 20  # a second or less, unless it takes the square


def test_a_large_document_is_cut_as_its_chunks_are_requested() -> None:
    text = "A sentence of a few words. " * 200_000
    asked: list[int] = []

    class Counting(WordEmbedder):
        def token_offsets(self, text: str) -> list[tuple[int, int]]:
            asked.append(len(text))
            return super().token_offsets(text)

    strategy = parse_strategy({"type": "markdown"})
    first = next(iter(chunk(Document(text), strategy, Counting())))
    assert first.start == 0
    assert sum(asked) < len(text) / 10

import random
import time
from typing import Any

import pytest
from pydantic import ValidationError

from services.retrieval.chunk import Chunk, chunk, token_spans
from services.retrieval.contracts.chunking import parse_strategy
from services.retrieval.parse import Document, Heading
from tests.fake_embedder import WordEmbedder

WORDS = WordEmbedder()
STRUCTURED = ("sentence", "recursive", "markdown", "semantic")
PARTS = (
    "Plain words in a sentence. ", "Zwei Sätze. Ünïcode é́ 😀🇩🇪! ", "你好。这是一句话。", "\n", "\n\n", "# Heading\n", "### Deeper\n\n",
    "| a | b |\n| --- | --- |\n| 1 | 2 |\n", "```python\ndef f():\n\n    return 1\n```\n", "- item one\n- item two\n", "  ",
    "x" * 130 + " ", "word " * 40, "Setext\n======\n", "~~~\n```\nopen",
)  # fmt: skip


def cut(text: str, name: str, headings: tuple[Heading, ...] = (), **sizes: Any) -> list[Chunk]:
    return list(chunk(Document(text, headings=headings), parse_strategy({"type": name, name: sizes}), WORDS))


def tokens_in(start: int, end: int, text: str) -> list[tuple[int, int]]:
    return [span for span in token_spans(text, WORDS) if start <= span[0] and span[1] <= end]


def headings_of(text: str) -> tuple[Heading, ...]:
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
    return tuple(Heading(start, 1 + text.startswith("###", start) * 2, "Heading") for start in starts if text.startswith("#", start))


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


@pytest.mark.parametrize("name", STRUCTURED)
def test_a_sentence_is_whole_wherever_it_fits(name: str) -> None:
    sentences = [f"Number {i} is a sentence of {'some ' * (i % 9)}words." for i in range(60)]
    for overlap in (0, 15):
        for each in cut(" ".join(sentences), name, max_chunk_size_tokens=30, chunk_overlap_tokens=overlap):
            assert each.text.startswith("Number")
            assert each.text.endswith("words.")


def test_an_overlap_repeats_whole_sentences() -> None:
    text = " ".join(f"This is sentence number {i}." for i in range(20))
    first, second, *_ = cut(text, "sentence", max_chunk_size_tokens=24, chunk_overlap_tokens=8)
    assert first.text.endswith("number 3.")
    assert second.text.startswith("This is sentence number 3.")


def test_a_text_longer_than_the_size_is_cut_between_words() -> None:
    chunks = cut("word " * 100, "sentence", max_chunk_size_tokens=16, chunk_overlap_tokens=4)
    assert {len(tokens_in(each.start, each.end, "word " * 100)) for each in chunks} == {16}


TABLE = "| part | price |\n| --- | --- |\n" + "\n".join(f"| bolt {i} | {i} |" for i in range(6))
CODE = "```sh\n# not a heading\n\nmake all\n\nmake test\n```"


@pytest.mark.parametrize("overlap", [0, 30])
@pytest.mark.parametrize("before", range(0, 60, 7))
def test_markdown_keeps_tables_and_code_whole_where_they_fit(before: int, overlap: int) -> None:
    text = f"{'one two three. ' * before}\n\n{TABLE}\n\nA note. Another.\n\n{CODE}\n\n{'four five. ' * 30}"
    chunks = cut(text, "markdown", max_chunk_size_tokens=80, chunk_overlap_tokens=overlap)
    for whole in (TABLE, CODE):
        assert any(whole in each.text for each in chunks)


def test_a_table_longer_than_the_size_is_cut_between_rows() -> None:
    rows = "\n".join(f"| cell {i} | value. And more {i} |" for i in range(50))
    for each in cut(rows, "markdown", max_chunk_size_tokens=40, chunk_overlap_tokens=0):
        assert all(line.startswith("|") and line.endswith("|") for line in each.text.split("\n"))


def test_markdown_cuts_before_headings_and_leaves_none_alone() -> None:
    text = "# Guide\n\n## One\n\n" + "first part. " * 20 + "\n\n## Two\n\n" + "second part. " * 20
    headings = (Heading(0, 1, "Guide"), Heading(text.index("## One"), 2, "One"), Heading(text.index("## Two"), 2, "Two"))
    chunks = cut(text, "markdown", headings, max_chunk_size_tokens=80, chunk_overlap_tokens=20)
    assert [each.text.split("\n")[0] for each in chunks] == ["# Guide", "## Two"]
    assert [each.heading_path for each in chunks] == [["Guide"], ["Guide", "Two"]]


def test_headings_that_are_not_marked_in_the_text_are_followed_too() -> None:
    text = "One\n\n" + "first part. " * 20 + "\n\nTwo\n\n" + "second part. " * 20
    headings = (Heading(0, 1, "One"), Heading(text.index("Two"), 1, "Two"))
    assert [each.text[:3] for each in cut(text, "markdown", headings, max_chunk_size_tokens=90, chunk_overlap_tokens=0)] == ["One", "Two"]


def test_semantic_cuts_where_the_subject_changes() -> None:
    bread = "Bread dough wants flour and water. " * 5
    ships = "The harbour ships sail at noon. " * 5
    chunks = cut(bread + ships, "semantic", max_chunk_size_tokens=200, chunk_overlap_tokens=0, breakpoint_percentile=90)
    assert [each.text for each in chunks] == [bread.strip(), ships.strip()]


def test_the_children_of_a_parent_lie_in_it_and_parents_hold_everything() -> None:
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


def test_without_the_contextual_header_a_chunk_is_embedded_as_it_is() -> None:
    text, headings = "Alpha\n\n" + "one. " * 60, (Heading(0, 1, "Alpha"),)
    with_it = cut(text, "sentence", headings, max_chunk_size_tokens=40, chunk_overlap_tokens=0)
    without = cut(text, "sentence", headings, max_chunk_size_tokens=40, chunk_overlap_tokens=0, contextual_header=False)
    assert with_it[1].in_context == f"Alpha\n{with_it[1].text}"
    assert without[1].in_context == without[1].text


def test_a_strategy_is_stored_as_openai_has_it_and_refused_where_it_makes_no_sense() -> None:
    static = {"type": "static", "static": {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 10}}
    assert parse_strategy(static).model_dump() == static
    assert parse_strategy({"type": "markdown"}).model_dump()["markdown"] == {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}
    with pytest.raises(ValidationError, match="must not be less than max_chunk_size_tokens"):
        parse_strategy({"type": "parent_child", "parent_child": {"parent_max_chunk_size_tokens": 50}})
    with pytest.raises(ValidationError, match="must not exceed half"):
        parse_strategy({"type": "sentence", "sentence": {"max_chunk_size_tokens": 50, "chunk_overlap_tokens": 26}})
    with pytest.raises(ValidationError, match="static"):
        parse_strategy({"type": "static", "static": {}})


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


def test_a_large_document_is_cut_as_it_is_asked_for() -> None:
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

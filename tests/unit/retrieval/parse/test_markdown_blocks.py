import random
import time

import pytest

from services.retrieval.parse import Heading, markdown_blocks
from services.retrieval.parse.markdown_blocks import Block, find_blocks, find_headings

PARTS = ["# One\n", "words\n", "\n", "```\nx\n", "```\n", "- item\n", "| a |\n", "\n\n", "===\n", "> # quoted\n", "  \n"]


def test_headings_are_those_of_commonmark() -> None:
    text = (
        "# Title *in* `code` and [a link](u)\n\nTwo\nlines\n---\n\n- # in a list\n- item\n---\n\n    # in code\n> # in a quotation\n\n"
        "```\n# in a fence\n```\n#no space\n\n#\n\n<div>\n# in HTML\n</div>\n\n### End ###"
    )
    titles = [(text[each.start :].split("\n")[0], each.level, each.text) for each in find_headings(text)]
    assert titles == [(text.split("\n")[0], 1, "Title in code and a link"), ("Two", 2, "Two lines"), ("### End ###", 3, "End")]


def test_blocks_are_code_and_the_text_around_it() -> None:
    text = "# One\nwords\n```py\n\nx = 1\n```\nmore\n \n    indented\n~~~\nopen"
    kinds = [(block.kind, text[block.start : block.end]) for block in find_blocks(text)]
    assert kinds == [
        ("text", "# One\nwords"),
        ("code", "```py\n\nx = 1\n```"),
        ("text", "more"),
        ("text", "    indented"),
        ("code", "~~~\nopen"),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_a_text_that_is_parsed_in_windows_has_the_same_blocks(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    text = "".join(dice.choice(PARTS) for _ in range(400))
    whole: tuple[list[Heading], list[Block]] = list(find_headings(text)), list(find_blocks(text))
    monkeypatch.setattr(markdown_blocks, "WINDOW", 64)
    monkeypatch.setattr(markdown_blocks, "MAX_WINDOW", 10_000)
    assert (list(find_headings(text)), list(find_blocks(text))) == whole


def test_code_of_many_windows_hides_its_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown_blocks, "WINDOW", 64)
    monkeypatch.setattr(markdown_blocks, "MAX_WINDOW", 128)
    text = "```\n" + "# no heading\n\n" * 200 + "```\n\n# Heading"
    assert [heading.text for heading in find_headings(text)] == ["Heading"]


def test_two_megabytes_take_seconds() -> None:
    section = "# Heading\n\nA sentence of words. Another one.\n\n- item one\n- item two\n\n| a | b |\n| --- | --- |\n\n```\nx = 1\n```\n\n"
    text = (section * 20_000)[:2_000_000]
    started = time.process_time()
    assert sum(1 for _ in find_headings(text)) > 10_000
    assert sum(1 for _ in find_blocks(text)) > 50_000
    assert time.process_time() - started < 30  # processor time, about 2 seconds on a quiet machine

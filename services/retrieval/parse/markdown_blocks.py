"""Where the blocks of Markdown begin and end, by markdown-it-py.

A text of any length is parsed a window at a time. Each window but the last is parsed again from its last block on, which may continue in
the next one. A single block that is longer than a window gets a larger one, up to a limit, and is cut there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from services.retrieval.parse.document import MAX_HEADING_LENGTH, Heading
from services.retrieval.parse.long_text import Text

WINDOW = 1 << 16
"""Characters that are parsed together: with more, collecting garbage takes longer than parsing."""
MAX_WINDOW = 1 << 18
MAX_CODE_WINDOW = 1 << 24
"""Code is cheap to parse, and after a cut its end would be mistaken for the beginning of more code."""
MAX_INLINE_LENGTH = 1000
"""Characters of a heading that are searched for links and emphasis."""
INLINE_MARKUP = re.compile(r"[*_`\[\]<>&\\\n]")

# Definitions of links can lie anywhere in a text, and a heading can be read without them.
_HEADINGS = MarkdownIt("commonmark").disable(["reference", "inline"])
_FENCES = MarkdownIt("zero").enable("fence").disable("inline")
_INLINE = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Block:
    """Fenced code, or lines of text without a blank line: the character offsets where it begins and ends."""

    kind: Literal["code", "text"]
    start: int
    end: int


@dataclass(frozen=True)
class _TopLevel:
    """A block that is in no other: its first token, and the source of a heading."""

    token: Token
    source: str
    start: int
    end: int


def find_headings(text: Text, end: int | None = None) -> Iterator[Heading]:
    """Yield the headings of a Markdown text, up to `end`, that are not in a list or a quotation."""
    for block in _parse(text, _HEADINGS, len(text) if end is None else min(end, len(text))):
        if block.token.type == "heading_open":
            heading = _plain_text(block.source[:MAX_INLINE_LENGTH])[:MAX_HEADING_LENGTH]
            if heading:
                yield Heading(block.start, int(block.token.tag[1:]), heading)


def find_blocks(text: Text) -> Iterator[Block]:
    """Yield fenced code and the text around it. Everything else, such as headings and lists, counts as text.

    This is right for text of other formats too, in which a number sign or a dash is no markup.
    """
    for block in _parse(text, _FENCES, len(text)):
        yield Block("code" if block.token.type == "fence" else "text", block.start, block.end)


def _parse(text: Text, parser: MarkdownIt, text_end: int) -> Iterator[_TopLevel]:
    begin, size = 0, WINDOW
    while begin < text_end:
        is_last = begin + size >= text_end
        window = text[begin:text_end] if is_last else _whole_lines(text[begin : begin + size])
        blocks = list(_top_level_blocks(parser, window, begin))
        if not is_last and len(blocks) == 1 and size < (MAX_CODE_WINDOW if blocks[0].token.type == "fence" else MAX_WINDOW):
            size *= 2
            continue
        end = begin + len(window)
        if not is_last and len(blocks) > 1:
            end = blocks.pop().start
        yield from blocks
        begin, size = end, WINDOW


def _whole_lines(window: str) -> str:
    return window[: window.rfind("\n") + 1] or window


def _top_level_blocks(parser: MarkdownIt, window: str, begin: int) -> Iterator[_TopLevel]:
    starts = list(accumulate((len(line) + 1 for line in window.split("\n")), initial=begin))
    tokens = parser.parse(window)
    for position, token in enumerate(tokens):
        if token.level == 0 and token.nesting >= 0 and token.map:
            first, last = token.map
            source = tokens[position + 1].content if token.type == "heading_open" else ""
            yield _TopLevel(token, source, starts[first], starts[last] - 1)


def _plain_text(source: str) -> str:
    """Return inline Markdown without its markup, in one line."""
    if not INLINE_MARKUP.search(source):
        return " ".join(source.split())
    children = _INLINE.parseInline(source)[0].children or []
    parts = (" " if child.type in ("softbreak", "hardbreak") else child.content for child in children if child.type != "html_inline")
    return " ".join("".join(parts).split())

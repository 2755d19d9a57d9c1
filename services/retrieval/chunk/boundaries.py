"""Where a text may be cut, and how well: boundaries are pairs of a character offset and a rank, in order. A lower rank is better.

Each function reads its text once, and yields as it goes. Sentences are found by sentencex, fenced code by markdown-it-py.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Literal, TypeAlias

from sentencex import get_sentence_boundaries

from services.retrieval.chunk.tokens import split_into_sections
from services.retrieval.parse import Document
from services.retrieval.parse.markdown_blocks import find_blocks

Boundary: TypeAlias = tuple[int, int]
LineKind: TypeAlias = Literal["heading", "table", "text"]

BREAK = 0  # always cut here
HEADING = 6  # 1 to 6: before a heading of this level
BLOCK, SENTENCE, LINE, WORD, TOKEN = 7, 8, 9, 10, 11

RUN_LENGTH = 50_000  # characters that are searched for sentences together
# The same for dense text, with less than one space or more than one backtick in so many characters, such as Chinese and code: there the
# time to find sentences grows with the square of the length, and no other thread runs in the meantime.
DENSE_RUN_LENGTH, DENSITY = 5_000, 20
PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
LINE_START = re.compile(r"\n(?=[ \t]*(?:([-*+\u2022]|\d{1,9}[.)])[ \t])?)")
TABLE_ROW = re.compile(r"[ ]{0,3}\|")
HEADING_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*")


def sentence_boundaries(text: str) -> Iterator[Boundary]:
    """Yield where sentences begin; a paragraph ends one too."""
    return ((offset, SENTENCE) for offset, rank in paragraph_boundaries(text) if rank <= SENTENCE)


def paragraph_boundaries(text: str) -> Iterator[Boundary]:
    """Yield where paragraphs, sentences, list items and lines begin."""
    start = 0
    for gap in PARAGRAPH_END.finditer(text):
        yield from _in_paragraph(text, start, gap.start(), BLOCK)
        start = gap.end()
    yield from _in_paragraph(text, start, len(text), BLOCK)


def markdown_boundaries(document: Document) -> Iterator[Boundary]:
    """Yield where headings (of any format), blocks and their parts begin; text after a heading stays with it."""
    text, follows_heading = document.text, False
    ranks = {heading.start: min(max(heading.level, 1), HEADING) for heading in document.headings}
    for start, end, kind in _find_blocks(text, ranks):
        rank = WORD if follows_heading else ranks.get(start, BLOCK) if kind == "heading" else BLOCK
        if kind == "text":
            yield from _in_paragraph(text, start, end, rank)
        else:
            yield start, rank
        if kind in ("code", "table"):
            yield from ((offset, LINE) for offset, _ in _in_lines(text, start, end))
        is_underline = HEADING_UNDERLINE.fullmatch(text, start, end) is not None
        follows_heading = kind == "heading" or (follows_heading and is_underline)


def _in_paragraph(text: str, start: int, end: int, rank: int) -> Iterator[Boundary]:
    """Yield the boundaries in a paragraph, whose beginning has this rank."""
    begin = start
    while begin < end:
        _, stop = next(split_into_sections(text, _run_length(text, begin, end), begin, end))
        boundaries = dict(_in_lines(text, begin, stop))
        sentences = get_sentence_boundaries("en", text[begin:stop])
        boundaries.update((begin + each["start_index"], SENTENCE) for each in sentences)
        boundaries[begin] = rank if begin == start else WORD
        yield from sorted(boundaries.items())
        begin = stop


def _run_length(text: str, begin: int, end: int) -> int:
    end = min(end, begin + RUN_LENGTH)
    threshold = (end - begin) / DENSITY
    return RUN_LENGTH if text.count(" ", begin, end) >= threshold >= text.count("`", begin, end) else DENSE_RUN_LENGTH


def _in_lines(text: str, start: int, end: int) -> Iterator[Boundary]:
    """Yield where the lines after the first begin; an item of a list counts as a sentence."""
    for line in LINE_START.finditer(text, start, end):
        yield line.end(), SENTENCE if line[1] else LINE


def _find_blocks(text: str, headings: Mapping[int, int]) -> Iterator[tuple[int, int, LineKind | Literal["code"]]]:
    """Yield the start, end and kind of each block: fenced code, headings, tables and other text, without blank lines."""
    for block in find_blocks(text):
        if block.kind == "code":
            yield block.start, block.end, "code"
        else:
            yield from _split_by_kind(text, block.start, block.end, headings)


def _split_by_kind(text: str, start: int, end: int, headings: Mapping[int, int]) -> Iterator[tuple[int, int, LineKind]]:
    """Yield each heading separately, and other lines of the same kind together."""

    def kind_of(line: tuple[int, int]) -> tuple[LineKind, int]:
        if line[0] in headings:
            return "heading", line[0]
        return ("table" if TABLE_ROW.match(text, *line) else "text"), 0

    for (kind, _), lines in groupby(_lines(text, start, end), key=kind_of):
        (first, stop), *others = lines
        yield first, others[-1][1] if others else stop, kind


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        yield start, stop
        start = stop + 1

"""Where a text may be cut, and how well: marks are pairs of a character offset and a rank, in order; a lower rank is a better place.

Each function reads its text once and yields as it goes. Sentences are found by sentencex.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from sentencex import get_sentence_boundaries

from services.retrieval.chunk.tokens import sections
from services.retrieval.parse import Document, Heading

Mark: TypeAlias = tuple[int, int]

BREAK = 0  # always cut here
HEADING = 6  # 1 to 6: before a heading of this level
BLOCK, SENTENCE, LINE, WORD, TOKEN = 7, 8, 9, 10, 11

RUN = 50_000  # characters looked at together
# The same of a dense text: with less than one blank or more than one backtick in so many characters, as in Chinese and in code, finding
# sentences takes the square of the length, and no other thread runs meanwhile.
DENSE_RUN, SPARSE = 5_000, 20
GAP = re.compile(r"\n[ \t]*\n\s*")
LINE_START = re.compile(r"\n(?=[ \t]*(?:([-*+\u2022]|\d{1,9}[.)])[ \t])?)")
FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
ROW = re.compile(r"[ ]{0,3}\|")
UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*")


def sentence_marks(text: str) -> Iterator[Mark]:
    """Mark the beginnings of sentences; a paragraph ends one too."""
    return ((offset, SENTENCE) for offset, rank in paragraph_marks(text) if rank <= SENTENCE)


def paragraph_marks(text: str) -> Iterator[Mark]:
    """Mark paragraphs, sentences and list items, and lines."""
    begin = 0
    for gap in GAP.finditer(text):
        yield from _run(text, begin, gap.start(), BLOCK)
        begin = gap.end()
    yield from _run(text, begin, len(text), BLOCK)


def markdown_marks(document: Document) -> Iterator[Mark]:
    """Mark headings (of any format), blocks, and what blocks consist of; what follows a heading stays with it."""
    text, after_heading = document.text, False
    for start, end, rank in _blocks(text, document.headings):
        whole = rank if not after_heading else WORD
        if rank <= HEADING:
            yield start, whole
        elif FENCE.match(text, start, end) or ROW.match(text, start, end):
            yield start, whole
            yield from ((offset, LINE) for offset, _ in _lines(text, start, end))
        else:
            yield from _run(text, start, end, whole)
        after_heading = rank <= HEADING or (after_heading and UNDERLINE.fullmatch(text, start, end) is not None)


def _run(text: str, start: int, end: int, rank: int) -> Iterator[Mark]:
    """Mark the inside of a paragraph, whose beginning has this rank."""
    begin = start
    while begin < end:
        _, stop = next(sections(text, _run_length(text, begin, end), begin, end))
        marks = dict(_lines(text, begin, stop))
        found = get_sentence_boundaries("en", text[begin:stop])
        marks.update((begin + each["start_index"], SENTENCE) for each in found)
        marks[begin] = rank if begin == start else WORD
        yield from sorted(marks.items())
        begin = stop


def _run_length(text: str, begin: int, end: int) -> int:
    end = min(end, begin + RUN)
    few = (end - begin) / SPARSE
    return RUN if text.count(" ", begin, end) >= few >= text.count("`", begin, end) else DENSE_RUN


def _lines(text: str, start: int, end: int) -> Iterator[Mark]:
    """Mark the lines after the first; a list's item is as good as a sentence."""
    for line in LINE_START.finditer(text, start, end):
        yield line.end(), SENTENCE if line[1] else LINE


def _blocks(text: str, found: Sequence[Heading]) -> Iterator[tuple[int, int, int]]:
    """Yield the span and rank of headings (1 to 6) and other blocks (BLOCK), without blank lines."""
    headings = {heading.start: min(max(heading.level, 1), HEADING) for heading in found}
    kind, begin, stop, rank, fence = "", 0, 0, BLOCK, ""
    for start, end in _each_line(text):
        now = "code" if fence else _kind(text, start, end, headings)
        if now != kind or now == "heading" or (start - begin > RUN and now == "text"):
            if kind:
                yield begin, stop, rank
            kind, begin, rank = now, start, headings.get(start, BLOCK)
        if now == "code":
            fence = _fence_after(fence, text[start:end])
            kind = now if fence else "code ends"
        stop = end
    if kind:
        yield begin, stop, rank


def _kind(text: str, start: int, end: int, headings: dict[int, int]) -> str:
    """Return what a line outside of code is; nothing for a blank one."""
    if start in headings:
        return "heading"
    if FENCE.match(text, start, end):
        return "code"
    if ROW.match(text, start, end):
        return "table"
    return "" if text[start:end].isspace() or start == end else "text"


def _fence_after(fence: str, line: str) -> str:
    """Return the fence that is open after this line of code; the first line opens it."""
    found = FENCE.match(line)
    if not fence:
        return found[1] if found else ""
    closes = found and found[1].startswith(fence) and not line[found.end() :].strip()
    return "" if closes else fence


def _each_line(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1

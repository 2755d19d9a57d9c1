"""Plain text, and Markdown (kept as it was written; only its headings are found). No file is held whole."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from services.retrieval.parse.document import LONGEST_HEADING, MOST_HEADINGS, Document, Heading, clean, one_line
from services.retrieval.parse.encoding import open_text
from services.retrieval.parse.long_text import SLICE, Text, keep, slices_of

LONGEST_LINE = 1000
"""Characters of a line that are looked at for a heading."""
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
NOT_A_PARAGRAPH = re.compile(r" {0,3}(?:[-*+>|#]|\d+[.)]|</?\w)|\s*$| {4}|\t")
EMPHASIS = re.compile(r"(\*\*|__|`|\*)(.+?)\1")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def parse_text(path: Path) -> Document:
    """Read plain text."""
    return Document(_read(path))


def parse_markdown(path: Path) -> Document:
    """Read Markdown; the text stays as it is, headings inside code fences do not count."""
    text = _read(path)
    headings = tuple(islice(_headings(_lines(text)), MOST_HEADINGS + 1))
    title = next((heading.text for heading in headings if heading.level == 1), None)
    return Document(text, title, headings=headings)


def _read(path: Path) -> Text:
    with open_text(path) as file:
        return keep(_stripped(clean(block) for block in iter(lambda: file.read(SLICE), "")))


def _stripped(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces of a text without the white space at its ends."""
    blank: list[str] = []
    begun = False
    for piece in pieces:
        piece = piece if begun else piece.lstrip()
        rest = piece.rstrip()
        if rest:
            yield from blank
            yield rest
            blank, begun = [], True
        blank += [piece[len(rest) :]] if begun else []


def _lines(text: Text) -> Iterator[tuple[int, str]]:
    """Yield where each line begins, and the line, of which the beginning will do."""
    start, held = 0, ""
    for number, piece in enumerate(slices_of(text)):
        *whole, rest = piece.split("\n")
        at = number * SLICE
        for line in whole:
            yield start, (held + line)[:LONGEST_LINE]
            at += len(line) + 1
            start, held = at, ""
        held = (held + rest)[:LONGEST_LINE]
    yield start, held


def _headings(lines: Iterable[tuple[int, str]]) -> Iterator[Heading]:
    fence, before, before_start = "", "", 0
    for start, line in lines:
        opening = FENCE.match(line)
        if fence:
            fence = "" if _closes(fence, line) else fence
        elif opening and not (opening[1][0] == "`" and "`" in line[opening.end() :]):
            fence = opening[1]
        elif heading := _heading(line, start, before, before_start):
            yield heading
        before, before_start = ("" if fence or opening else line), start


def _closes(fence: str, line: str) -> bool:
    mark = line.strip()
    return len(mark) >= len(fence) and set(mark) == {fence[0]} and not line.startswith("    ")


def _heading(line: str, start: int, before: str, before_start: int) -> Heading | None:
    atx = ATX.match(line)
    if atx:
        text = _plain(atx[2] or "")
        return Heading(start, len(atx[1]), text) if text else None
    underline = SETEXT.match(line)
    if underline and not NOT_A_PARAGRAPH.match(before):
        return Heading(before_start, 1 if underline[1][0] == "=" else 2, _plain(before))
    return None


def _plain(text: str) -> str:
    return one_line(EMPHASIS.sub(r"\2", LINK.sub(r"\1", text)))[:LONGEST_HEADING]

"""Plain text, and Markdown (kept as it was written; only its headings are found)."""

import re
from collections.abc import Iterator
from pathlib import Path

from services.retrieval.parse.document import Document, Heading, clean, one_line
from services.retrieval.parse.encoding import decode

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
NOT_A_PARAGRAPH = re.compile(r" {0,3}(?:[-*+>|#]|\d+[.)]|</?\w)|\s*$| {4}|\t")
EMPHASIS = re.compile(r"(\*\*|__|`|\*)(.+?)\1")
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def parse_text(path: Path) -> Document:
    """Read plain text."""
    return Document(clean(decode(path.read_bytes())).strip())


def parse_markdown(path: Path) -> Document:
    """Read Markdown; the text stays as it is, headings inside code fences do not count."""
    text = clean(decode(path.read_bytes())).strip()
    headings = tuple(_headings(text))
    title = next((heading.text for heading in headings if heading.level == 1), None)
    return Document(text, title[:200] if title else None, headings=headings)


def _headings(text: str) -> Iterator[Heading]:
    fence, before, before_start, start = "", "", 0, 0
    for line in text.split("\n"):
        opening = FENCE.match(line)
        if fence:
            fence = "" if _closes(fence, line) else fence
        elif opening and not (opening[1][0] == "`" and "`" in line[opening.end() :]):
            fence = opening[1]
        elif heading := _heading(line, start, before, before_start):
            yield heading
        before, before_start = ("" if fence or opening else line), start
        start += len(line) + 1


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
    return one_line(EMPHASIS.sub(r"\2", LINK.sub(r"\1", text)))

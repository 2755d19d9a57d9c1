"""Bytes to text, plain text, and Markdown (kept as it was written; only its headings are found)."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from services.retrieval.parse.document import Document, Heading, InvalidFile, clean, one_line

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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


def decode(data: bytes) -> str:
    """Return `data` as text: by its byte order mark, else as UTF-8, else by what its bytes look like.

    Raises:
        InvalidFile: it is not text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return _refuse_binary(data.decode("utf-8"))
    except UnicodeDecodeError:
        guess = from_bytes(data).best()
    if guess is None:
        raise InvalidFile("The file is not text in any known encoding. Save it as UTF-8.")
    return _refuse_binary(str(guess))


def _refuse_binary(text: str) -> str:
    start = text[:4096]
    if start.count("\0") > len(start) * 0.01:
        raise InvalidFile("The file is binary data, not text. Is the name's ending right?")
    return text


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

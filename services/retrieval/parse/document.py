"""What every format becomes: one text, and where in it pages and headings begin."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from services.retrieval.parse.long_text import Text

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
MOST_HEADINGS = 200_000
LONGEST_HEADING = 200
"""Characters of a heading that are known as such: every chunk below it carries them."""

# A cell that spans places is repeated where its text is no longer than this, and into so many columns at most.
MAX_REPEATED = 200
MAX_SPAN = 100


class UnsupportedFile(Exception):
    """The format is not one that can be read."""


class InvalidFile(Exception):
    """The file cannot be read; the message says why and what would help."""


@dataclass(frozen=True)
class Heading:
    """A heading: the character offset where it begins, its level (1 is the outermost), its text."""

    start: int
    level: int
    text: str


@dataclass(frozen=True)
class Document:
    """A parsed file. `pages[n]` is the character offset where page n+1 begins; empty where the format has no pages.

    `body` is the text, of which parts can be had where it is too long to be held. `note` says what of the file is not in the
    text, and what would help.
    """

    body: Text
    title: str | None = None
    pages: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    note: str | None = None

    @property
    def text(self) -> str:
        """The whole text, however long it is."""
        return self.body[:]

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page (from 1) that `offset` lies on."""
        return bisect.bisect_right(self.pages, offset) or None if self.pages else None

    def heading_path_at(self, offset: int) -> list[str]:
        """Return the headings that `offset` lies under, from the outermost inwards."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.start > offset:
                break
            path = [*(outer for outer in path if outer.level < heading.level), heading]
        return [heading.text for heading in path]


def clean(text: str) -> str:
    """Return `text` with line feeds as its only line ends and without characters that no one can see or store."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


def table_row(cells: list[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def table(rows: list[list[str]]) -> str:
    """Return a Markdown table; the first row is its head. Empty where no cell has text."""
    full = [row for row in rows if any(cell.strip() for cell in row)]
    return "\n".join(table_lines(full, max((len(row) for row in full), default=0)))


def table_lines(rows: Iterable[list[str]], width: int) -> Iterator[str]:
    """Yield the lines of a Markdown table of `width` columns; the first row is its head."""
    full = (table_row(row + [""] * (width - len(row))) for row in rows)
    for head in full:
        yield head
        yield "|" + " --- |" * width
        yield from full


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1

    def again(self) -> Cell:
        """Return what stands in the further places of a cell that spans several: its text where that is short."""
        return self if len(self.text) <= MAX_REPEATED else replace(self, text="")


def spread(rows: list[list[Cell]]) -> list[list[str]]:
    """Return the text of each place of a table.

    A cell that spans several places stands in each, so that every row can be read by itself; once where it is long, or a whole row.
    """
    spread_rows: list[list[str]] = []
    above: dict[int, tuple[str, int]] = {}
    for cells in rows:
        row: list[str] = []
        for cell in cells:
            _take_from_above(row, above)
            again = cell.again().text if len(cells) > 1 or above else ""
            for place in range(max(1, min(cell.columns, MAX_SPAN))):
                if cell.rows > 1:
                    above[len(row)] = (again, cell.rows - 1)
                row.append(again if place else cell.text)
        _take_from_above(row, above)
        spread_rows.append(row)
    return spread_rows


def _take_from_above(row: list[str], above: dict[int, tuple[str, int]]) -> None:
    """Add to a row, where it now ends, what reaches down into it."""
    while len(row) in above:
        text, rows = above.pop(len(row))
        if rows > 1:
            above[len(row)] = (text, rows - 1)
        row.append(text)


@dataclass
class Builder:
    """Collects blocks of text and remembers where pages and headings begin."""

    title: str | None = None
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _pages: list[int] = field(default_factory=list)
    _headings: list[Heading] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)

    def remark(self, note: str) -> None:
        """Note what of the file is not in the text."""
        self._notes.append(note)

    def begin_page(self) -> None:
        """Begin a new page where the next block will be."""
        self._pages.append(self._next())

    def add_heading(self, text: str, level: int) -> None:
        """Add a heading as a block of its own."""
        text = one_line(clean(text))
        if text:
            self._headings.append(Heading(self._next(), level, text[:LONGEST_HEADING]))
            self.add(text)

    def add(self, text: str, separator: str = "\n\n") -> None:
        """Add a block, set off from what comes before by `separator`."""
        text = clean(text).strip("\n")
        if not text.strip():
            return
        if self._length:
            text = separator + text
        self._parts.append(text)
        self._length += len(text)

    def include(self, document: Document, level: int) -> None:
        """Add another document's text and headings, which come below those of `level`; its pages are not this one's."""
        start = self._next()
        self._headings += [Heading(start + each.start, level + each.level, each.text) for each in document.headings]
        self.add(document.text)

    def _next(self) -> int:
        return self._length + 2 if self._length else 0

    def build(self) -> Document:
        """Return what was collected."""
        text = "".join(self._parts)
        pages = tuple(min(start, len(text)) for start in self._pages)
        title = self.title or next((heading.text for heading in self._headings), None)
        return Document(text, one_line(clean(title))[:200] if title else None, pages, tuple(self._headings), " ".join(self._notes) or None)

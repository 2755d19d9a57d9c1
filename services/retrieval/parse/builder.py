"""Collects a document's text block by block, with the offsets of its pages and headings. Knows no format."""

import re
from dataclasses import dataclass, field

from services.retrieval.parse.document import MAX_HEADING_LENGTH, Document, Heading

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# What only terminals display: escape sequences (such as colors), and characters that the next one is printed over.
TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|.\x08")


def clean(text: str) -> str:
    """Return `text` with line feeds as its only line ends and without characters that cannot be displayed or stored."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    if "\x1b" in text or "\b" in text:
        text = TERMINAL.sub("", text)
    return UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """Return `text` with every run of white space replaced by one space."""
    return " ".join(text.split())


@dataclass
class Builder:
    """Collects blocks of text, and records where pages and headings begin."""

    title: str | None = None
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _pages: list[int] = field(default_factory=list)
    _headings: list[Heading] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)

    @property
    def length(self) -> int:
        """The number of characters so far."""
        return self._length

    def add_note(self, note: str) -> None:
        """Record which parts of the file are missing from the text."""
        self._notes.append(note)

    def set_default_title(self, title: str) -> None:
        """Set the title unless there is one."""
        self.title = self.title or title

    def begin_page(self) -> None:
        """Begin a new page with the next block."""
        self._pages.append(self._next_start())

    def add_heading(self, text: str, level: int) -> None:
        """Add a heading as a separate block."""
        text = one_line(clean(text))
        if text:
            self._headings.append(Heading(self._next_start(), level, text[:MAX_HEADING_LENGTH]))
            self.add(text)

    def add(self, text: str, separator: str = "\n\n") -> None:
        """Add a block, with `separator` before it."""
        text = clean(text).strip("\n")
        if not text.strip():
            return
        if self._length:
            text = separator + text
        self._parts.append(text)
        self._length += len(text)

    def include(self, document: Document, level: int) -> None:
        """Add the text and headings of another document, below a heading of `level`; its pages are not included."""
        start = self._next_start()
        self._headings += [Heading(start + each.start, level + each.level, each.text) for each in document.headings]
        self.add(document.text)

    def _next_start(self) -> int:
        return self._length + 2 if self._length else 0

    def build(self) -> Document:
        """Return the document."""
        text = "".join(self._parts)
        pages = tuple(min(start, len(text)) for start in self._pages)
        title = self.title or next((heading.text for heading in self._headings), None)
        return Document(text, one_line(clean(title))[:200] if title else None, pages, tuple(self._headings), " ".join(self._notes) or None)

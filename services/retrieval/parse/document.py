"""What every format becomes: one text, and where in it pages and headings begin. Or the reason why it could not be read."""

import bisect
from dataclasses import dataclass

from services.retrieval.parse.long_text import Text

MAX_HEADINGS = 200_000
MAX_HEADING_LENGTH = 200
"""Characters of a heading that are kept: every chunk below it carries them."""


class UnsupportedFile(Exception):
    """The format is not supported; the message says what is."""


class InvalidFile(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Heading:
    """A heading: the character offset where it begins, its level (1 is the outermost), its text."""

    start: int
    level: int
    text: str


@dataclass(frozen=True)
class Document:
    """A parsed file. `pages[n]` is the character offset where page n+1 begins; empty if the format has no pages.

    `body` is the text; a long one is read in parts. `note` says which parts of the file are missing from the text, and what to do about it.
    `problem` names invalid lines that are missing from the text: a reason to reject the file, unless the user wants the other lines.
    """

    body: Text
    title: str | None = None
    pages: tuple[int, ...] = ()
    headings: tuple[Heading, ...] = ()
    note: str | None = None
    problem: str | None = None

    @property
    def text(self) -> str:
        """The whole text, however long it is."""
        return self.body[:]

    def page_at(self, offset: int) -> int | None:
        """Return the number (from 1) of the page that contains `offset`."""
        return bisect.bisect_right(self.pages, offset) or None if self.pages else None

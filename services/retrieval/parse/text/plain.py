"""Plain text, read as it is. The file is never in memory as a whole."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from services.retrieval.parse.builder import clean
from services.retrieval.parse.document import Document
from services.retrieval.parse.long_text import SLICE_LENGTH, Text, store
from services.retrieval.parse.text.encoding import find_encoding, open_text


def parse_text(path: Path) -> Document:
    """Read plain text.

    Raises:
        InvalidFile: if the file is not text.
    """
    text, note = read_text(path)
    return Document(text, note=note)


def read_text(path: Path) -> tuple[Text, str | None]:
    """Return the text of a file, without white space at its ends, and a note if its encoding is doubtful.

    Raises:
        InvalidFile: if the file is not text.
    """
    encoding = find_encoding(path)
    with open_text(path, encoding) as file:
        return store(_strip(clean(part) for part in iter(lambda: file.read(SLICE_LENGTH), ""))), encoding.note


def _strip(parts: Iterable[str]) -> Iterator[str]:
    """Yield the parts of a text without the white space at its ends."""
    pending: list[str] = []
    has_begun = False
    for part in parts:
        part = part if has_begun else part.lstrip()
        stripped = part.rstrip()
        if stripped:
            yield from pending
            yield stripped
            pending, has_begun = [], True
        pending += [part[len(stripped) :]] if has_begun else []

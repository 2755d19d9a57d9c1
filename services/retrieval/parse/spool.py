"""A document on its way between processes: the text as UTF-8, then everything else as JSON. Written and read in pieces, held once."""

import json
import mmap
from dataclasses import dataclass
from typing import Any, BinaryIO

from services.retrieval.parse.document import Document, Heading, InvalidFile

SLICE = 1024 * 1024


@dataclass(frozen=True)
class Extent:
    """How many bytes of the file are text, and how many there are in all."""

    text: int
    all: int


def write(document: Document, file: BinaryIO, most: int) -> Extent:
    """Write a document whose text may have up to `most` bytes.

    Raises:
        InvalidFile: it has more.
    """
    size = 0
    for start in range(0, len(document.text), SLICE):
        piece = document.text[start : start + SLICE].encode("utf-8", "replace")
        size += len(piece)
        if size > most:
            raise InvalidFile(f"The file holds more than {most} bytes of text (RETRIEVAL_PARSE_TEXT_BYTES). Split it into several files.")
        file.write(piece)
    rest = json.dumps([document.title, document.pages, [_packed(heading) for heading in document.headings], document.note]).encode()
    if len(rest) > most:
        raise InvalidFile("The file has far too many pages and headings. Split it into several files.")
    file.write(rest)
    file.flush()
    return Extent(size, size + len(rest))


def read(file: BinaryIO, extent: Extent) -> Document:
    """Return the document in `file`.

    Raises:
        ValueError: the file does not hold one.
    """
    with mmap.mmap(file.fileno(), extent.all, access=mmap.ACCESS_READ) as data, memoryview(data) as view, view[: extent.text] as text:
        title, pages, headings, note = json.loads(data[extent.text :])
        return Document(str(text, "utf-8"), title, tuple(pages), tuple(Heading(*each) for each in headings), note)


def _packed(heading: Heading) -> list[Any]:
    return [heading.start, heading.level, heading.text]

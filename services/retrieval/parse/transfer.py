"""A document on its way between processes: the text as UTF-8, then everything else as JSON. Neither side holds a long text whole."""

import json
import os
from dataclasses import dataclass
from typing import Any, BinaryIO

from services.retrieval.parse.document import Document, Heading, InvalidFile
from services.retrieval.parse.long_text import SLICE, StoredText, slices_of, write_slices

MOST_BESIDES = 32 * 1024 * 1024
"""Bytes of pages and headings: the service holds them all."""


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
    sizes: list[int] = []
    for size in write_slices(slices_of(document.body), file):
        sizes.append(size)
        if sum(sizes) > most:
            raise InvalidFile(f"The file holds more than {most} bytes of text (RETRIEVAL_PARSE_TEXT_BYTES). Split it into several files.")
    headings = [_packed(heading) for heading in document.headings]
    rest = json.dumps([document.title, document.pages, headings, document.note, sizes]).encode()
    if len(rest) > MOST_BESIDES:
        raise InvalidFile("The file has far too many pages and headings. Split it into several files.")
    file.write(rest)
    file.flush()
    return Extent(sum(sizes), sum(sizes) + len(rest))


def read(file: BinaryIO, extent: Extent) -> Document:
    """Return the document in `file`, which the caller may close.

    Raises:
        ValueError: the file does not hold one.
    """
    if not 0 < extent.all - extent.text <= MOST_BESIDES:
        raise ValueError("too much beside the text")
    rest = os.pread(file.fileno(), extent.all - extent.text, extent.text)
    title, pages, headings, note, sizes = json.loads(rest)
    if sum(sizes) != extent.text:
        raise ValueError("not as much text as there should be")
    text = StoredText(file, sizes)
    body = text if len(text) > SLICE else text[:]
    return Document(body, title, tuple(pages), tuple(Heading(*each) for each in headings), note)


def _packed(heading: Heading) -> list[Any]:
    return [heading.start, heading.level, heading.text]

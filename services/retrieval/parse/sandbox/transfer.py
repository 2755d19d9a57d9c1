"""A document in a file, on its way between processes: the text as UTF-8, then the rest as JSON. Neither keeps a long text in memory."""

import json
import os
from dataclasses import dataclass
from typing import Any, BinaryIO

from services.retrieval.parse.document import Document, Heading, InvalidFile
from services.retrieval.parse.long_text import SLICE_LENGTH, LongText, slices_of, write_slices

MAX_METADATA_BYTES = 32 * 1024 * 1024
"""Bytes of pages and headings: the service keeps them in memory."""


@dataclass(frozen=True)
class Sizes:
    """How many bytes of the file are text, and how many there are in total."""

    text_bytes: int
    total_bytes: int


def write(document: Document, file: BinaryIO, max_text_bytes: int) -> Sizes:
    """Write a document to a file.

    Raises:
        InvalidFile: if its text, or its pages and headings, are too long.
    """
    sizes: list[int] = []
    for size in write_slices(slices_of(document.body), file):
        sizes.append(size)
        if sum(sizes) > max_text_bytes:
            problem = f"The file contains more than {max_text_bytes} bytes of text, the limit of this server."
            raise InvalidFile(f"{problem} Split it into several files.")
    headings = [[heading.start, heading.level, heading.text] for heading in document.headings]
    metadata = json.dumps([document.title, document.pages, headings, document.note, document.problem, sizes]).encode()
    if len(metadata) > MAX_METADATA_BYTES:
        raise InvalidFile("The file has too many pages and headings. Split it into several files.")
    file.write(metadata)
    file.flush()
    return Sizes(sum(sizes), sum(sizes) + len(metadata))


def read(file: BinaryIO, sizes: Sizes) -> Document:
    """Return the document in `file`, which the caller may close.

    Raises:
        ValueError: if the file does not contain a document.
    """
    metadata_bytes = sizes.total_bytes - sizes.text_bytes
    if not 0 < metadata_bytes <= MAX_METADATA_BYTES:
        raise ValueError("the metadata is too long")
    metadata: list[Any] = json.loads(os.pread(file.fileno(), metadata_bytes, sizes.text_bytes))
    title, pages, headings, note, problem, slice_sizes = metadata
    if sum(slice_sizes) != sizes.text_bytes:
        raise ValueError("the text is incomplete")
    text = LongText(file, slice_sizes)
    body = text if len(text) > SLICE_LENGTH else text[:]
    return Document(body, title, tuple(pages), tuple(Heading(*each) for each in headings), note, problem)

"""Step 1 of ingesting: a file's bytes become a `Document`, whatever the format. Knows nothing of chunks.

    document.py   what comes out: text with pages and headings, and the builder that collects it
    stored.py     a text too long to be held, in a file
    formats.py    which format a file is in
    archive.py    what the formats share that are zip archives
    encoding.py   bytes to text
    text.py       plain text, Markdown
    isolated.py   the same as `parse`, in a process with limits: what the service uses (nursery.py: that process; spool.py: the way back)
    ocr.py        text recognition, where it is installed
    html.py  pdf/  docx.py  pptx.py  sheet.py  odf.py  epub.py  eml.py  rtf.py  data.py

Each reader raises `InvalidFile` with a message a user can act on.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from services.retrieval.parse.document import MOST_HEADINGS, Document, Heading, InvalidFile, UnsupportedFile
from services.retrieval.parse.formats import SUPPORTED, find_format
from services.retrieval.parse.long_text import Text, slices_of

Reader = Callable[[Path], Document]
# The readers' libraries are loaded when the first file of their kind comes.
READERS = {
    "text": "text:parse_text", "markdown": "text:parse_markdown", "html": "html:parse_html", "pdf": "pdf:parse_pdf",
    "docx": "docx:parse_docx", "pptx": "pptx:parse_pptx", "sheet": "sheet:parse_sheet", "odf": "odf:parse_odf",
    "epub": "epub:parse_epub", "eml": "eml:parse_eml", "rtf": "rtf:parse_rtf", "csv": "data:parse_csv", "json": "data:parse_json",
}  # fmt: skip
# White space, and characters that take no room or are empty.
INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)

__all__ = ["SUPPORTED", "Document", "Heading", "InvalidFile", "Text", "UnsupportedFile", "parse"]


def parse(path: Path, filename: str) -> Document:
    """Return the document in the bytes at `path`; they tell the format, and the end of `filename` where they do not.

    Raises:
        UnsupportedFile: the format is not one that can be read.
        InvalidFile: the file is broken, encrypted, or holds no text.
    """
    format = find_format(path, filename)
    try:
        document = _reader(format.reader)(path)
    except RecursionError as error:
        raise InvalidFile("The file is nested too deeply to be read.") from error
    if all(INVISIBLE.fullmatch(part) for part in slices_of(document.body)):
        raise InvalidFile(document.note or "The file holds no text.")
    too_many = f"Only the first {MOST_HEADINGS} headings are followed." if len(document.headings) > MOST_HEADINGS else None
    note = " ".join(filter(None, (format.note, document.note, too_many)))
    return replace(document, headings=document.headings[:MOST_HEADINGS], note=note or None)


def _reader(name: str) -> Reader:
    module, _, function = READERS[name].partition(":")
    reader: Reader = getattr(import_module(f"{__name__}.{module}"), function)
    return reader

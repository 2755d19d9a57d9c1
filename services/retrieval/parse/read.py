"""Reading a file of any supported format, in this process. Only the sandbox's child processes call it.

Each reader raises `InvalidFile` with a message that tells the user what to do.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from services.retrieval.parse.document import MAX_HEADINGS, Document, InvalidFile
from services.retrieval.parse.formats import find_format
from services.retrieval.parse.long_text import slices_of

Reader = Callable[[Path], Document]
# A reader's libraries are imported when the first file of its format is read.
READERS = {
    "text": "text.plain:parse_text", "markdown": "text.markdown:parse_markdown", "csv": "text.csv_rows:parse_csv",
    "json": "text.json_values:parse_json", "jsonl": "text.json_values:parse_json_lines", "html": "html.page:parse_html",
    "epub": "html.epub:parse_epub", "eml": "html.eml:parse_eml",
    "pdf": "pdf.parse:parse_pdf", "docx": "office.docx:parse_docx", "pptx": "office.pptx:parse_pptx",
    "sheet": "office.sheet:parse_sheet", "odf": "office.odf:parse_odf", "rtf": "office.rtf:parse_rtf",
}  # fmt: skip
# White space, and characters without width or content.
INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]*"
)


def read_document(path: Path, filename: str) -> Document:
    """Return the document in the bytes at `path`. The bytes decide the format; if they do not, the extension of `filename` does.

    Raises:
        UnsupportedFile: if the format is not supported.
        InvalidFile: if the file is damaged or encrypted, or contains no text.
    """
    format = find_format(path, filename)
    try:
        document = _load_reader(format.reader)(path)
    except RecursionError as error:
        raise InvalidFile("The file is nested too deeply to be read.") from error
    if all(INVISIBLE.fullmatch(part) for part in slices_of(document.body)):
        raise InvalidFile(" ".join(filter(None, ("The file contains no text.", document.note))))
    has_too_many = len(document.headings) > MAX_HEADINGS
    headings_note = f"Only the first {MAX_HEADINGS} headings are used." if has_too_many else None
    note = " ".join(filter(None, (format.note, document.note, headings_note)))
    return replace(document, headings=document.headings[:MAX_HEADINGS], note=note or None)


def import_readers() -> None:
    """Import the modules of all readers, so that processes that are forked later share them."""
    for reader in READERS:
        _load_reader(reader)


def _load_reader(name: str) -> Reader:
    module, _, function = READERS[name].partition(":")
    reader: Reader = getattr(import_module(f"services.retrieval.parse.{module}"), function)
    return reader

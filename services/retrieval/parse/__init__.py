"""Step 1 of ingesting: a file's bytes become a `Document`, whatever the format. Knows nothing of chunks.

    document.py   what comes out: text with pages and headings, and the builder that collects it
    text.py       bytes to text (encodings), plain text, Markdown
    html.py  pdf.py  docx.py

Each format's module raises `InvalidFile` with a message a user can act on.
"""

from collections.abc import Callable
from pathlib import Path

from services.retrieval.parse.document import Document, Heading, InvalidFile, UnsupportedFile

Parser = Callable[[Path], Document]
TEXT = (".txt", ".text", ".log")
MARKDOWN = (".md", ".markdown", ".mdown")
HTML = (".html", ".htm", ".xhtml")
SUPPORTED = "txt, md, html, pdf and docx"

__all__ = ["Document", "Heading", "InvalidFile", "UnsupportedFile", "parse"]


def parse(path: Path, filename: str) -> Document:
    """Return the document in the bytes at `path`; the end of `filename` tells the format.

    Raises:
        UnsupportedFile: the format is not one of those.
        InvalidFile: the file is broken, encrypted, or holds no text.
    """
    parser = _parser_for(Path(filename.lower()).suffix, filename)
    try:
        document = parser(path)
    except RecursionError as error:
        raise InvalidFile("The file is nested too deeply to be read.") from error
    if not document.text:
        raise InvalidFile("The file holds no text. A scanned document needs text recognition (OCR) before it is uploaded.")
    return document


def _parser_for(suffix: str, filename: str) -> Parser:
    # The readers' libraries are loaded when the first file of their kind comes.
    if suffix in TEXT or suffix in MARKDOWN:
        from services.retrieval.parse import text

        return text.parse_markdown if suffix in MARKDOWN else text.parse_text
    if suffix in HTML:
        from services.retrieval.parse.html import parse_html

        return parse_html
    if suffix == ".pdf":
        from services.retrieval.parse.pdf import parse_pdf

        return parse_pdf
    if suffix == ".docx":
        from services.retrieval.parse.docx import parse_docx

        return parse_docx
    raise UnsupportedFile(f"'{filename}' is in a format that cannot be read; supported are {SUPPORTED}. Is the name's ending right?")

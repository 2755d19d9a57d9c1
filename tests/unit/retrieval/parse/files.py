"""Small files of many formats, for the tests of their readers."""

import io
import zipfile
from collections.abc import Callable

import fpdf
from PIL import Image

from services.retrieval.parse import Document
from services.retrieval.parse.document import Heading

Read = Callable[[str, bytes | str], Document]
"""Reads a file of that name and content."""

ODF = 'xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p" xmlns:dc="c"'


def headings_of(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.text) for heading in document.headings]


def heading_path(document: Document, text: str) -> list[str]:
    """Return the headings above the first place of `text`, from the outermost inwards."""
    offset, path = document.text.index(text), list[Heading]()
    for heading in document.headings:
        if heading.start <= offset:
            path = [*(outer for outer in path if outer.level < heading.level), heading]
    return [heading.text for heading in path]


def make_archive(**entries: str) -> bytes:
    """Return a zip archive; `__` in a name is a slash, `_dot_` a dot."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        for name, content in entries.items():
            writer.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return archive.getvalue()


def make_odf(kind: str, body: str) -> bytes:
    content = f"<office:document-content {ODF}><office:body>{body}</office:body></office:document-content>"
    meta = f"<office:document-meta {ODF}><office:meta><dc:title>The pump</dc:title></office:meta></office:document-meta>"
    return make_archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_dot_xml=content, meta_dot_xml=meta)


def make_scan(pages: list[str | None]) -> bytes:
    """Return a PDF in which a page without text is an image."""
    pdf = fpdf.FPDF()
    pdf.set_font("Helvetica")
    for text in pages:
        pdf.add_page()
        if text is None:
            pdf.image(Image.new("L", (60, 60), 128), w=100)
        else:
            pdf.write(text=text)
    return bytes(pdf.output())

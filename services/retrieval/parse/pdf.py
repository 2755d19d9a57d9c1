"""PDF by PDFium: the text layer page by page, and the outline as headings; pages of images by OCR, or noted."""

import re
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from services.retrieval.parse.document import Builder, Document, InvalidFile, clean, one_line
from services.retrieval.parse.ocr import ADVICE, find_recognizer

BROKEN_WORD = re.compile(r"[\x02\ufffe]\n?|\xad\n")
PASSWORD_ERROR = 4
MAX_DEPTH = 5
DOTS_PER_INCH = 200
MAX_PIXELS = 12_000_000
# What programs write where nobody gave a title.
NO_TITLES = {"", "untitled", "(anonymous)", "powerpoint presentation"}
# PDFium is not safe to call from two threads of one process.
ONE_AT_A_TIME = threading.Lock()


def parse_pdf(path: Path) -> Document:
    """Read a PDF's text layer.

    Raises:
        InvalidFile: it is encrypted or broken.
    """
    with ONE_AT_A_TIME:
        pdf = _open(path)
        try:
            return _read(pdf)
        except pdfium.PdfiumError as error:
            raise InvalidFile(f"The PDF is damaged: {error}. Open it in a PDF reader and save it anew.") from error
        finally:
            pdf.close()


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code == PASSWORD_ERROR:
            raise InvalidFile("The PDF is encrypted with a password. Save it without one and upload it again.") from error
        raise InvalidFile(f"The file is not a readable PDF: {error}") from error


def _read(pdf: pdfium.PdfDocument) -> Document:
    title = (pdf.get_metadata_dict().get("Title") or "").strip()
    builder = Builder(title=None if title.lower() in NO_TITLES else title)
    outline = _outline(pdf)
    scanned, recognize = [], find_recognizer()
    for number in range(len(pdf)):
        builder.begin_page()
        with closing(pdf[number]) as page:
            text = _page_text(page)
            if not text.strip() and _has_image(page):
                scanned.append(number + 1)
                text = clean(recognize(_image(page))) if recognize else ""
        _add_page(builder, text, outline.get(number, []))
    if scanned:
        builder.remark(f"{_listed(scanned)} images of text only; {'read by text recognition' if recognize else ADVICE}.")
    return builder.build()


def _page_text(page: pdfium.PdfPage) -> str:
    with closing(page.get_textpage()) as text:
        return clean(BROKEN_WORD.sub("", text.get_text_bounded().replace("\r\n", "\n")))


def _has_image(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH))


def _image(page: pdfium.PdfPage) -> Any:
    """Return a page as a PIL image, sharp enough to be read and never larger than so many pixels."""
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale).to_pil()


def _listed(pages: list[int]) -> str:
    """Return page numbers as one says them: `Pages 1, 3-7 hold`."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    listed = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f"Page {listed} holds" if len(pages) == 1 else f"Pages {listed} hold"


def _outline(pdf: pdfium.PdfDocument) -> dict[int, list[tuple[int, str]]]:
    """Return level and title of the outline's entries by page (from 0)."""
    entries: dict[int, list[tuple[int, str]]] = {}
    try:
        for mark in pdf.get_toc():
            target = mark.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                entries.setdefault(page, []).append((mark.level + 1, one_line(clean(mark.get_title()))))
    except (pdfium.PdfiumError, ValueError, UnicodeError):
        return {}
    return entries


def _add_page(builder: Builder, text: str, outline: list[tuple[int, str]]) -> None:
    """Add a page, with those of its outline's titles as headings that stand in it as lines of their own."""
    lines = text.split("\n")
    begun = 0
    for level, title in outline:
        at = next((i for i in range(begun, len(lines)) if title and one_line(lines[i]) == title), None)
        if at is not None:
            builder.add("\n".join(lines[begun:at]))
            builder.add_heading(lines[at], level)
            begun = at + 1
    builder.add("\n".join(lines[begun:]))

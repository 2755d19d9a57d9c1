"""PDF by PDFium: the text layer page by page, tables as Markdown tables, the outline as headings; images of text by text recognition.

Most pages have neither lines that could be a table's nor columns: their text is taken in PDFium's order.
"""

import re
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from services.retrieval.parse.builder import Builder, clean, one_line
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.pdf.align import find_aligned
from services.retrieval.parse.pdf.cells import read_table
from services.retrieval.parse.pdf.grid import Grid, find_grids
from services.retrieval.parse.pdf.ocr import RecognitionFailed, recognize_text
from services.retrieval.parse.pdf.order import has_columns, in_reading_order, insert_table, join_words
from services.retrieval.parse.pdf.page import Rotation, Word, drawn_lines, read_words, text_boxes
from services.retrieval.parse.tables import table

HYPHENATION = re.compile(r"[\x02\ufffe]\n?|\xad\n")
BLANK_LINES = re.compile(r"\n{3,}")
SCANNED = "images of text only"
DAMAGED = "damaged, not read"
MAX_DAMAGED_PAGES = 100
PASSWORD_ERROR = 4
MAX_DEPTH = 5
# The text of a page with more characters is not laid out; nobody reads such a page.
MAX_CHARACTERS = 100_000
DOTS_PER_INCH = 200
MAX_PIXELS = 12_000_000
# The titles that programs write if a document has none.
DEFAULT_TITLES = {"", "untitled", "(anonymous)", "powerpoint presentation"}
# PDFium must not be called from two threads of one process.
PDFIUM_LOCK = threading.Lock()


def parse_pdf(path: Path) -> Document:
    """Read a PDF.

    Raises:
        InvalidFile: if it is encrypted or damaged.
    """
    with PDFIUM_LOCK:
        pdf = _open(path)
        try:
            return _read(pdf)
        except pdfium.PdfiumError as error:
            raise InvalidFile("The PDF is damaged. Open it in a PDF viewer and save it again.") from error
        finally:
            pdf.close()


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if error.err_code == PASSWORD_ERROR:
            raise InvalidFile("The PDF is protected by a password. Save it without a password, then upload it.") from error
        raise InvalidFile("The file is not a PDF, or is damaged. Open it in a PDF viewer and save it again.") from error


def _read(pdf: pdfium.PdfDocument) -> Document:
    title = (pdf.get_metadata_dict().get("Title") or "").strip()
    builder = Builder(title=None if title.lower() in DEFAULT_TITLES else title)
    outline = _read_outline(pdf)
    remarks: dict[str, list[int]] = {}
    for number in range(len(pdf)):
        builder.begin_page()
        text, remark = _read_page(pdf, number)
        if remark:
            remarks.setdefault(remark, []).append(number + 1)
        if len(remarks.get(DAMAGED, ())) > MAX_DAMAGED_PAGES:
            raise InvalidFile(
                f"The PDF says that it has {len(pdf)} pages, but lacks most of them. Open it in a PDF viewer and save it again."
            )
        _add_page(builder, text, outline.get(number, []))
    for remark, pages in remarks.items():
        builder.add_note(f"{_format_pages(pages)}: {remark}.")
    return builder.build()


def _read_page(pdf: pdfium.PdfDocument, number: int) -> tuple[str, str | None]:
    """Return the text of a page, and a remark for the document's note if there is one."""
    try:
        with closing(pdf[number]) as page:
            text = _read_text(page)
            return _recognize(page) if not text.strip() and _has_image(page) else (text, None)
    except pdfium.PdfiumError:
        return "", DAMAGED


def _recognize(page: pdfium.PdfPage) -> tuple[str, str]:
    """Return the text in the image of a page, and a remark."""
    try:
        return clean(recognize_text(_render(page))), f"{SCANNED}, read by text recognition"
    except RecognitionFailed as error:
        return "", f"{SCANNED}; {error}"


def _read_text(page: pdfium.PdfPage) -> str:
    with closing(page.get_textpage()) as text:
        laid_out = _lay_out(page, text) if text.count_chars() <= MAX_CHARACTERS else None
        return clean(HYPHENATION.sub("", (laid_out or text.get_text_bounded()).replace("\r\n", "\n")))


def _lay_out(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> str | None:
    """Return the text in reading order, with tables; None if PDFium's own order is as good."""
    rotation = Rotation(page)
    grids, is_mixed = find_grids(*drawn_lines(page, rotation)), has_columns(text_boxes(text, rotation))
    if not grids and not is_mixed:
        return None
    words = read_words(text, rotation)
    aligned = _find_aligned(words) if is_mixed else []
    for grid in grids:
        # If lines are drawn between the rows only, the first and the last row may be outside of the grid.
        if grid.down or not any(each.box.contains(*grid.box.center) and each.box.top > grid.box.top for each in aligned):
            words = _replace_with_table(words, grid)
    for grid in _find_aligned(words) if is_mixed else ():
        words = _replace_with_table(words, grid)
    whole = "".join(word.before + word.text for word in in_reading_order(words)).replace("\r", "")
    # Characters beyond the basic multilingual plane may come as two surrogates.
    return BLANK_LINES.sub("\n\n", whole).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _find_aligned(words: list[Word]) -> list[Grid]:
    return find_aligned(join_words([word for word in words if "\n" not in word.text]))


def _replace_with_table(words: list[Word], grid: Grid) -> list[Word]:
    """Return the words with those in a grid replaced by a table, if they make one."""
    inside = [number for number, word in enumerate(words) if grid.box.contains(*word.box.center)]
    rows = read_table(grid, [words[number] for number in inside])
    return insert_table(words, inside, Word("\n\n", table(rows), grid.box)) if rows else words


def _has_image(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH))


def _render(page: pdfium.PdfPage) -> Any:
    """Return a page as a PIL image, sharp enough to be read and not larger than `MAX_PIXELS`."""
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale).to_pil()


def _format_pages(pages: list[int]) -> str:
    """Return page numbers in words: `Pages 1, 3-7`."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    listed = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f"Page {listed}" if len(pages) == 1 else f"Pages {listed}"


def _read_outline(pdf: pdfium.PdfDocument) -> dict[int, list[tuple[int, str]]]:
    """Return the level and title of the outline's entries, by page (from 0)."""
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
    """Add a page. Lines that are titles of the outline become headings."""
    lines = text.split("\n")
    first = 0
    for level, title in outline:
        position = next((i for i in range(first, len(lines)) if title and one_line(lines[i]) == title), None)
        if position is not None:
            builder.add("\n".join(lines[first:position]))
            builder.add_heading(lines[position], level)
            first = position + 1
    builder.add("\n".join(lines[first:]))

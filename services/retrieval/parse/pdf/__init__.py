"""PDF by PDFium: the text layer page by page, tables as Markdown tables, the outline as headings; pages of images by OCR, or noted.

    page.py    what PDFium knows of a page: words and drawn lines
    grid.py    lines to grids
    cells.py   grids and words to tables
    align.py   text in columns to grids, where no lines are drawn
    order.py   the order in which columns are read

Most pages have neither lines that could be a table's nor content that jumps: their text is taken as PDFium gives it.
"""

import re
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from services.retrieval.parse.document import Builder, Document, InvalidFile, clean, one_line, table
from services.retrieval.parse.ocr import NotRecognized, recognize
from services.retrieval.parse.pdf.align import find_aligned
from services.retrieval.parse.pdf.cells import read_table
from services.retrieval.parse.pdf.grid import Grid, find_grids
from services.retrieval.parse.pdf.order import in_reading_order, jumps, pieces_of, with_table
from services.retrieval.parse.pdf.page import Turn, Word, rules, text_boxes, words

BROKEN_WORD = re.compile(r"[\x02\ufffe]\n?|\xad\n")
BLANK_LINES = re.compile(r"\n{3,}")
SCANNED = "images of text only"
DAMAGED = "damaged and not read"
MAX_DAMAGED = 100
PASSWORD_ERROR = 4
MAX_DEPTH = 5
# A page with more is no page that anyone reads; its text is taken as it comes.
MAX_CHARACTERS = 100_000
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
    outcomes: dict[str, list[int]] = {}
    for number in range(len(pdf)):
        builder.begin_page()
        text, outcome = _page(pdf, number)
        if outcome:
            outcomes.setdefault(outcome, []).append(number + 1)
        if len(outcomes.get(DAMAGED, ())) > MAX_DAMAGED:
            raise InvalidFile(f"The PDF claims to have {len(pdf)} pages, which are not in it. Open it in a PDF reader and save it anew.")
        _add_page(builder, text, outline.get(number, []))
    for outcome, pages in outcomes.items():
        builder.remark(f"{_listed(pages)}: {outcome}.")
    return builder.build()


def _page(pdf: pdfium.PdfDocument, number: int) -> tuple[str, str | None]:
    """Return the text of a page, and what is to be said of it, if anything."""
    try:
        with closing(pdf[number]) as page:
            text = _page_text(page)
            return _recognized(page) if not text.strip() and _has_image(page) else (text, None)
    except pdfium.PdfiumError:
        return "", DAMAGED


def _recognized(page: pdfium.PdfPage) -> tuple[str, str]:
    """Return the text in a page that is an image, and how reading it went."""
    try:
        return clean(recognize(_image(page))), f"{SCANNED}, read by text recognition"
    except NotRecognized as error:
        return "", f"{SCANNED}; {error}"


def _page_text(page: pdfium.PdfPage) -> str:
    with closing(page.get_textpage()) as text:
        found = _laid_out(page, text) if text.count_chars() <= MAX_CHARACTERS else None
        return clean(BROKEN_WORD.sub("", (found or text.get_text_bounded()).replace("\r\n", "\n")))


def _laid_out(page: pdfium.PdfPage, text: pdfium.PdfTextPage) -> str | None:
    """Return the text in reading order, with tables; None where PDFium's own order is as good."""
    turn = Turn(page)
    grids, mixed = find_grids(*rules(page, turn)), jumps(text_boxes(text, turn))
    if not grids and not mixed:
        return None
    found = words(text, turn)
    aligned = _aligned(found) if mixed else []
    for grid in grids:
        # Where lines are drawn between the rows only, the first and the last row may stand outside.
        if grid.down or not any(each.box.holds(*grid.box.middle) and each.box.top > grid.box.top for each in aligned):
            found = _with_table(found, grid)
    for grid in _aligned(found) if mixed else ():
        found = _with_table(found, grid)
    whole = "".join(word.before + word.text for word in in_reading_order(found)).replace("\r", "")
    # Characters beyond the first plane may come in two halves.
    return BLANK_LINES.sub("\n\n", whole).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _aligned(found: list[Word]) -> list[Grid]:
    return find_aligned(pieces_of([word for word in found if "\n" not in word.text]))


def _with_table(found: list[Word], grid: Grid) -> list[Word]:
    """Return the words with those in a grid as one, the table, where they make one."""
    inside = [number for number, word in enumerate(found) if grid.box.holds(*word.box.middle)]
    rows = read_table(grid, [found[number] for number in inside])
    return with_table(found, inside, Word("\n\n", table(rows), grid.box)) if rows else found


def _has_image(page: pdfium.PdfPage) -> bool:
    return any(True for _ in page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=MAX_DEPTH))


def _image(page: pdfium.PdfPage) -> Any:
    """Return a page as a PIL image, sharp enough to be read and never larger than so many pixels."""
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    return page.render(scale=scale).to_pil()


def _listed(pages: list[int]) -> str:
    """Return page numbers as one says them: `Pages 1, 3-7`."""
    ranges: list[list[int]] = []
    for page in pages:
        if ranges and page == ranges[-1][1] + 1:
            ranges[-1][1] = page
        else:
            ranges.append([page, page])
    listed = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
    return f"Page {listed}" if len(pages) == 1 else f"Pages {listed}"


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

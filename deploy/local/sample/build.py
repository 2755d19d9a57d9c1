"""Rebuilds the PDF and DOCX documents of the sample handbook from the Markdown texts in `sources/`.

`sources/<name>.pdf.md` becomes `documents/<name>.pdf` and `sources/<name>.docx.md` becomes `documents/<name>.docx`.
The built files are committed and are what the demo and the tests use; run this only after a source text has changed.

    .venv/bin/python deploy/local/sample/build.py

Dates are fixed, so the same versions of the two libraries write the same bytes. It knows only the Markdown that the
sources use: headings, paragraphs, bulleted and numbered lists, and tables.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import docx
from docx.document import Document
from fpdf import FPDF, FontFace  # type: ignore[import-not-found, unused-ignore]

HERE = Path(__file__).parent
WRITTEN = datetime(2025, 1, 15, 12, 0, tzinfo=UTC)
AUTHOR = "Fennimark Instruments"
POINTS = {1: 18, 2: 14, 3: 12}


class Block(NamedTuple):
    """One piece of a source text: a heading (`level` 1 to 3), a paragraph, a list item or a table."""

    kind: str
    text: str
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def read_blocks(source: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown text in order; the lines of a paragraph are joined."""
    for kind, group in groupby(source.splitlines(), key=_kind):
        lines = list(group)
        if kind == "table":
            cells = [tuple(cell.strip() for cell in line.strip("| ").split("|")) for line in lines]
            yield Block("table", "", rows=(cells[0], *cells[2:]))
        elif kind == "paragraph":
            yield Block("paragraph", " ".join(line.strip() for line in lines))
        elif kind != "blank":
            yield from (_one_line(kind, line) for line in lines)


def _kind(line: str) -> str:
    patterns = {"blank": r"\s*$", "heading": r"#{1,3} ", "table": r"\|", "bullet": r"- ", "number": r"\d+\. "}
    return next((kind for kind, pattern in patterns.items() if re.match(pattern, line)), "paragraph")


def _one_line(kind: str, line: str) -> Block:
    mark, text = line.split(" ", 1)
    return Block(kind, text.strip(), level=len(mark) if kind == "heading" else 0)


def write_pdf(blocks: list[Block], path: Path) -> None:
    """Set the blocks on A5 pages, with the headings as bookmarks and the page number at the foot."""
    pdf = FPDF(format=(148, 210))
    pdf.set_title(blocks[0].text)
    pdf.set_author(AUTHOR)
    pdf.set_creation_date(WRITTEN)
    pdf.set_margin(16)
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_page()
    number = 0
    for block in blocks:
        number = number + 1 if block.kind == "number" else 0
        _set_block(pdf, block, f"{number}." if number else "-")
    pdf.output(str(path))


def _set_block(pdf: Any, block: Block, mark: str) -> None:
    if block.kind == "heading":
        pdf.ln(3)
        pdf.set_font("Helvetica", "B", POINTS[block.level])
        pdf.start_section(block.text, level=block.level - 1)
        pdf.multi_cell(0, None, block.text, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2)
        return
    pdf.set_font("Helvetica", "", 10)
    if block.kind == "table":
        with pdf.table(rows=block.rows, text_align="LEFT", line_height=5.5, headings_style=FontFace(emphasis="BOLD")):
            pass  # drawn when the table is closed
        pdf.ln(3)
    else:
        text = block.text if block.kind == "paragraph" else f"{mark} {block.text}"
        pdf.multi_cell(0, 5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(2 if block.kind == "paragraph" else 1)


def write_docx(blocks: list[Block], path: Path) -> None:
    """Write the blocks with Word's own heading, list and table styles."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author, properties.comments = blocks[0].text, AUTHOR, ""
    properties.created = properties.modified = WRITTEN.replace(tzinfo=None)
    styles = {"bullet": "List Bullet", "number": "List Number", "paragraph": "Normal"}
    for block in blocks:
        if block.kind == "heading":
            document.add_heading(block.text, block.level)
        elif block.kind == "table":
            _add_table(document, block.rows)
        else:
            document.add_paragraph(block.text, styles[block.kind])
    packed = io.BytesIO()
    document.save(packed)
    path.write_bytes(_with_fixed_dates(packed))


def _add_table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _with_fixed_dates(packed: io.BytesIO) -> bytes:
    """Repack a zip file so that its entries carry a fixed date instead of the time of the build."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, WRITTEN.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return fixed.getvalue()


def main() -> None:
    """Build every source and say what was written."""
    writers = {".pdf": write_pdf, ".docx": write_docx}
    for source in sorted((HERE / "sources").glob("*.md")):
        path = HERE / "documents" / source.stem
        writers[path.suffix](list(read_blocks(source.read_text(encoding="utf-8"))), path)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

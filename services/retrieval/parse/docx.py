"""Word documents: paragraphs, headings by their style, tables as Markdown tables."""

import re
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from services.retrieval.parse.document import Builder, Document, InvalidFile, one_line, table

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
HEADING = re.compile(r"heading ([1-9])")
BROKEN = (OpcError, KeyError, ValueError, AttributeError, etree.LxmlError, zipfile.BadZipFile, OSError, NotImplementedError)


def parse_docx(path: Path) -> Document:
    """Read a Word document.

    Raises:
        InvalidFile: it is broken, encrypted, an old .doc, or far larger inside than outside.
    """
    _check_archive(path)
    try:
        return _read(docx.Document(str(path)))
    except BROKEN as error:
        raise InvalidFile(f"The Word document is damaged ({type(error).__name__}). Open it in Word and save it anew as .docx.") from error


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise InvalidFile("The file is not a .docx: it is an old .doc, protected by a password, or damaged. Save it as .docx.") from error
    if size > MAX_UNPACKED_BYTES:
        raise InvalidFile(f"The Word document unpacks to {size} bytes, more than the {MAX_UNPACKED_BYTES} that are read.")


def _read(document: Any) -> Document:
    builder = Builder(title=document.core_properties.title or None)
    in_list = False
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            builder.add(table(_rows(block)))
        else:
            in_list = _add_paragraph(builder, block, in_list)
    return builder.build()


def _add_paragraph(builder: Builder, paragraph: Paragraph, after_list: bool) -> bool:
    """Add a paragraph; tell whether it is an item of a list."""
    style = _style(paragraph)
    heading = HEADING.fullmatch(style)
    if heading:
        builder.add_heading(paragraph.text, int(heading[1]))
    elif style == "title":
        builder.title = builder.title or one_line(paragraph.text)
        builder.add_heading(paragraph.text, 1)
    elif style.startswith("list") and paragraph.text.strip():
        builder.add(f"- {paragraph.text.strip()}", "\n" if after_list else "\n\n")
        return True
    else:
        builder.add(paragraph.text)
    return False


def _style(paragraph: Paragraph) -> str:
    return str(paragraph.style.name or "").lower() if paragraph.style is not None else ""


def _rows(block: Table) -> list[list[str]]:
    return [_texts(row.cells) for row in block.rows]


def _texts(cells: tuple[_Cell, ...]) -> list[str]:
    # A merged cell comes once for each column it spans: its text once is enough.
    seen: set[int] = set()
    texts = []
    for cell in cells:
        texts.append("" if id(cell._tc) in seen else cell.text)
        seen.add(id(cell._tc))
    return texts

"""Word documents: paragraphs, headings by their style, lists, text boxes and formulas, tables as Markdown tables, footnotes at the end.

Reads the XML itself: libraries leave out text boxes, content controls and the "strict" form of the format. Elements are told by their
local names, which are the same in both forms.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.retrieval.parse import archive
from services.retrieval.parse.archive import attribute, local
from services.retrieval.parse.document import Builder, Document, one_line, table

KIND = "Word"
HEADING = re.compile(r"heading ?([1-9])")
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What a reader does not see, or sees elsewhere: deleted text, the second form of a drawing, text boxes (read after their paragraph).
UNSEEN = {"del", "moveFrom", "Fallback", "txbxContent", "pPr", "rPr", "tbl"}
Styles = dict[str, str]


def parse_docx(path: Path) -> Document:
    """Read a Word document.

    Raises:
        InvalidFile: it is broken, encrypted, or far larger inside than outside.
    """
    with archive.opened(path, KIND) as parts:
        names = set(parts.namelist())
        styles = _styles(parts) if "word/styles.xml" in names else {}
        builder = Builder(title=_title(parts) if "docProps/core.xml" in names else None)
        for block in archive.read_xml(parts, "word/document.xml", KIND):
            _Reader(builder, styles).read(block)
        if "word/footnotes.xml" in names:
            for block in archive.read_xml(parts, "word/footnotes.xml", KIND):
                builder.add(_text(block))
    return builder.build()


def _styles(parts: zipfile.ZipFile) -> Styles:
    """Return the names of the styles, in lower case, by their ids."""
    root = archive.read_xml(parts, "word/styles.xml", KIND)
    styles = {}
    for style in root:
        name = next((attribute(each, "val") for each in style if local(each) == "name"), "")
        styles[attribute(style, "styleId")] = name.lower()
    return styles


def _title(parts: zipfile.ZipFile) -> str | None:
    root = archive.read_xml(parts, "docProps/core.xml", KIND)
    return next((one_line(each.text or "") for each in root if local(each) == "title"), None) or None


class _Reader:
    """Walks the body block by block; items of a list that follow each other stay together."""

    def __init__(self, builder: Builder, styles: Styles) -> None:
        self._builder = builder
        self._styles = styles
        self._in_list = False

    def read(self, parent: Any) -> None:
        for block in parent:
            name = local(block)
            if name == "tbl":
                self._add_table(block)
            elif name == "p":
                self._in_list = self._add_paragraph(block)
                self._add_boxes(block)
            elif name not in UNSEEN:
                self.read(block)

    def _add_table(self, block: Any) -> None:
        self._in_list = False
        only = _only_cell(block)
        if only is None:
            self._builder.add(table(_rows(block)))
        else:
            self.read(only)

    def _add_boxes(self, paragraph: Any) -> None:
        for box in paragraph.iter("{*}txbxContent"):
            if not any(local(outer) in ("Fallback", "txbxContent") for outer in box.iterancestors()):
                self.read(box)

    def _add_paragraph(self, paragraph: Any) -> bool:
        """Add a paragraph; tell whether it is an item of a list."""
        text = _text(paragraph)
        style = self._style(paragraph)
        heading = HEADING.fullmatch(style)
        if heading or style == "title":
            self._builder.add_heading(text, int(heading[1]) if heading else 1)
            if style == "title":
                self._builder.title = self._builder.title or one_line(text)
        elif text.strip() and (style.startswith("list") or paragraph.find("{*}pPr/{*}numPr") is not None):
            self._builder.add(f"- {text.strip()}", "\n" if self._in_list else "\n\n")
            return True
        else:
            self._builder.add(text)
        return False

    def _style(self, paragraph: Any) -> str:
        style = paragraph.find("{*}pPr/{*}pStyle")
        id = attribute(style, "val") if style is not None else ""
        return self._styles.get(id, id.lower())


def _text(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for each in element:
        name = local(each)
        if name == "t":
            yield each.text or ""
        elif name in MARKS:
            yield MARKS[name]
        elif name not in UNSEEN:
            yield from _pieces(each)
        if name == "p":
            yield "\n"


def _only_cell(block: Any) -> Any:
    """Return the cell of a table that has but one: a frame around text, not a table; None for any other table."""
    cells = [cell for row in _children(block, "tr") for cell in _children(row, "tc")]
    return cells[0] if len(cells) == 1 else None


def _rows(block: Any) -> list[list[str]]:
    return [_cells(row) for row in _children(block, "tr")]


def _cells(row: Any) -> list[str]:
    """Return a row's texts; a cell that spans columns has its text in the first of them."""
    texts = []
    for cell in _children(row, "tc"):
        span = cell.find("{*}tcPr/{*}gridSpan")
        width = attribute(span, "val") if span is not None else "1"
        parts = [_text(each) for each in cell.iter("{*}p")]
        texts += [" ".join(filter(None, parts))] + [""] * (min(int(width), 100) - 1 if width.isdigit() else 0)
    return texts


def _children(parent: Any, name: str) -> Iterator[Any]:
    """Yield the children of that name, also where content controls lie around them."""
    for each in parent:
        if local(each) == name:
            yield each
        elif local(each) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(each, name)

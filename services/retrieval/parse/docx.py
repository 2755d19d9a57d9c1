"""Word documents: paragraphs, headings by their style, lists, text boxes and formulas, tables as Markdown tables, notes at the end.

Reads the XML itself: libraries leave out text boxes, content controls and the "strict" form of the format. Elements are told by their
local names, which are the same in both forms.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.retrieval.parse import archive
from services.retrieval.parse.archive import attribute, local
from services.retrieval.parse.document import MAX_SPAN, Builder, Cell, Document, one_line, spread, table
from services.retrieval.parse.numbering import BULLET, Numbering

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
        styles, numbering, core = (
            archive.read_xml(parts, name, KIND) if name in names else None
            for name in ("word/styles.xml", "word/numbering.xml", "docProps/core.xml")
        )
        builder = Builder(title=_title(core) if core is not None else None)
        reader = _Reader(builder, _styles(styles) if styles is not None else {}, Numbering(numbering, styles))
        for block in archive.read_xml(parts, "word/document.xml", KIND):
            reader.read(block)
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            for block in archive.read_xml(parts, name, KIND) if name in names else ():
                builder.add(_text(block))
    return builder.build()


def _styles(root: Any) -> Styles:
    """Return the names of the styles, in lower case, by their ids."""
    styles = {}
    for style in root:
        name = next((attribute(each, "val") for each in style if local(each) == "name"), "")
        styles[attribute(style, "styleId")] = name.lower()
    return styles


def _title(root: Any) -> str | None:
    return next((one_line(each.text or "") for each in root if local(each) == "title"), None) or None


class _Reader:
    """Walks the body block by block; items of a list that follow each other stay together."""

    def __init__(self, builder: Builder, styles: Styles, numbering: Numbering) -> None:
        self._builder = builder
        self._styles = styles
        self._numbering = numbering
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
        style, mark = self._style(paragraph), self._mark(paragraph)
        heading = HEADING.fullmatch(style)
        if heading or style == "title":
            self._add_heading(text, int(heading[1]) if heading else 0, mark)
        elif text.strip() and mark:
            level, sign = mark
            self._builder.add(f"{'  ' * level}{sign} {text.strip()}", "\n" if self._in_list else "\n\n")
            return True
        else:
            self._builder.add(text)
        return False

    def _add_heading(self, text: str, level: int, mark: tuple[int, str] | None) -> None:
        """Add a heading with its number; level 0 is the title."""
        number = f"{mark[1]} " if mark and mark[1] != BULLET and text.strip() else ""
        self._builder.add_heading(number + text, max(1, level))
        if not level:
            self._builder.title = self._builder.title or one_line(text)

    def _mark(self, paragraph: Any) -> tuple[int, str] | None:
        """Return the level and the mark of an item of a list or a numbered heading."""
        style = _style_id(paragraph)
        named = self._styles.get(style, style.lower())
        depth = int(named[-1]) - 1 if named.startswith("list") and named[-1:].isdigit() else 0
        mark = self._numbering.mark(paragraph, style) if _text(paragraph).strip() else None
        if mark:
            return max(mark[0], depth), mark[1]
        return (depth, BULLET) if named.startswith("list") or paragraph.find("{*}pPr/{*}numPr") is not None else None

    def _style(self, paragraph: Any) -> str:
        id = _style_id(paragraph)
        return self._styles.get(id, id.lower())


def _style_id(paragraph: Any) -> str:
    style = paragraph.find("{*}pPr/{*}pStyle")
    return attribute(style, "val") if style is not None else ""


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
    rows: list[list[Cell]] = []
    above: dict[int, Cell] = {}
    for row in _children(block, "tr"):
        column = _number(row.find("{*}trPr/{*}gridBefore"), 0)
        rows.append([Cell("")] * min(column, MAX_SPAN))
        for cell in _children(row, "tc"):
            merge = cell.find("{*}tcPr/{*}vMerge")
            goes_on = merge is not None and attribute(merge, "val") in ("", "continue") and column in above
            above[column] = above[column].again() if goes_on else _cell(cell)
            rows[-1].append(above[column])
            column += above[column].columns
    return spread(rows)


def _cell(cell: Any) -> Cell:
    parts = [_text(each) for each in cell.iter("{*}p")]
    return Cell(" ".join(filter(None, parts)), _number(cell.find("{*}tcPr/{*}gridSpan"), 1))


def _number(element: Any, default: int) -> int:
    value = attribute(element, "val") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def _children(parent: Any, name: str) -> Iterator[Any]:
    """Yield the children of that name, also where content controls lie around them."""
    for each in parent:
        if local(each) == name:
            yield each
        elif local(each) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(each, name)

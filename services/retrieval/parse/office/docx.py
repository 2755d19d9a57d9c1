"""Word documents: paragraphs, headings by their style, lists, text boxes and formulas, tables as Markdown tables, notes at the end.

Reads the XML itself, because libraries leave out text boxes, content controls and the "strict" variant of the format. Elements are
identified by their local names, which are the same in both variants.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.retrieval.parse import archive
from services.retrieval.parse.archive import attribute, local_name
from services.retrieval.parse.builder import Builder, one_line
from services.retrieval.parse.document import Document
from services.retrieval.parse.office.numbering import BULLET, Numbering
from services.retrieval.parse.spans import Cell, expand_spans
from services.retrieval.parse.tables import Row, sparse_table

FORMAT = "Word"
HEADING = re.compile(r"heading ?([1-9])")
SPECIAL_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Invisible text, or text that is read elsewhere: deletions, fallbacks of drawings, text boxes (read after their paragraph).
SKIPPED = {"del", "moveFrom", "Fallback", "txbxContent", "pPr", "rPr", "tbl"}
Styles = dict[str, str]


def parse_docx(path: Path) -> Document:
    """Read a Word document.

    Raises:
        InvalidFile: if it is damaged, encrypted, or too large when unpacked.
    """
    with archive.open_archive(path, FORMAT) as parts:
        names = set(parts.namelist())
        styles, numbering, core = (
            archive.read_xml(parts, name, FORMAT) if name in names else None
            for name in ("word/styles.xml", "word/numbering.xml", "docProps/core.xml")
        )
        builder = Builder(title=_title(core) if core is not None else None)
        reader = _BodyReader(builder, _style_names(styles) if styles is not None else {}, Numbering(numbering, styles))
        for block in archive.read_xml(parts, "word/document.xml", FORMAT):
            reader.read(block)
        for name in ("word/footnotes.xml", "word/endnotes.xml"):
            for block in archive.read_xml(parts, name, FORMAT) if name in names else ():
                builder.add(_text(block))
    return builder.build()


def _style_names(root: Any) -> Styles:
    """Return the names of the styles, in lowercase, by their ids."""
    styles = {}
    for style in root:
        name = next((attribute(each, "val") for each in style if local_name(each) == "name"), "")
        styles[attribute(style, "styleId")] = name.lower()
    return styles


def _title(root: Any) -> str | None:
    return next((one_line(each.text or "") for each in root if local_name(each) == "title"), None) or None


class _BodyReader:
    """Walks the body block by block. Consecutive items of a list become one block."""

    def __init__(self, builder: Builder, styles: Styles, numbering: Numbering) -> None:
        self._builder = builder
        self._styles = styles
        self._numbering = numbering
        self._in_list = False

    def read(self, parent: Any) -> None:
        for block in parent:
            name = local_name(block)
            if name == "tbl":
                self._add_table(block)
            elif name == "p":
                self._in_list = self._add_paragraph(block)
                self._add_text_boxes(block)
            elif name not in SKIPPED:
                self.read(block)

    def _add_table(self, block: Any) -> None:
        self._in_list = False
        cell = _find_only_cell(block)
        if cell is None:
            self._builder.add(sparse_table(_read_rows(block)))
        else:
            self.read(cell)

    def _add_text_boxes(self, paragraph: Any) -> None:
        for box in paragraph.iter("{*}txbxContent"):
            if not any(local_name(outer) in ("Fallback", "txbxContent") for outer in box.iterancestors()):
                self.read(box)

    def _add_paragraph(self, paragraph: Any) -> bool:
        """Add a paragraph; return whether it is an item of a list."""
        text = _text(paragraph)
        style, marker = self._style_name(paragraph), self._item_marker(paragraph)
        heading = HEADING.fullmatch(style)
        if heading or style == "title":
            self._add_heading(text, int(heading[1]) if heading else 0, marker)
        elif text.strip() and marker:
            level, sign = marker
            self._builder.add(f"{'  ' * level}{sign} {text.strip()}", "\n" if self._in_list else "\n\n")
            return True
        else:
            self._builder.add(text)
        return False

    def _add_heading(self, text: str, level: int, marker: tuple[int, str] | None) -> None:
        """Add a heading with its number; level 0 is the title."""
        number = f"{marker[1]} " if marker and marker[1] != BULLET and text.strip() else ""
        self._builder.add_heading(number + text, max(1, level))
        if not level:
            self._builder.set_default_title(one_line(text))

    def _item_marker(self, paragraph: Any) -> tuple[int, str] | None:
        """Return the level and the marker of a list item or a numbered heading."""
        style = _style_id(paragraph)
        style_name = self._style_name(paragraph)
        depth = int(style_name[-1]) - 1 if style_name.startswith("list") and style_name[-1:].isdigit() else 0
        marker = self._numbering.next_marker(paragraph, style) if _text(paragraph).strip() else None
        if marker:
            return max(marker[0], depth), marker[1]
        return (depth, BULLET) if style_name.startswith("list") or paragraph.find("{*}pPr/{*}numPr") is not None else None

    def _style_name(self, paragraph: Any) -> str:
        id = _style_id(paragraph)
        return self._styles.get(id, id.lower())


def _style_id(paragraph: Any) -> str:
    style = paragraph.find("{*}pPr/{*}pStyle")
    return attribute(style, "val") if style is not None else ""


def _text(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    for each in element:
        name = local_name(each)
        if name == "t":
            yield each.text or ""
        elif name in SPECIAL_CHARACTERS:
            yield SPECIAL_CHARACTERS[name]
        elif name not in SKIPPED:
            yield from _pieces(each)
        if name == "p":
            yield "\n"


def _find_only_cell(block: Any) -> Any:
    """Return the cell of a table that has only one: it is a frame around text. None for any other table."""
    cells = [cell for row in _children(block, "tr") for cell in _children(row, "tc")]
    return cells[0] if len(cells) == 1 else None


def _read_rows(block: Any) -> list[Row]:
    rows: list[list[Cell]] = []
    above: dict[int, Cell] = {}
    for row in _children(block, "tr"):
        column = _to_number(row.find("{*}trPr/{*}gridBefore"), 0)
        rows.append([Cell("", column)] if column else [])
        for cell in _children(row, "tc"):
            merge = cell.find("{*}tcPr/{*}vMerge")
            is_continued = merge is not None and attribute(merge, "val") in ("", "continue") and column in above
            above[column] = above[column].repeated() if is_continued else _to_cell(cell)
            rows[-1].append(above[column])
            column += above[column].columns
    return expand_spans(rows)


def _to_cell(cell: Any) -> Cell:
    parts = [_text(each) for each in cell.iter("{*}p")]
    return Cell(" ".join(filter(None, parts)), _to_number(cell.find("{*}tcPr/{*}gridSpan"), 1))


def _to_number(element: Any, default: int) -> int:
    value = attribute(element, "val") if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else default


def _children(parent: Any, name: str) -> Iterator[Any]:
    """Yield the children of that name, also those inside content controls."""
    for each in parent:
        if local_name(each) == name:
            yield each
        elif local_name(each) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(each, name)

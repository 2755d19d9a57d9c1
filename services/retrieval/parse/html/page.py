"""HTML, well formed or not: the visible text, block by block. Navigation is left out if the page marks its main content.

The tree is walked without recursion, so that no nesting is too deep for Python's stack.
"""

import re
from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from lxml import etree

from services.retrieval.parse.builder import Builder, clean, one_line
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.spans import Cell, expand_spans
from services.retrieval.parse.tables import sparse_table, table_row
from services.retrieval.parse.text.encoding import BYTE_ORDER_MARKS, decode, decode_declared

DECLARED_ENCODING = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
INVISIBLE = {"script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "select", "button", "textarea"}
# What is left out of a page that marks its main content: navigation, and what is outside of the main content.
NAVIGATION = {"nav"}
NAVIGATION_ROLES = {"navigation", "search", "menu", "menubar"}
OUTSIDE = {"header", "footer", "aside"}
MAIN = {"main", "article"}
MAX_MAIN = 10
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
LISTS = {"ol", "ul"}
MAX_INDENT = 8
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table",
    "td", "th", "tr", "ul",
}  # fmt: skip
CELLS = ("td", "th")
SECTIONS = {"thead", "tbody", "tfoot"}
# A table with headings or tables in its cells is a table if it has two rows of several cells, and no cell is longer than this.
MAX_CELL_LENGTH = 1000


def parse_html(path: Path) -> Document:
    """Read a page: headings keep their level, tables become Markdown tables, scripts and styles are left out.

    Raises:
        InvalidFile: if the file is not HTML.
    """
    builder = Builder()
    title = add_page(builder, path.read_bytes())
    if title:
        builder.set_default_title(title)
    return builder.build()


def add_page(builder: Builder, data: bytes | str) -> str | None:
    """Add the visible content of a page; return its title.

    Raises:
        InvalidFile: if it is not HTML.
    """
    source, note = (data, None) if isinstance(data, str) else _decode(data)
    if note:
        builder.add_note(note)
    source = clean(source)
    if not source.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise InvalidFile("The file is not HTML.") from error
    if root is None:
        return None
    length = builder.length
    _PageReader(builder, root).read()
    if builder.length == length and root.find(".//script") is not None:
        builder.add_note("The text of the page is made by scripts. Open it in a browser, save it as a PDF, and upload that.")
    if any(each.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for each in parser.error_log):
        builder.add_note("The page is nested too deeply: elements more than about 2,000 levels deep were not read.")
    title: str | None = root.findtext(".//title")
    return title


def _decode(data: bytes) -> tuple[str, str | None]:
    """Return the text of a page, and a note if its encoding is doubtful."""
    declared = DECLARED_ENCODING.search(data[:4096])
    label = (declared[1] or declared[2]).decode("ascii", "replace").lower() if declared else ""
    # A declaration in ASCII cannot be in UTF-16.
    if not label or label.startswith("utf-16") or data.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)):
        return decode(data)
    return decode_declared(data, label)


class _PageReader:
    """Walks the tree once and collects blocks. `_whole` is the element that is being left out, or read as one block."""

    def __init__(self, builder: Builder, root: Any) -> None:
        self._root = root
        self._has_main = any(_text_of(each).strip() for each in islice(root.iter("main", "article"), MAX_MAIN))
        self._main_depth = 0
        self._builder = builder
        self._text: list[str] = []
        self._prefix = ""
        self._pre_depth = 0
        self._whole: Any = None
        # The open lists: the number of the next item, or None if items have no numbers.
        self._lists: list[int | None] = []

    def read(self) -> None:
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            if self._whole is None and event == "start":
                self._start(element)
            elif event == "end" and (self._whole is None or self._whole is element):
                self._end(element)
        self._flush()

    def _start(self, element: Any) -> None:
        tag = _tag(element)
        if tag in HEADINGS or (tag in ("table", "tr") and not _is_layout(element)) or self._is_left_out(element, tag):
            self._flush()
            self._whole = element
            return
        if tag in BLOCKS:
            self._flush()
            self._prefix = self._item_marker(element) if tag == "li" else self._prefix
        if tag in LISTS:
            self._lists.append(_to_number(element.get("start"), 1) if tag == "ol" else None)
        self._pre_depth += tag == "pre"
        self._main_depth += tag in MAIN
        self._text.append("\n" if tag == "br" else self._visible(element.text))

    def _end(self, element: Any) -> None:
        tag = _tag(element)
        if self._whole is element:
            self._whole = None
            self._add_whole(element, tag)
        elif tag in BLOCKS:
            self._flush()
        if tag in LISTS and self._lists:
            self._lists.pop()
        self._pre_depth -= tag == "pre" and self._pre_depth > 0
        self._main_depth -= tag in MAIN and self._main_depth > 0
        if element is not self._root:
            self._text.append(self._visible(element.tail))

    def _add_whole(self, element: Any, tag: str) -> None:
        if self._is_left_out(element, tag):
            return
        if tag in HEADINGS:
            self._builder.add_heading(_text_of(element), HEADINGS[tag])
        elif tag == "table":
            self._builder.add(sparse_table(expand_spans([_cells(row) for row in _rows(element)])))
        elif tag == "tr":
            self._builder.add(table_row(filter(None, (one_line(cell.text) for cell in _cells(element)))))

    def _is_left_out(self, element: Any, tag: str) -> bool:
        if tag in INVISIBLE or "hidden" in element.attrib or HIDDEN.search(element.get("style", "")):
            return True
        return self._has_main and (
            tag in NAVIGATION or element.get("role") in NAVIGATION_ROLES or (tag in OUTSIDE and not self._main_depth)
        )

    def _item_marker(self, item: Any) -> str:
        """Return the marker of an item of the innermost list, indented by the depth of the list."""
        number = self._lists[-1] if self._lists else None
        if number is not None:
            number = _to_number(item.get("value"), number)
            self._lists[-1] = number + 1
        return "  " * min(len(self._lists) - 1, MAX_INDENT) + ("- " if number is None else f"{number}. ")

    def _visible(self, text: str | None) -> str:
        return (text or "") if self._pre_depth else re.sub(r"\s+", " ", text or "")

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if not text.strip():
            return
        block = text if self._pre_depth else "\n".join(line.strip() for line in text.strip().split("\n"))
        self._builder.add(self._prefix + block, "\n" if self._prefix else "\n\n")
        self._prefix = ""


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text_of(element: Any) -> str:
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts.append("" if _tag(inner) in INVISIBLE else " " + (inner.text or "") if _tag(inner) in BLOCKS else inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return "".join(parts)


def _is_layout(element: Any) -> bool:
    """Return whether a table or row arranges parts of the page: it has a single cell, or parts as large as those of a page."""
    if next(islice(element.iter(*CELLS), 1, None), None) is None:
        return True
    parts = element.iter("table", *HEADINGS)
    if not any(part is not element for part in islice(parts, 2)):
        return False
    rows = [cells for row in _direct_rows(element) if len(cells := [cell for cell in row if _tag(cell) in CELLS]) > 1]
    return len(rows) < 2 or any(_is_long(cell) for cells in rows for cell in cells)


def _direct_rows(table: Any) -> Iterator[Any]:
    for child in table:
        if _tag(child) == "tr":
            yield child
        elif _tag(child) in SECTIONS:
            yield from (row for row in child if _tag(row) == "tr")


def _is_long(cell: Any) -> bool:
    lengths = accumulate(map(len, cell.itertext()))
    return any(length > MAX_CELL_LENGTH for length in lengths)


def _rows(table: Any) -> Iterator[Any]:
    return (row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table)


def _cells(row: Any) -> list[Cell]:
    return [_to_cell(cell) for cell in row if _tag(cell) in CELLS]


def _to_cell(element: Any) -> Cell:
    columns, rows = (_to_number(element.get(name), 1) for name in ("colspan", "rowspan"))
    return Cell(_text_of(element), columns, rows)


def _to_number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default

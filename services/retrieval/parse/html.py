"""HTML, well formed or not: what a reader sees, block by block; without what leads around the site, where the page tells its content.

Walks the tree without recursion, so depth cannot hurt.
"""

import re
from itertools import islice
from pathlib import Path
from typing import Any

from lxml import etree

from services.retrieval.parse.document import Builder, Cell, Document, InvalidFile, clean, spread, table
from services.retrieval.parse.encoding import MARKS, decode

DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
UNSEEN = {"script", "style", "noscript", "template", "svg", "math", "head", "iframe", "object", "select", "button", "textarea"}
# What is left out of a page that says which part of it is its content: what leads around the site, and what stands outside of that part.
AROUND = {"nav"}
ROLES = {"navigation", "search", "menu", "menubar"}
OUTSIDE = {"header", "footer", "aside"}
MAIN = {"main", "article"}
MAX_MAIN = 10
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
LISTS = {"ol", "ul"}
MAX_INDENT = 8
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
}  # fmt: skip


def parse_html(path: Path) -> Document:
    """Read a page: headings keep their level, tables become Markdown tables, scripts and styles are left out."""
    builder = Builder()
    builder.title = add_page(builder, path.read_bytes())
    return builder.build()


def add_page(builder: Builder, data: bytes | str) -> str | None:
    """Add what a reader of a page's content sees; return the page's title.

    Raises:
        InvalidFile: it is not HTML.
    """
    source = clean(data if isinstance(data, str) else _decode(data))
    parser = etree.HTMLParser(encoding="utf-8", recover=True, remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise InvalidFile(f"The file is not HTML: {error.msg}.") from error
    if root is None:
        return None
    _Reader(builder, root).read()
    if any(each.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for each in parser.error_log):
        builder.remark("The page is nested too deeply: what lies more than some 2,000 elements deep is not read. Save it anew.")
    title: str | None = root.findtext(".//title")
    return title


def _decode(data: bytes) -> str:
    declared = DECLARED.search(data[:4096])
    if declared and not data.startswith(tuple(mark for mark, _ in MARKS)):
        try:
            return data.decode((declared[1] or declared[2]).decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


class _Reader:
    """Walks the tree once, collecting blocks; `_skip`, `_heading` and `_table` hold the element that is being left out or read as one."""

    def __init__(self, builder: Builder, root: Any) -> None:
        self._root = root
        self._has_main = any(_words(each).strip() for each in islice(root.iter("main", "article"), MAX_MAIN))
        self._inside = 0
        self._builder = builder
        self._text: list[str] = []
        self._prefix = ""
        self._pre = 0
        self._whole: Any = None
        # The lists that are open: the next item's number, or None where items have none.
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
        if tag in HEADINGS or tag == "table" or self._is_left_out(element, tag):
            self._flush()
            self._whole = element
            return
        if tag in BLOCKS:
            self._flush()
            self._prefix = self._mark(element) if tag == "li" else self._prefix
        if tag in LISTS:
            self._lists.append(_number(element.get("start"), 1) if tag == "ol" else None)
        self._pre += tag == "pre"
        self._inside += tag in MAIN
        self._text.append("\n" if tag == "br" else self._seen(element.text))

    def _end(self, element: Any) -> None:
        tag = _tag(element)
        if self._whole is element:
            self._whole = None
            self._add_whole(element, tag)
        elif tag in BLOCKS:
            self._flush()
        if tag in LISTS and self._lists:
            self._lists.pop()
        self._pre -= tag == "pre" and self._pre > 0
        self._inside -= tag in MAIN and self._inside > 0
        if element is not self._root:
            self._text.append(self._seen(element.tail))

    def _add_whole(self, element: Any, tag: str) -> None:
        if self._is_left_out(element, tag):
            return
        if tag in HEADINGS:
            self._builder.add_heading(_words(element), HEADINGS[tag])
        elif tag == "table":
            self._builder.add(_table(element))

    def _is_left_out(self, element: Any, tag: str) -> bool:
        if tag in UNSEEN or "hidden" in element.attrib or HIDDEN.search(element.get("style", "")):
            return True
        return self._has_main and (tag in AROUND or element.get("role") in ROLES or (tag in OUTSIDE and not self._inside))

    def _mark(self, item: Any) -> str:
        """Return the mark of an item of the innermost list, indented by how deep it lies."""
        number = self._lists[-1] if self._lists else None
        if number is not None:
            number = _number(item.get("value"), number)
            self._lists[-1] = number + 1
        return "  " * min(len(self._lists) - 1, MAX_INDENT) + ("- " if number is None else f"{number}. ")

    def _seen(self, text: str | None) -> str:
        return (text or "") if self._pre else re.sub(r"\s+", " ", text or "")

    def _flush(self) -> None:
        text = "".join(self._text)
        self._text.clear()
        if not text.strip():
            return
        block = text if self._pre else "\n".join(line.strip() for line in text.strip().split("\n"))
        self._builder.add(self._prefix + block, "\n" if self._prefix else "\n\n")
        self._prefix = ""


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _words(element: Any) -> str:
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            parts.append("" if _tag(inner) in UNSEEN else " " + (inner.text or "") if _tag(inner) in BLOCKS else inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return "".join(parts)


def _table(element: Any) -> str:
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table"), None) is element]
    return table(spread([[_cell(cell) for cell in row if _tag(cell) in ("td", "th")] for row in rows]))


def _cell(element: Any) -> Cell:
    columns, rows = (_number(element.get(name), 1) for name in ("colspan", "rowspan"))
    return Cell(_words(element), columns, rows)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default

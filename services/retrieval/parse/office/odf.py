"""OpenDocument texts and presentations (.odt, .odp): headings, paragraphs, lists, tables as Markdown tables; slides are pages."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.retrieval.parse import archive
from services.retrieval.parse.archive import attribute, local_name
from services.retrieval.parse.builder import Builder
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.spans import Cell, expand_spans
from services.retrieval.parse.tables import Row, sparse_table

FORMAT = "OpenDocument"
SKIPPED = {"annotation", "tracked-changes", "note-citation", "forms", "sequence-decls", "event-listeners"}
MAX_SPACES = 100
# A cell with text is stored once for all neighbors with the same text.
MAX_REPETITIONS = 64


def parse_odf(path: Path) -> Document:
    """Read a text document or a presentation.

    Raises:
        InvalidFile: if it is damaged, encrypted, or too large when unpacked.
    """
    with archive.open_archive(path, FORMAT) as parts:
        names = parts.namelist()
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read_entry(parts, "META-INF/manifest.xml", FORMAT):
            raise InvalidFile("The document is protected by a password. Save it without a password, then upload it.")
        title = archive.read_xml(parts, "meta.xml", FORMAT).findtext(".//{*}title") if "meta.xml" in names else None
        builder = Builder(title=title)
        body = archive.read_xml(parts, "content.xml", FORMAT).find("{*}body")
    if body is not None:
        _BodyReader(builder).read(body)
    return builder.build()


class _BodyReader:
    """Walks the body block by block."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._list_depth = 0
        self._in_list = False

    def read(self, parent: Any) -> None:
        for block in parent:
            name = local_name(block)
            if name == "h":
                self._in_list = False
                self._builder.add_heading(_text(block), _to_number(attribute(block, "outline-level")))
            elif name == "p":
                self._add_paragraph(block)
            elif name == "table":
                self._builder.add(sparse_table(_read_rows(block)))
            elif name == "list":
                self._add_list(block)
            elif name not in SKIPPED:
                self._read_container(name, block)

    def _read_container(self, name: str, block: Any) -> None:
        if name == "page":
            self._builder.begin_page()
        if name == "frame" and attribute(block, "class") == "title":
            self._builder.add_heading(_text(block), 1)
        else:
            self.read(block)

    def _add_list(self, block: Any) -> None:
        self._list_depth += 1
        self.read(block)
        self._list_depth -= 1
        self._in_list = self._in_list and self._list_depth > 0

    def _add_paragraph(self, block: Any) -> None:
        text = _text(block)
        if not self._list_depth:
            self._builder.add(text)
        elif text.strip():
            self._builder.add("  " * (self._list_depth - 1) + f"- {text.strip()}", "\n" if self._in_list else "\n\n")
            self._in_list = True
        for box in block.iter("{*}text-box"):
            self.read(box)


def _text(element: Any) -> str:
    return "".join(_pieces(element))


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        name = local_name(each)
        if name == "s":
            yield " " * min(_to_number(attribute(each, "c")), MAX_SPACES)
        elif name in ("tab", "line-break"):
            yield "\t" if name == "tab" else "\n"
        elif name not in SKIPPED and not (name == "text-box" and local_name(element) == "frame" and attribute(element, "class") != "title"):
            yield from _pieces(each)
        yield each.tail or ""


def _to_number(text: str) -> int:
    return max(1, int(text)) if text.isdigit() else 1


def _read_rows(block: Any) -> list[Row]:
    rows = [row for row in block.iter("{*}table-row") if next(row.iterancestors("{*}table"), None) is block]
    return expand_spans([[cell for each in row for cell in _read_cells(each)] for row in rows])


def _read_cells(element: Any) -> list[Cell]:
    """Return a cell as often as it is repeated; nothing for a position that another cell covers."""
    if local_name(element) != "table-cell":
        return []
    columns, rows = (_to_number(attribute(element, f"number-{name}-spanned")) for name in ("columns", "rows"))
    cell = Cell("\n".join(_text(paragraph) for paragraph in element.iter("{*}p", "{*}h")), columns, rows)
    repetitions = _to_number(attribute(element, "number-columns-repeated"))
    if not cell.text.strip():
        return [replace(cell, columns=columns * repetitions)]
    return [cell, *[cell.repeated()] * (min(repetitions, MAX_REPETITIONS) - 1)]

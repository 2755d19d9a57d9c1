"""Spreadsheets that no library writes: merged ranges of any size, cells that are repeated a million times, locked ones of an old format."""

import struct
from collections.abc import Iterable, Mapping
from string import ascii_uppercase

from tests.hostile import SHEET, make_archive, sheet, with_part

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
MANIFEST = (
    '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="/" '
    f'm:media-type="{MIMETYPE}"/></m:manifest>'
)


def make_xlsx(cells: Mapping[tuple[int, int], str], merged: Iterable[str] = ()) -> bytes:
    """Return a workbook with a sheet of these cells, which must be in the first 26 columns, and these merged ranges (`A1:B2`)."""
    rows: dict[int, str] = {}
    for (row, column), text in sorted(cells.items()):
        reference = f"{ascii_uppercase[column]}{row + 1}"
        rows[row] = rows.get(row, "") + f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'
    body = "".join(f'<row r="{row + 1}">{cells}</row>' for row, cells in rows.items())
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    page = f"<worksheet {SHEET}><sheetData>{body}</sheetData><mergeCells>{ranges}</mergeCells></worksheet>"
    return with_part(sheet({(0, 0): "a"}), "xl/worksheets/sheet1.xml", page)


def ods_cell(text: str, attributes: str = "") -> str:
    """Return a cell of an OpenDocument table."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_row(cells: str, repeated: int = 1) -> str:
    """Return a row of an OpenDocument table."""
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def make_ods(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet with a sheet of these rows."""
    table = f'<table:table table:name="S">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content {NAMESPACES}>{body}</office:document-content>"
    return make_archive({"mimetype": MIMETYPE, "META-INF/manifest.xml": MANIFEST, "content.xml": content})


def make_locked_xls() -> bytes:
    """Return an .xls workbook that is encrypted with a password: a compound file whose only stream says so in its second record."""
    start = struct.pack("<HHHHHHII", 0x809, 16, 0x600, 5, 0xDBB, 0x7CC, 0, 0x306)
    stream = (start + struct.pack("<HHHHH", 0x2F, 54, 1, 1, 1) + bytes(range(256)) * 16)[:4096]
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    directory = _directory_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _directory_entry("Workbook", 2, 0xFFFFFFFF, 2, len(stream))
    return header + struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table))) + directory + bytes(256) + stream


def _directory_entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    links = struct.pack("<HBBIII", len(encoded) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return encoded.ljust(64, b"\0") + links + bytes(36) + struct.pack("<IQ", start, size)

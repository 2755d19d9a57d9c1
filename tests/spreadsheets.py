"""Spreadsheets written as XML, for shapes that no library writes: merged ranges of any size, cells that are repeated a million times."""

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

"""Spreadsheets (.xlsx, .xlsm, .xls, .ods) by calamine: each sheet a page and a heading, each region of cells a Markdown table."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import python_calamine as calamine

from services.retrieval.parse import archive
from services.retrieval.parse.document import Builder, Document, InvalidFile, table
from services.retrieval.parse.sparse import drawn_together

Row = list[str]


def parse_sheet(path: Path) -> Document:
    """Read every visible sheet, values as they were last computed.

    Raises:
        InvalidFile: it is broken, encrypted, or far larger inside than outside.
    """
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                return _read(file)
            with archive.opened(path, "spreadsheet") as packed, drawn_together(packed, file) as near:
                return _read(near)
    except calamine.PasswordError as error:
        raise InvalidFile("The spreadsheet is encrypted with a password. Save it without one and upload it again.") from error
    except (calamine.CalamineError, *archive.BROKEN) as error:
        raise InvalidFile(f"The spreadsheet is damaged: {error}. Open it and save it anew as .xlsx.") from error


def _read(file: IO[bytes]) -> Document:
    builder = Builder()
    file.seek(0)
    with calamine.load_workbook(file) as book:
        for sheet in book.sheets_metadata:
            if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet:
                builder.begin_page()
                builder.add_heading(sheet.name, 1)
                for region in _regions(book.get_sheet_by_name(sheet.name).iter_rows()):
                    builder.add(table(region))
    return builder.build()


def _regions(rows: Any) -> Iterator[list[Row]]:
    """Yield the tables of a sheet: rows between empty rows, without empty columns."""
    region: list[Row] = []
    for row in rows:
        cells = [_shown(cell) for cell in row]
        if any(cells):
            region.append(cells)
        elif region:
            yield _without_empty_columns(region)
            region = []
    if region:
        yield _without_empty_columns(region)


def _without_empty_columns(region: list[Row]) -> list[Row]:
    used = [column for column in range(max(map(len, region))) if any(column < len(row) and row[column] for row in region)]
    return [[row[column] if column < len(row) else "" for column in used] for row in region]


def _shown(cell: Any) -> str:
    """Return a cell as one sees it: whole numbers without a point, dates without a time that nobody wrote."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip()

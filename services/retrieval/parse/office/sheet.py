"""Spreadsheets (.xlsx, .xlsm, .xls, .ods) by calamine: each sheet is a page with a heading, each region of cells a Markdown table."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import python_calamine as calamine

from services.retrieval.parse import archive
from services.retrieval.parse.builder import Builder
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.office.sparse import compact_sheets
from services.retrieval.parse.tables import table

Row = list[str]


def parse_sheet(path: Path) -> Document:
    """Read every visible sheet, with the values that were last computed.

    Raises:
        InvalidFile: if it is damaged, encrypted, or too large when unpacked.
    """
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                return _read(file)
            with archive.open_archive(path, "spreadsheet") as entries, compact_sheets(entries, file) as compact:
                return _read(compact)
    except calamine.PasswordError as error:
        raise InvalidFile("The spreadsheet is encrypted with a password. Save it without a password, then upload it.") from error
    except (calamine.CalamineError, *archive.DAMAGE_ERRORS) as error:
        raise InvalidFile("The spreadsheet is damaged. Open it and save it again as .xlsx.") from error


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
    """Yield the tables of a sheet: the rows between empty rows, without empty columns."""
    region: list[Row] = []
    for row in rows:
        cells = [_to_string(cell) for cell in row]
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


def _to_string(cell: Any) -> str:
    """Return a cell as a spreadsheet program displays it: integers without a decimal point, dates without midnight."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip()

"""Spreadsheets (.xlsx, .xlsm, .xls, .ods) by calamine: each sheet is a page with a heading, each region of cells a Markdown table."""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import IO, Any, TypeAlias

import python_calamine as calamine

from services.retrieval.parse import archive
from services.retrieval.parse.builder import Builder, one_line
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.office.sparse import compact_sheets
from services.retrieval.parse.spans import Cell, Span, Texts, repeat_text
from services.retrieval.parse.tables import Row, sparse_table

Position: TypeAlias = tuple[int, int]


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
        raise InvalidFile("The spreadsheet is protected by a password. Save it without a password, then upload it.") from error
    except (calamine.CalamineError, *archive.DAMAGE_ERRORS) as error:
        raise InvalidFile("The spreadsheet is damaged. Open it and save it again as .xlsx.") from error


def _read(file: IO[bytes]) -> Document:
    builder = Builder()
    file.seek(0)
    with calamine.load_workbook(file) as book:
        for metadata in book.sheets_metadata:
            if metadata.visible == calamine.SheetVisibleEnum.Visible and metadata.typ == calamine.SheetTypeEnum.WorkSheet:
                builder.begin_page()
                for number, region in enumerate(_regions(book.get_sheet_by_name(metadata.name))):
                    if not number:
                        builder.add_heading(metadata.name, 1)
                    builder.add(sparse_table(region))
    return builder.build()


def _regions(sheet: calamine.CalamineSheet) -> Iterator[list[Row]]:
    """Yield the tables of a sheet: the rows between empty rows. A merged cell is repeated in each position that it spans."""
    merged = {start: Cell("", end[1] - start[1] + 1, end[0] - start[0] + 1) for start, end in sheet.merged_cell_ranges or ()}
    left = (sheet.start or (0, 0))[1]
    rows = ((number, _filled(row, left)) for number, row in enumerate(sheet.iter_rows()))
    for is_filled, region in groupby(rows, key=lambda row: bool(row[1])):
        if is_filled:
            yield _repeat_merged(dict(region), merged)


def _repeat_merged(texts: Texts, merged: Mapping[Position, Cell]) -> list[Row]:
    if not merged:
        return list(texts.values())
    starts = ((row, column) for row, cells in texts.items() for column in cells if (row, column) in merged)
    return repeat_text(texts, [Span(row, column, replace(merged[row, column], text=texts[row][column])) for row, column in starts])


def _filled(row: Sequence[Any], left: int) -> dict[int, str]:
    """Return the cells with text, by column."""
    return {column: text for column, cell in enumerate(row, left) if cell != "" and (text := one_line(_to_string(cell)))}


def _to_string(cell: Any) -> str:
    """Return a cell as a spreadsheet program displays it: integers without a decimal point, dates without midnight."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell).strip()

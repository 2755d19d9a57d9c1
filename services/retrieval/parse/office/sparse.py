"""Workbooks (.xlsx, .xlsm, .ods) whose sheets are almost empty: the empty space between cells is removed before they are read.

The reader allocates every cell of the rectangle that a sheet's cells span: for two cells in opposite corners, 17 billion. Rows that were
apart stay apart, by an empty row. Knows nothing of values and formats.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from string import digits
from typing import IO

from lxml import etree

SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAX_POSITIONS = 250_000
MIN_POSITIONS_PER_CELL = 8
BLOCK_BYTES, OVERLAP_BYTES = 1024 * 1024, 32
# OpenDocument has a single element for equal rows or cells that follow each other, also for a million empty ones.
REPETITIONS = re.compile(rb"""(?<=number-)(rows|columns)(-repeated=["'])(\d+)""")
MAX_REPETITIONS = {b"rows": 64, b"columns": 128}

Write = Callable[[IO[bytes], IO[bytes]], None]
"""Writes a part of a workbook that it reads from another file."""


@dataclass
class Extent:
    """The number of cells of a sheet, the columns they are in, and the last row."""

    cells: int = 0
    last_row: int = 0
    columns: set[str] = field(default_factory=set)

    @property
    def is_sparse(self) -> bool:
        """Whether the rectangle of its cells is large and almost empty."""
        positions = self.last_row * max(map(_column_number, self.columns), default=0)
        return positions > MAX_POSITIONS and positions > MIN_POSITIONS_PER_CELL * self.cells


@contextmanager
def compact_sheets(archive: zipfile.ZipFile, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield the file of a workbook: `file` itself, or a copy with sparse sheets compacted.

    Raises:
        zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError: if it is damaged.
    """
    sparse = dict(_find_sparse(archive))
    if not sparse:
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        with zipfile.ZipFile(copy, "w") as packed:
            for entry in archive.infolist():
                with archive.open(entry) as source, packed.open(entry.filename, "w") as target:
                    sparse.get(entry.filename, shutil.copyfileobj)(source, target)
        copy.seek(0)
        yield copy


def _find_sparse(archive: zipfile.ZipFile) -> Iterator[tuple[str, Write]]:
    """Yield the names of the parts that are not copied as they are, each with what writes it."""
    for name in archive.namelist():
        if SHEETS.fullmatch(name) and (extent := _measure(archive, name)).is_sparse:
            yield name, partial(_write_compact, extent)
        elif name == "content.xml":
            yield name, _write_with_few_repetitions


def _write_with_few_repetitions(source: IO[bytes], target: IO[bytes]) -> None:
    def limit(match: re.Match[bytes]) -> bytes:
        return match[1] + match[2] + b"%d" % min(int(match[3][:9]), MAX_REPETITIONS[match[1]])

    target.write(REPETITIONS.sub(limit, source.read()))


def _measure(archive: zipfile.ZipFile, name: str) -> Extent:
    extent = Extent()
    with archive.open(name) as part:
        rest = b""
        while block := part.read(BLOCK_BYTES):
            for match in CELL.finditer(data := rest + block):
                extent.cells += 1
                extent.last_row = max(extent.last_row, int(match[2]))
                extent.columns.add(match[1].decode())
            # A reference may span two blocks. One that is in the overlap as a whole is counted twice, which does no harm.
            rest = data[-OVERLAP_BYTES:]
    return extent


def _write_compact(extent: Extent, source: IO[bytes], target: IO[bytes]) -> None:
    """Write a sheet with only the rows that have cells and only the columns that are used."""
    columns = {column: _column_letters(position) for position, column in enumerate(sorted(extent.columns, key=_column_number), 1)}
    target.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
    previous = new_number = 0
    for _, row in etree.iterparse(source, tag="{*}row", resolve_entities=False, no_network=True):
        cells = [cell for cell in row if len(cell)]
        if cells:
            number = int(row.get("r", previous + 1))
            new_number, previous = new_number + (1 if number == previous + 1 else 2), number
            target.write(f'<row r="{new_number}">'.encode())
            for cell in cells:
                cell.set("r", f"{columns[cell.get('r', '').rstrip(digits)]}{new_number}")
                target.write(etree.tostring(cell))
            target.write(b"</row>")
        row.clear()
    target.write(b"</sheetData></worksheet>")


def _column_number(column: str) -> int:
    """Return the number (from 1) of a column with these letters."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _column_letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters

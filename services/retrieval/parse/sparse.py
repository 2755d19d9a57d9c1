"""Workbooks (.xlsx, .xlsm) whose cells lie far apart: what is empty between them is left out before they are read.

The reader keeps a place for every cell of the rectangle that a sheet's cells span: two cells in opposite corners are 17 thousand million.
Rows that were apart stay apart, by one empty row; what values and formats mean is none of this module's business.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from string import digits
from typing import IO

from lxml import etree

SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAX_PLACES = 4_000_000
SPARSE = 8
BLOCK, OVERLAP = 1024 * 1024, 32


@dataclass
class Extent:
    """How many cells a sheet has, in which columns, and its last row."""

    cells: int = 0
    last_row: int = 0
    columns: set[str] = field(default_factory=set)

    @property
    def is_sparse(self) -> bool:
        """Whether its rectangle is large, and almost empty."""
        places = self.last_row * max(map(_number, self.columns), default=0)
        return places > MAX_PLACES and places > SPARSE * self.cells


@contextmanager
def drawn_together(archive: zipfile.ZipFile, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """Yield a workbook's file: `file` itself, or one with the same cells nearer to each other where a sheet is sparse.

    Raises:
        zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError: it is damaged.
    """
    extents = {name: _measure(archive, name) for name in archive.namelist() if SHEETS.fullmatch(name)}
    sparse = {name: extent for name, extent in extents.items() if extent.is_sparse}
    if not sparse:
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        with zipfile.ZipFile(copy, "w") as packed:
            for entry in archive.infolist():
                with archive.open(entry) as source, packed.open(entry.filename, "w") as target:
                    if entry.filename in sparse:
                        _draw(source, target, sparse[entry.filename])
                    else:
                        shutil.copyfileobj(source, target)
        copy.seek(0)
        yield copy


def _measure(archive: zipfile.ZipFile, name: str) -> Extent:
    extent = Extent()
    with archive.open(name) as part:
        rest = b""
        while block := part.read(BLOCK):
            for found in CELL.finditer(text := rest + block):
                extent.cells += 1
                extent.last_row = max(extent.last_row, int(found[2]))
                extent.columns.add(found[1].decode())
            # A reference may lie across two blocks; one that is whole in the overlap is counted twice, which does no harm.
            rest = text[-OVERLAP:]
    return extent


def _draw(source: IO[bytes], target: IO[bytes], extent: Extent) -> None:
    """Write a sheet anew: no rows but those with cells, no columns but those that are used."""
    columns = {column: _letters(place) for place, column in enumerate(sorted(extent.columns, key=_number), 1)}
    target.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
    was = now = 0
    for _, row in etree.iterparse(source, tag="{*}row", resolve_entities=False, no_network=True):
        cells = [cell for cell in row if len(cell)]
        if cells:
            number = int(row.get("r", was + 1))
            now, was = now + (1 if number == was + 1 else 2), number
            target.write(f'<row r="{now}">'.encode())
            for cell in cells:
                cell.set("r", f"{columns[cell.get('r', '').rstrip(digits)]}{now}")
                target.write(etree.tostring(cell))
            target.write(b"</row>")
        row.clear()
    target.write(b"</sheetData></worksheet>")


def _number(column: str) -> int:
    """Return the number of a column, from 1, by its letters."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters

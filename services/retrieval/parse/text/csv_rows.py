"""CSV as a Markdown table, whatever separates its cells."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from services.retrieval.parse.builder import clean
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.long_text import store
from services.retrieval.parse.tables import table_lines, to_row
from services.retrieval.parse.text.encoding import find_encoding, open_text

SAMPLE_LENGTH = 16_384
DELIMITERS = ",;\t|"
MAX_FIELD_LENGTH = 131_072
# The first line in which some spreadsheet programs name the delimiter.
SEPARATOR = re.compile(r"sep=(.)\n", re.IGNORECASE)


def parse_csv(path: Path) -> Document:
    """Read comma-separated values, whatever the delimiter is, as one table.

    Raises:
        InvalidFile: if the file is not text, or a cell is longer than 128 KiB.
    """
    encoding = find_encoding(path)
    with open_text(path, encoding) as file:
        source = _find_source(file)
        # The rows are read twice, once to find the columns that have text, so that the table need not be kept in memory.
        columns, last_line = _find_columns(source)
        notes = [encoding.note, source.describe_open_quote(last_line)]
        lines = table_lines(map(to_row, source.read_rows()), columns)
        text = store(f"\n{line}" if number else line for number, line in enumerate(lines))
    return Document(text, note=" ".join(filter(None, notes)) or None)


@dataclass(frozen=True)
class _Source:
    """An open file, what separates its cells, and how many lines precede its first row."""

    file: TextIO
    delimiter: str
    skip: int

    def read_rows(self) -> Any:
        """Return a reader of all rows."""
        csv.field_size_limit(MAX_FIELD_LENGTH)  # of the whole process, so it is set before each reading
        return csv.reader(self._lines(), delimiter=self.delimiter)

    def describe_open_quote(self, last_line: int) -> str | None:
        """Return a note if a cell of the last row, which begins in `last_line`, is quoted to the end of the file by mistake."""
        if sum(line.count('"') for line in islice(self._lines(), last_line - 1 - self.skip, None)) % 2 == 0:
            return None
        problem = f"Line {last_line} has a quotation mark that is not closed, so everything after it was read as one cell"
        return f"{problem}. Correct it and upload the file again."

    def _lines(self) -> Iterator[str]:
        self.file.seek(0)
        return islice(map(clean, self.file), self.skip, None)


def _find_source(file: TextIO) -> _Source:
    sample = clean(file.read(SAMPLE_LENGTH))
    declared = SEPARATOR.match(sample)
    return _Source(file, declared[1], 1) if declared else _Source(file, _guess_delimiter(sample), 0)


def _find_columns(source: _Source) -> tuple[list[int], int]:
    """Return the columns that have text, and the line in which the last row begins."""
    columns: set[int] = set()
    reader = source.read_rows()
    line = last = source.skip + 1
    try:
        for row in map(to_row, reader):
            columns.update(row)
            last, line = line, source.skip + reader.line_num + 1
    except csv.Error as error:
        raise InvalidFile(f"{_describe(error, line)} To read it as plain text, change its extension to .txt.") from error
    return sorted(columns), last


def _describe(error: csv.Error, line: int) -> str:
    if "field larger" in str(error):
        long = f"The file is not valid CSV: a cell in line {line} has more than {MAX_FIELD_LENGTH} characters"
        return f"{long}. Is a quotation mark missing?"
    return f"The file is not valid CSV in line {line}."


def _guess_delimiter(sample: str) -> str:
    """Return the character that splits most lines of the sample into the same number of fields, and into more than one."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        most_frequent = max(set(counts), key=counts.count, default=0)
        return (counts.count(most_frequent), most_frequent) if most_frequent else (0, 0)

    return max(DELIMITERS, key=agreement)

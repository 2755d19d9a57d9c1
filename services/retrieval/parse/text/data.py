"""Data as text: CSV as a Markdown table, JSON as lines of `path: value`, lists of flat objects as tables."""

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from services.retrieval.parse.builder import Builder, clean
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.long_text import store
from services.retrieval.parse.tables import Row, table, table_lines, to_row
from services.retrieval.parse.text.encoding import decode, open_text

SAMPLE_LENGTH = 16_384
DELIMITERS = ",;\t|"
MAX_COLUMNS = 64
MAX_FIELD_LENGTH = 131_072
# The first line in which some spreadsheet programs name the delimiter.
SEPARATOR = re.compile(r"sep=(.)\n", re.IGNORECASE)


def parse_csv(path: Path) -> Document:
    """Read comma-separated values, whatever the delimiter is, as one table.

    Raises:
        InvalidFile: if the file is not text, or a field is longer than 128 KiB.
    """
    with open_text(path) as file:
        sample = clean(file.read(SAMPLE_LENGTH))
        declared = SEPARATOR.match(sample)
        rows = partial(_read_rows, file, declared[1] if declared else _guess_delimiter(sample), 1 if declared else 0)
        try:
            columns = sorted({column for row in rows() for column in row})
        except csv.Error as error:
            raise InvalidFile(f"{_describe(error)} To have the file read as plain text, rename it to end in .txt.") from error
        lines = table_lines(rows(), columns)
        return Document(store(f"\n{line}" if number else line for number, line in enumerate(lines)))


def _describe(error: csv.Error) -> str:
    if "field larger" in str(error):
        return f"The file is not valid CSV: a field has more than {MAX_FIELD_LENGTH} characters. Is a quotation mark missing?"
    return "The file is not valid CSV."


def _read_rows(file: TextIO, delimiter: str, skip: int) -> Iterator[Row]:
    """Yield the rows from the beginning of the file, without the first `skip` lines and without empty ones.

    The rows are read twice, once to find the columns that have text, so that the table need not be kept in memory.
    """
    csv.field_size_limit(MAX_FIELD_LENGTH)  # of the whole process, so it is set before each reading
    file.seek(0)
    lines = islice(map(clean, file), skip, None)
    return filter(None, map(to_row, csv.reader(lines, delimiter=delimiter)))


def _guess_delimiter(sample: str) -> str:
    """Return the character that splits most lines of the sample into the same number of fields, and into more than one."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        most_frequent = max(set(counts), key=counts.count, default=0)
        return (counts.count(most_frequent), most_frequent) if most_frequent else (0, 0)

    return max(DELIMITERS, key=agreement)


def parse_json(path: Path) -> Document:
    """Read JSON, or JSON Lines.

    Raises:
        InvalidFile: if it is neither; the message says where.
    """
    text = decode(path.read_bytes()).strip()
    builder = Builder()
    for value in _parse_values(text):
        _add(builder, value)
    return builder.build()


def _parse_values(text: str) -> list[Any]:
    try:
        return [_loads(text)]
    except json.JSONDecodeError as error:
        first_error = error
    except ValueError as error:
        raise InvalidFile("The file is not valid JSON.") from error
    try:
        return [_loads(line) for line in text.split("\n") if line.strip()]
    except json.JSONDecodeError:
        place = f"line {first_error.lineno}, column {first_error.colno}"
        raise InvalidFile(
            f"The file is not valid JSON; the first error is in {place}. Correct it and upload the file again."
        ) from first_error


def _loads(text: str) -> Any:
    """Return the value; numbers stay strings, so that none is rounded."""
    return json.loads(text, parse_int=str, parse_float=str)


def _add(builder: Builder, value: Any) -> None:
    if isinstance(value, list) and value and all(_is_flat(each) for each in value):
        builder.add(_to_table(value))
    elif isinstance(value, list):
        for each in value:
            _add(builder, each)
    else:
        builder.add("\n".join(_to_lines(value, "")))


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and not any(isinstance(each, dict | list) for each in value.values())


def _to_table(records: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for record in records for key in record))
    if len(columns) > MAX_COLUMNS:
        return "\n\n".join("\n".join(_to_lines(record, "")) for record in records)
    return table([columns, *([_to_string(record.get(column, "")) for column in columns] for record in records)])


def _to_lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _to_lines(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and any(isinstance(each, dict | list) for each in value):
        for number, inner in enumerate(value, 1):
            yield from _to_lines(inner, f"{path}[{number}]")
    else:
        string = ", ".join(map(_to_string, value)) if isinstance(value, list) else _to_string(value)
        yield f"{path}: {string}" if path else string


def _to_string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

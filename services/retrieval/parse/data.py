"""Data as text: CSV as Markdown tables, JSON as lines of `path: value`, lists of flat objects as tables."""

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from services.retrieval.parse.document import Builder, Document, InvalidFile, clean, table, table_lines
from services.retrieval.parse.encoding import decode, open_text
from services.retrieval.parse.long_text import keep

SAMPLE = 16_384
DELIMITERS = ",;\t|"
MAX_COLUMNS = 64
# A first line by which spreadsheet programs say what separates the values.
SEPARATOR = re.compile(r"sep=(.)\n", re.IGNORECASE)


def parse_csv(path: Path) -> Document:
    """Read comma-separated values, whatever separates them, as one table.

    Raises:
        InvalidFile: it is not text, or a field is longer than 128 KiB.
    """
    with open_text(path) as file:
        sample = clean(file.read(SAMPLE))
        said = SEPARATOR.match(sample)
        rows = partial(_rows, file, said[1] if said else _delimiter(sample), 1 if said else 0)
        try:
            width = max(map(len, rows()), default=0)
        except csv.Error as error:
            raise InvalidFile(f"The file is not comma-separated values: {error}. Name it .txt to have it read as text.") from error
        lines = table_lines(rows(), width)
        return Document(keep(f"\n{line}" if number else line for number, line in enumerate(lines)))


def _rows(file: TextIO, delimiter: str, skipped: int) -> Iterator[list[str]]:
    """Yield the rows from the file's beginning, without the first lines and those that are empty; a table is read twice and never held."""
    file.seek(0)
    lines = islice(map(clean, file), skipped, None)
    return (row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row))


def _delimiter(sample: str) -> str:
    """Return the mark that cuts most lines of the sample into the same number of fields, and into more than one."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]

    def agreement(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        most = max(set(counts), key=counts.count, default=0)
        return (counts.count(most), most) if most else (0, 0)

    return max(DELIMITERS, key=agreement)


def parse_json(path: Path) -> Document:
    """Read JSON, or JSON Lines.

    Raises:
        InvalidFile: it is neither; the message says where.
    """
    text = decode(path.read_bytes()).strip()
    builder = Builder()
    for value in _values(text):
        _add(builder, value)
    return builder.build()


def _values(text: str) -> list[Any]:
    try:
        return [_loads(text)]
    except json.JSONDecodeError as error:
        whole = error
    except ValueError as error:
        raise InvalidFile(f"The file is not JSON that can be read: {error}.") from error
    try:
        return [_loads(line) for line in text.split("\n") if line.strip()]
    except json.JSONDecodeError:
        raise InvalidFile(f"The file is not JSON: {whole.msg} in line {whole.lineno}, column {whole.colno}.") from whole


def _loads(text: str) -> Any:
    """Return the value; numbers stay as they are written, however long or precise."""
    return json.loads(text, parse_int=str, parse_float=str)


def _add(builder: Builder, value: Any) -> None:
    if isinstance(value, list) and value and all(_is_flat(each) for each in value):
        builder.add(_as_table(value))
    elif isinstance(value, list):
        for each in value:
            _add(builder, each)
    else:
        builder.add("\n".join(_lines(value, "")))


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and not any(isinstance(each, dict | list) for each in value.values())


def _as_table(records: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for record in records for key in record))
    if len(columns) > MAX_COLUMNS:
        return "\n\n".join("\n".join(_lines(record, "")) for record in records)
    return table([columns, *([_shown(record.get(column, "")) for column in columns] for record in records)])


def _lines(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _lines(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and any(isinstance(each, dict | list) for each in value):
        for number, inner in enumerate(value, 1):
            yield from _lines(inner, f"{path}[{number}]")
    else:
        shown = ", ".join(map(_shown, value)) if isinstance(value, list) else _shown(value)
        yield f"{path}: {shown}" if path else shown


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

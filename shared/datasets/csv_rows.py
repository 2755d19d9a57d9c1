"""The rows of a CSV file as objects with the fields of a question. The first row has the names of the fields.

Commas, semicolons or tabs separate cells. Several values of a cell are a JSON list, or are separated by `|`; a column in the singular
(`answer`, `context`, `tag`) has one value, which is kept as it is. `messages` is JSON.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from shared.datasets.problems import WrongLine
from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.errors import InvalidDataset

DELIMITERS = ",;\t"
SEPARATOR = "|"
LISTS = ("answers", "contexts", "tags")
SINGLE = {"answer": "answers", "context": "contexts", "tag": "tags"}
FIELDS = ("question", "messages", *LISTS, *SINGLE, "cluster", "id")


@dataclass(frozen=True)
class Row:
    """A row: the line it begins in, and its object, or else its problem."""

    line: int
    value: dict[str, Any]
    problem: str | None = None


def read_rows(lines: Iterable[str], param: str, *, start: int = 1) -> Iterator[Row]:
    """Yield every row after the first that is not empty. `start` is the number of the first line.

    Raises:
        InvalidDataset: if the first row does not name the fields, or if quotes do not match, so that the rest cannot be read.
    """
    source = iter(lines)
    header = next(source, "")
    delimiter = find_delimiter(header)
    cells = read_cells(end_lines(chain([header], source)), delimiter, param, start)
    _, first = next(cells, (start, []))
    names = _read_names(start, first, param)
    for line, row in cells:
        if any(cell.strip() for cell in row):
            yield _read_row(line, row, names, delimiter)


def find_delimiter(header: str) -> str:
    """Return what separates the names of the first row: that which finds the most names of fields."""
    return max(DELIMITERS, key=lambda delimiter: sum(_clean(name) in FIELDS for name in _split(header, delimiter)))


def names_fields(header: str) -> bool:
    """Return whether a line is the first row of a CSV file with questions."""
    return bool({"question", "messages"} & {_clean(name) for name in _split(header, find_delimiter(header))})


def _split(header: str, delimiter: str) -> list[str]:
    csv.field_size_limit(MAX_LINE_BYTES)
    return next(csv.reader(header.splitlines()[:1], delimiter=delimiter), [])


def end_lines(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with their ends, which belong to a quoted cell of several lines."""
    for line in lines:
        yield f"{line}\n"


def read_cells(lines: Iterable[str], delimiter: str, param: str, start: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of every row with the line that it begins in."""
    csv.field_size_limit(MAX_LINE_BYTES)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + start
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidDataset(line, f"this row and those after it cannot be read: {_explain(error)}.", param=param) from error


def _explain(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end" in words or "field limit" in words:
        return "a cell begins with a quote that is not closed; end the cell with a quote, and double each quote inside it"
    if "expected after" in words:
        return "a quoted cell has text after its closing quote; double each quote inside the cell"
    return "save the file with a line feed at the end of each line"


def _read_names(line: int, row: Sequence[str], param: str) -> list[str]:
    """Return the names of the columns; a column in the singular, such as `answer`, keeps its name."""
    names = [_clean(name) for name in row]
    targets = [SINGLE.get(name, name) for name in names if name]
    if not ({"question", "messages"} & set(targets) and "answers" in targets):
        found = ", ".join(f"'{name}'" for name in names if name) or "nothing"
        raise InvalidDataset(
            line, f"the first row must have the names of the columns, including 'question' and 'answers'; got {found}.", param=param
        )
    if repeated := next((name for name in targets if targets.count(name) > 1), None):
        raise InvalidDataset(line, f"two columns are named '{repeated}'; rename or delete one.", param=param)
    return names


def _clean(name: str) -> str:
    """Return the name of a column; known names may be written with capitals."""
    stripped = name.strip()
    return stripped.lower() if stripped.lower() in FIELDS else stripped


def _read_row(line: int, row: Sequence[str], names: Sequence[str], delimiter: str) -> Row:
    if len(row) != len(names):
        shown = "a tab" if delimiter == "\t" else f"'{delimiter}'"
        hint = f"put a cell that contains {shown} in double quotes" if len(row) > len(names) else f"separate the cells with {shown}"
        return Row(line, {}, f"the row must have {len(names)} cells, like the first row; it has {len(row)}; {hint}.")
    try:
        fields = [_read_field(name, cell) for name, cell in zip(names, row, strict=True) if name]
    except WrongLine as error:
        return Row(line, {}, str(error))
    return Row(line, {name: value for name, value in fields if value is not None})


def _read_field(name: str, cell: str) -> tuple[str, Any]:
    """Return a field and its value; None if the cell is empty and the field may be left out."""
    text = cell.strip()
    if name in ("answers", "answer") and not text:
        raise WrongLine(f"the cell of '{name}' is empty; write [] in a column 'answers' if the documents do not have the answer.")
    if name in SINGLE:
        return SINGLE[name], [text] if text else None
    if name in ("id", "cluster"):
        return name, text or None
    if name == "messages":
        return name, _load(name, text) if text else None
    if name in LISTS:
        return name, _read_list(name, text) if text else None
    return name, cell


def _read_list(name: str, text: str) -> Any:
    if text.startswith("["):
        return _load(name, text)
    return [value.strip() for value in text.split(SEPARATOR)]


def _load(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise WrongLine(f'the cell of \'{name}\' begins like JSON but is not valid; write it as ["first", "second"].') from error

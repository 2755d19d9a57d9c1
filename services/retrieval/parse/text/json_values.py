"""JSON and JSON Lines: a list of flat records is a table, anything else lines with the path of each value.

A file of JSON Lines is read line by line. Lines that are not valid are named in the document's `problem`; the others are its text.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from services.retrieval.parse.builder import Builder
from services.retrieval.parse.document import Document, InvalidFile
from services.retrieval.parse.long_text import store
from services.retrieval.parse.tables import table
from services.retrieval.parse.text.encoding import decode, find_encoding, open_text
from shared.validation.json_problems import explain

MAX_COLUMNS = 64
MAX_NAMED_LINES = 10


def parse_json(path: Path) -> Document:
    """Read JSON; also JSON Lines, if the file is not a single value.

    Raises:
        InvalidFile: if it is neither; the message says where.
    """
    text, note = decode(path.read_bytes())
    try:
        return _to_document(_load(text), note)
    except json.JSONDecodeError as error:
        if _is_json(text.lstrip().partition("\n")[0]) and error.lineno > 1:
            return _read_lines(path)
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidFile(f"The file is not valid JSON: {explain(error)} ({place}). Correct it and upload the file again.") from error


def parse_json_lines(path: Path) -> Document:
    """Read JSON Lines; also a single JSON value of several lines.

    Raises:
        InvalidFile: if no line is valid JSON.
    """
    first = _first_line(path)
    if first and not _is_json(first):
        text, note = decode(path.read_bytes())
        if _is_json(text):
            return _to_document(_load(text), note)
    return _read_lines(path)


def _load(text: str) -> Any:
    """Return the value; numbers stay strings, so that none is rounded."""
    return json.loads(text.replace("\0", ""), parse_int=str, parse_float=str)


def _is_json(text: str) -> bool:
    try:
        _load(text)
    except json.JSONDecodeError:
        return False
    except RecursionError:
        return True
    return True


def _first_line(path: Path) -> str:
    with open_text(path, find_encoding(path)) as file:
        return next((line for line in file if line.strip()), "")


@dataclass
class _WrongLines:
    """The lines that are not valid JSON."""

    count: int = 0
    valid: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, number: int, error: json.JSONDecodeError | RecursionError) -> None:
        self.count += 1
        if len(self.problems) < MAX_NAMED_LINES:
            self.problems.append(f"Line {number} is {_describe(error)}.")

    def describe(self) -> str | None:
        others = f" {self.count - MAX_NAMED_LINES} more lines are not valid." if self.count > MAX_NAMED_LINES else ""
        return " ".join(self.problems) + others if self.count else None


def _read_lines(path: Path) -> Document:
    encoding, wrong = find_encoding(path), _WrongLines()
    with open_text(path, encoding) as file:
        text = store(_separate(_blocks(file, wrong)))
    problem = wrong.describe()
    if problem and not wrong.valid:
        raise InvalidFile(f"{problem} Correct the file and upload it again.")
    return Document(text, note=encoding.note, problem=problem)


def _describe(error: json.JSONDecodeError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply to be read"
    return f"not valid JSON: {explain(error)} (column {error.colno})"


def _blocks(lines: Iterable[str], wrong: _WrongLines) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if line.strip(" \t\n\0"):
            try:
                block = _to_document(_load(line.rstrip()), None).text
            except (json.JSONDecodeError, RecursionError) as error:
                wrong.add(number, error)
                continue
            wrong.valid += 1
            yield block


def _separate(blocks: Iterable[str]) -> Iterator[str]:
    filled = filter(str.strip, blocks)
    yield next(filled, "")
    yield from (f"\n\n{block}" for block in filled)


def _to_document(value: Any, note: str | None) -> Document:
    builder = Builder()
    _add(builder, value)
    return replace(builder.build(), note=note)


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

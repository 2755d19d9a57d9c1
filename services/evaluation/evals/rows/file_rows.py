"""The rows of a JSONL file, each checked against the schema of the eval's items. At any moment, the memory holds one line."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from services.evaluation.evals.rows.row import Row
from shared.contracts.evals.data_sources import Row as Line
from shared.datasets.examples.arguments import explain_mismatch
from shared.datasets.json_lines import parse_line
from shared.errors import InvalidDataset
from shared.validation.json_schema import UNUSABLE, CpuBudget, make_validator, spend

PARAM = "data_source.source.id"
MAX_LINE_BYTES = 64 * 1024 * 1024  # an item of 10 MB and its answer, with each letter escaped
MAX_DEPTH = 200  # as in a request
ITEM_SECONDS = 5.0  # of processor time for the check of an item
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_file_rows(file: BinaryIO, schema: Mapping[str, Any] | None) -> Iterator[Row]:
    """Yield the rows. Blank lines are left out.

    Raises:
        InvalidDataset: if a line is no row, its item is not valid under the schema, or there is no row.
    """
    number, is_empty = 0, True
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise InvalidDataset(number, f"the line is longer than {MAX_LINE_BYTES // 1024**2} MiB.", param=PARAM)
        if line.strip():
            is_empty = False
            yield _read_line(number, line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line, schema)
    if is_empty:
        raise InvalidDataset(0, "The file has no rows.", param=PARAM)


def _read_line(number: int, line: bytes, schema: Mapping[str, Any] | None) -> Row:
    row = parse_line(number, line, Line, PARAM)
    if _is_deeper(row.item, MAX_DEPTH) or _is_deeper(row.sample, MAX_DEPTH):
        raise InvalidDataset(number, f"the JSON is nested more than {MAX_DEPTH} levels deep.", param=PARAM)
    if schema is not None and (problem := find_item_problem(row.item, schema)):
        raise InvalidDataset(number, problem, param=PARAM)
    return Row(row.item, row.sample, len(line))


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [each for parent in level for each in _children(parent)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [each for each in children if isinstance(each, dict | list)]


def find_item_problem(item: Mapping[str, Any], schema: Mapping[str, Any]) -> str | None:
    """Return what in an item breaks the schema, as a sentence; None if nothing does. Each validator may follow only so many references."""
    try:
        with CpuBudget(ITEM_SECONDS).applied(), spend():
            error = next(make_validator(schema).iter_errors(item), None)
    except UNUSABLE:
        return "'item' cannot be checked, because the schema of the eval takes too long or has an invalid reference."
    if error is None:
        return None
    path, problem = explain_mismatch(error)
    return f"'item{'' if path[:1] in ('', '[') else '.'}{path}' {problem}."

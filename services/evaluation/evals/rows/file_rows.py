"""The rows of a JSONL file, each checked against the schema of the eval's items. At any moment, the memory holds one line."""

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from services.evaluation.evals.rows.row import Row
from shared.contracts.evals.data_sources import Row as Line
from shared.datasets.item_schema import ItemSchema
from shared.datasets.json_lines import parse_line
from shared.errors import InvalidDataset
from shared.validation.json_schema import CpuBudget

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
    number, is_empty, item_schema = 0, True, None if schema is None else ItemSchema(schema)
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise InvalidDataset(number, f"the line is longer than {MAX_LINE_BYTES // 1024**2} MiB.", param=PARAM)
        if line.strip():
            is_empty = False
            yield _read_line(number, line.removeprefix(BYTE_ORDER_MARK) if number == 1 else line, item_schema)
    if is_empty:
        raise InvalidDataset(0, "The file has no rows.", param=PARAM)


def _read_line(number: int, line: bytes, schema: ItemSchema | None) -> Row:
    row = parse_line(number, line, Line, PARAM)
    if _is_deeper(row.item, MAX_DEPTH) or _is_deeper(row.sample, MAX_DEPTH):
        raise InvalidDataset(number, f"the JSON is nested more than {MAX_DEPTH} levels deep.", param=PARAM)
    if schema is not None:
        _check_item(number, row.item, schema)
    return Row(row.item, row.sample, len(line))


def _check_item(number: int, item: Mapping[str, Any], schema: ItemSchema) -> None:
    with CpuBudget(ITEM_SECONDS).applied():
        found = schema.find_problem(item)
    if found is not None:
        raise InvalidDataset(number, f"'{found[0]}' {found[1]}.", param=PARAM)


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

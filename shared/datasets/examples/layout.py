"""How the text of a file is laid out if it is not one JSON object a line: what is often sent instead, found once and not in every line."""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from shared.datasets.examples.findings import show
from shared.datasets.text_lines import read_text
from shared.errors import InvalidDataset

EXCEL_SEPARATOR = re.compile(r'"?sep=.?"?', re.IGNORECASE)  # Excel's first line of a CSV file, which names its separator
BINARY = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook", b"\x1f\x8b": "compressed with gzip", b"PAR1": "a Parquet file",
    b"%PDF-": "a PDF", b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"BZh": "compressed with bzip2",
    b"\xfd7zXZ\0": "compressed with xz", b"\x28\xb5\x2f\xfd": "compressed with Zstandard", b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\xd0\xcf\x11\xe0": "a document of an old version of Word, Excel or PowerPoint",
}  # fmt: skip
SPANS_LINES = "an object spans several lines; write each example on one line."
PIPES = "the cells are separated by '|'; separate them with commas, semicolons or tabs, and put a cell that contains one in double quotes."


def read_lines(lines: Iterable[bytes | str], param: str) -> Iterator[tuple[int, str | None]]:
    """Yield every line with its number, as `read_text` does.

    Raises:
        InvalidDataset: as `read_text` does, or if the file is of a well-known kind that is no text.
    """
    source = iter(lines)
    start = list(islice(source, 1))
    for mark, kind in BINARY.items():
        if start and isinstance(start[0], bytes) and start[0].startswith(mark):
            raise InvalidDataset(1, f"the file is {kind}; upload it as JSONL or CSV instead.", param=param)
    yield from read_text(chain(start, source), param)


def explain_text(first: str) -> str | None:
    """Return what is wrong with the first line of a text that is no JSON, such as prose, YAML or HTML; None for any other line."""
    if first.lstrip().startswith("{") or "\0" in first:
        return None
    try:
        json.loads(first)
    except json.JSONDecodeError:
        return f'each line must be a JSON object, such as {{"messages": [...]}}; got {show(first.strip())}.'
    except (ValueError, RecursionError):
        return None
    return None


def ends_early(first: str) -> bool:
    """Return whether the first line of a file begins an object, and nothing is wrong with it but that it ends before the object does."""
    if not first.lstrip().startswith("{"):
        return False
    try:
        json.loads(first)
    except json.JSONDecodeError as error:
        return error.pos >= len(first.rstrip())
    except (ValueError, RecursionError):
        return False
    return False


def continues_object(second: str | None) -> bool:
    """Return whether the second line goes on with the object of the first, as in pretty-printed JSON.

    If it is a whole object but no message, the first line was cut off.
    """
    try:
        value = json.loads(second or "")
    except (ValueError, RecursionError):
        return True
    return not isinstance(value, dict) or "role" in value


def describe_cells(count: int, delimiter: str) -> str:
    """Return what is wrong with a row of CSV that has not two cells but `count`."""
    shown = "a tab" if delimiter == "\t" else f"'{delimiter}'"
    remedy = f"put a cell that contains {shown} in double quotes" if count > 2 else f"separate the cells with {shown}"
    return f"the row must have 2 cells, like the first row; it has {count}; {remedy}."

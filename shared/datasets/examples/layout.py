"""How the text of a file is laid out if it is not one JSON object a line: what is often sent instead, found once and not in every line."""

import json
import re

EXCEL_SEPARATOR = re.compile(r'"?sep=.?"?', re.IGNORECASE)  # Excel's first line of a CSV file, which names its separator
SPANS_LINES = "an object spans several lines; write each example on one line."
PIPES = "the cells are separated by '|'; separate them with commas, semicolons or tabs, and put a cell that contains one in double quotes."


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

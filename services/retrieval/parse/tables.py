"""Rows as Markdown tables. Positions without text cost nothing: columns without text are left out, a row ends with its last text, and a row
that is almost empty has the names of its columns instead of empty cells. Knows no format.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from services.retrieval.parse.builder import one_line

Row: TypeAlias = Mapping[int, str]
"""The text of a row by column, from left to right; nothing for cells without text."""

# A row has names instead of empty cells if it has more empty cells than this, and so many times more than cells with text.
MAX_EMPTY_CELLS = 20
MAX_EMPTY_SHARE = 3
MAX_NAME_LENGTH = 60
# A wider table has no line below its header, because nobody can read it as a table.
MAX_LINED_WIDTH = 256


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose first row is the header; an empty string if no cell has text."""
    return sparse_table([to_row(row) for row in rows])


def sparse_table(rows: Iterable[Row]) -> str:
    """Return a Markdown table whose first row is the header; an empty string if there is no text."""
    filled = [row for row in rows if row]
    return "\n".join(table_lines(filled, sorted({column for row in filled for column in row})))


def to_row(cells: Sequence[str]) -> Row:
    """Return the cells that have text."""
    return {column: text for column, cell in enumerate(cells) if (text := one_line(cell))}


def table_lines(rows: Iterable[Row], columns: Sequence[int]) -> Iterator[str]:
    """Yield the lines of a Markdown table of these columns, whose first row is the header. Rows without text are left out."""
    if not columns:
        return
    positions = {column: position for position, column in enumerate(columns)}
    filled = filter(None, rows)
    header: Row = {}
    if len(columns) <= MAX_LINED_WIDTH:
        header = next(filled, {})
        yield table_row([header.get(column, "") for column in columns])
        yield "|" + " --- |" * len(columns)
    for row in filled:
        yield _to_line(row, positions, header)


def _to_line(row: Row, positions: Mapping[int, int], names: Row) -> str:
    width = positions[max(row)] + 1
    if width - len(row) > max(MAX_EMPTY_CELLS, MAX_EMPTY_SHARE * len(row)):
        return table_row([f"{names[column][:MAX_NAME_LENGTH]}: {text}" if column in names else text for column, text in row.items()])
    cells = [""] * width
    for column, text in row.items():
        cells[positions[column]] = text
    return table_row(cells)


def table_row(cells: Iterable[str]) -> str:
    """Return a line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

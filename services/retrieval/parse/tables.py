"""Tables as Markdown tables, also those with cells that span several rows or columns. Knows no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from services.retrieval.parse.builder import one_line

# A cell that spans several rows or columns is repeated in each if its text is no longer than this, in at most so many columns.
MAX_REPEATED_LENGTH = 200
MAX_SPAN = 100


def table_row(cells: list[str]) -> str:
    """Return a row of a Markdown table."""
    return "| " + " | ".join(one_line(cell).replace("|", "\\|") for cell in cells) + " |"


def table(rows: list[list[str]]) -> str:
    """Return a Markdown table whose first row is the header; an empty string if no cell has text."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    return "\n".join(table_lines(filled, max((len(row) for row in filled), default=0)))


def table_lines(rows: Iterable[list[str]], width: int) -> Iterator[str]:
    """Yield the lines of a Markdown table of `width` columns whose first row is the header."""
    lines = (table_row(row + [""] * (width - len(row))) for row in rows)
    for header in lines:
        yield header
        yield "|" + " --- |" * width
        yield from lines


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1

    def repeated(self) -> Cell:
        """Return what the further positions of a cell contain that spans several: its text if that is short."""
        return self if len(self.text) <= MAX_REPEATED_LENGTH else replace(self, text="")


def expand_spans(rows: list[list[Cell]]) -> list[list[str]]:
    """Return the text at each position of a table.

    A cell that spans several positions is repeated in each, so that every row can be read on its own; but not if its text is long or it
    spans a whole row.
    """
    expanded: list[list[str]] = []
    from_above: dict[int, tuple[str, int]] = {}
    for cells in rows:
        row: list[str] = []
        for cell in cells:
            _append_from_above(row, from_above)
            repeated = cell.repeated().text if len(cells) > 1 or from_above else ""
            for position in range(max(1, min(cell.columns, MAX_SPAN))):
                if cell.rows > 1:
                    from_above[len(row)] = (repeated, cell.rows - 1)
                row.append(repeated if position else cell.text)
        _append_from_above(row, from_above)
        expanded.append(row)
    return expanded


def _append_from_above(row: list[str], from_above: dict[int, tuple[str, int]]) -> None:
    """Append to a row, at its current end, the cells that span down into it."""
    while len(row) in from_above:
        text, rows = from_above.pop(len(row))
        if rows > 1:
            from_above[len(row)] = (text, rows - 1)
        row.append(text)

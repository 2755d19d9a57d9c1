"""Tables with cells that span several rows or columns: which text each position has. Knows no format.

Ranges are compared, never single positions, so that a cell that claims to span a million columns takes no more time than any other.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from services.retrieval.parse.builder import one_line
from services.retrieval.parse.tables import Row

# A cell that spans several positions is repeated in each if its text is no longer than this.
MAX_REPEATED_LENGTH = 200
# All repetitions in a table together may have this many characters, and so many times more than the table itself.
MAX_REPEATED_SHARE = 4
MIN_REPEATED = 5_000

Texts: TypeAlias = dict[int, dict[int, str]]
"""The cells of a table that have text, by row and column."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, and how many columns and rows it spans."""

    text: str
    columns: int = 1
    rows: int = 1

    def repeated(self) -> "Cell":
        """Return what the further positions of a cell contain that spans several: its text if that is short."""
        return self if len(self.text) <= MAX_REPEATED_LENGTH else replace(self, text="")


@dataclass(frozen=True, slots=True)
class Span:
    """A cell with text at its position: its first row and column, and how many of both it spans."""

    row: int
    column: int
    cell: Cell

    @property
    def end_row(self) -> int:
        """The row after its last one."""
        return self.row + max(1, self.cell.rows)

    @property
    def end_column(self) -> int:
        """The column after its last one."""
        return self.column + max(1, self.cell.columns)


def expand_spans(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    """Return the text at each position of a table whose rows list their cells from left to right.

    A cell that spans several positions is repeated in each, so that every row can be read on its own; but not if its text is long, or if no
    other cell in its row has text.
    """
    texts: Texts = {}
    spans: list[Span] = []
    for span in _place(rows):
        texts.setdefault(span.row, {})[span.column] = span.cell.text
        if span.cell.columns > 1 or span.cell.rows > 1:
            spans.append(span)
    return repeat_text(texts, spans)


def _place(rows: Sequence[Sequence[Cell]]) -> Iterator[Span]:
    """Yield the cells that have text, at their positions. Once too many cells have reached down into too many rows, no more do."""
    above: list[Span] = []
    budget = MIN_REPEATED + MAX_REPEATED_SHARE * sum(map(len, rows))
    for number, cells in enumerate(rows):
        placed = list(_place_row(number, cells, above))
        yield from (span for span in placed if span.cell.text)
        below = [span for span in (*above, *placed) if span.end_row > number + 1]
        budget -= len(below)
        above = sorted(below, key=lambda span: span.column) if budget > 0 else []


def _place_row(number: int, cells: Iterable[Cell], above: Iterable[Span]) -> Iterator[Span]:
    """Yield the cells of a row at the positions that no cell from above covers."""
    covered, column = deque(above), 0
    for cell in cells:
        while covered and covered[0].column <= column:
            column = max(column, covered.popleft().end_column)
        span = Span(number, column, replace(cell, text=one_line(cell.text)))
        yield span
        column = span.end_column


def repeat_text(texts: Texts, spans: Iterable[Span]) -> list[Row]:
    """Return the rows of a table with these texts, some of which are in cells that span several positions.

    Only in rows and columns in which a cell begins is anything repeated.
    """
    numbers, columns = sorted(texts), sorted({column for row in texts.values() for column in row})
    budget = MIN_REPEATED + MAX_REPEATED_SHARE * sum(len(text) + 1 for row in texts.values() for text in row.values())
    for span in spans:
        if len(texts[span.row]) > 1 and len(span.cell.text) <= MAX_REPEATED_LENGTH:
            for number, column in islice(_further_positions(span, numbers, columns), budget // _cost(span)):
                budget -= _cost(span)
                texts[number].setdefault(column, span.cell.text)
    return [dict(sorted(texts[number].items())) for number in numbers]


def _cost(span: Span) -> int:
    return len(span.cell.text) + len(" | ")


def _further_positions(span: Span, numbers: Sequence[int], columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the row and column of each position that a cell covers, besides its first."""
    down = range(bisect_left(numbers, span.row), bisect_left(numbers, span.end_row))
    across = range(bisect_left(columns, span.column), bisect_left(columns, span.end_column))
    positions = ((numbers[row], columns[column]) for row in down for column in across)
    return islice(positions, 1, None)

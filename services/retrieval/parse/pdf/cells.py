"""Grids and words to tables: which cell each word is in, and whether the result is a table at all. Knows nothing of PDFium."""

import bisect
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from services.retrieval.parse.pdf.grid import Grid
from services.retrieval.parse.pdf.page import Line, Word, group_into_lines
from services.retrieval.parse.spans import MAX_REPEATED_LENGTH

Rows = list[list[str]]
Position = tuple[int, int]
TextLine = list[Word]
# A row has at most so many lines of text without a drawn line between them.
MAX_LINES_IN_ROW = 6
# In a drawing, a smaller share of the sides between grid positions has a line.
MIN_LINE_SHARE = 0.4
MIN_FILLED_SHARE = 0.3
MIN_LINES = 3
# The gap between columns without a drawn line, as a share of a word's height. Between words of prose it is less than half of this.
MIN_GUTTER = 0.9
MAX_SPANNING_SHARE = 0.2
MIN_WIDTH_SHARE = 0.75
# Columns of prose have at least so many lines, which are at least so many times as wide as high.
MIN_PROSE_LINES = 4
MIN_PROSE_RATIO = 8.0


def read_table(grid: Grid, words: list[Word]) -> Rows | None:
    """Return the rows of the table that `words` form in `grid`; None if it is no table but a frame, a drawing or columns of prose."""
    if not words:
        return None
    is_open = len(grid.xs) == 2
    refined = _add_rows(_add_columns(grid, words) if is_open else grid, words)
    owners = refined.owners()
    texts = _fill_cells(refined, owners, words)
    is_table = _is_table(_to_rows(texts, owners, 0)) and refined.line_share() >= MIN_LINE_SHARE
    if not is_table or (is_open and _has_tall_row(refined, words)):
        return None
    rows = _to_rows(texts, owners, MAX_REPEATED_LENGTH)
    return [row[::-1] for row in rows] if _is_right_to_left(words) else rows


def _has_tall_row(grid: Grid, words: list[Word]) -> bool:
    lines_in_row = Counter(_position(grid, line[0])[0] for line in group_into_lines(words))
    return max(lines_in_row.values()) > MAX_LINES_IN_ROW


def _is_right_to_left(words: list[Word]) -> bool:
    """Return whether most letters belong to a script that is written from right to left, in which columns are read so too."""
    kinds = [unicodedata.bidirectional(letter) for word in words for letter in word.text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def _fill_cells(grid: Grid, owners: list[list[Position]], words: list[Word]) -> dict[Position, str]:
    """Return the text of each cell, by its first position."""
    texts: dict[Position, str] = {}
    for word in words:
        row, column = _position(grid, word)
        owner = owners[row][column]
        before = texts.get(owner, "")
        texts[owner] = before + (" " if before and word.before else "") + word.text
    return texts


def _to_rows(texts: dict[Position, str], owners: list[list[Position]], max_repeated: int) -> Rows:
    """Return the rows, without empty rows and columns.

    The text of a cell that spans several positions, but not a whole row, is repeated in each if it has at most `max_repeated` characters.
    """
    rows = [
        [
            texts.get(owner, "")
            if owner == (row, column) or (len(texts.get(owner, "")) <= max_repeated and len(set(row_owners)) > 1)
            else ""
            for column, owner in enumerate(row_owners)
        ]
        for row, row_owners in enumerate(owners)
    ]
    used_rows = {row for row, _ in texts}
    used_columns = {column for _, column in texts}
    return [[row[column] for column in sorted(used_columns)] for number, row in enumerate(rows) if number in used_rows]


def _position(grid: Grid, word: Word) -> Position:
    x, y = word.box.center
    column = bisect.bisect_right(grid.xs, x) - 1
    row = bisect.bisect_right(grid.ys, -y, key=lambda edge: -edge) - 1
    return max(0, min(row, len(grid.ys) - 2)), max(0, min(column, len(grid.xs) - 2))


def _is_table(rows: Rows) -> bool:
    if not rows:
        return False
    filled = [sum(1 for row in rows if row[column]) for column in range(len(rows[0]))]
    return sum(1 for count in filled if count > 1) > 1 and sum(filled) >= MIN_FILLED_SHARE * len(rows) * len(filled)


def _add_columns(grid: Grid, words: list[Word]) -> Grid:
    """Return the grid with columns between the gaps that almost no line of text crosses."""
    lines = group_into_lines(words)
    min_width = MIN_GUTTER * median(word.box.top - word.box.bottom for word in words)
    gaps = [(start, end) for start, end in _find_gaps(lines, int(MAX_SPANNING_SHARE * len(lines))) if end - start >= min_width]
    new_xs = [(start + end) / 2 for start, end in gaps]
    edges = grid.xs[0], *new_xs, grid.xs[-1]
    down = tuple(Line(x, grid.ys[-1], grid.ys[0]) for x in new_xs)
    refined = replace(grid, xs=edges, down=grid.down + down)
    return grid if _are_prose(refined, lines) else refined


def _find_gaps(lines: list[TextLine], max_crossing: int) -> Iterator[tuple[float, float]]:
    """Yield the ranges of x in which at most `max_crossing` lines have a word, between ranges in which more have."""
    edges = sorted(edge for line in lines for word in line for edge in ((word.box.left, 1), (word.box.right, -1)))
    count, gap_start = 0, None
    for x, change in edges:
        previous, count = count, count + change
        if previous > max_crossing >= count:
            gap_start = x
        elif gap_start is not None and previous <= max_crossing < count:
            yield gap_start, x


def _are_prose(grid: Grid, lines: list[TextLine]) -> bool:
    """Return whether the lines of at least two columns go from edge to edge."""
    height = median(word.box.top - word.box.bottom for line in lines for word in line)
    return sum(_is_prose(grid, lines, column, height) for column in range(len(grid.xs) - 1)) > 1


def _is_prose(grid: Grid, lines: list[TextLine], column: int, height: float) -> bool:
    widths = [width for line in lines if (width := _width(grid, line, column))]
    if len(widths) < MIN_PROSE_LINES:
        return False
    available = grid.xs[column + 1] - grid.xs[column]
    return median(widths) > max(MIN_WIDTH_SHARE * max(widths), MIN_PROSE_RATIO * height, MIN_WIDTH_SHARE**2 * available)


def _width(grid: Grid, line: TextLine, column: int) -> float:
    inside = [word.box for word in line if _position(grid, word)[1] == column]
    return inside[-1].right - inside[0].left if inside else 0.0


def _add_rows(grid: Grid, words: list[Word]) -> Grid:
    """Return the grid with its rows divided that contain several rows without drawn lines between them."""
    new_ys: list[float] = []
    for row in range(len(grid.ys) - 1):
        new_ys += _divide_row([word for word in words if _position(grid, word)[0] == row], grid)
    across = tuple(Line(y, grid.xs[0], grid.xs[-1]) for y in new_ys)
    return replace(grid, ys=tuple(sorted((*grid.ys, *new_ys), reverse=True)), across=grid.across + across)


def _divide_row(words: list[Word], grid: Grid) -> list[float]:
    """Return the y between the rows that lines of text form: each begins with a line that has words in several columns."""
    lines = group_into_lines(words)
    columns = [{_position(grid, word)[1] for word in line} for line in lines]
    counts = Counter(column for line in columns for column in line)
    full_columns = sum(1 for count in counts.values() if count >= MIN_WIDTH_SHARE * len(lines))
    if len(lines) < MIN_LINES or full_columns < 2 or _are_prose(grid, lines):
        return []
    begins_row = [len(line) > 1 for line in columns]
    pairs = zip(lines, lines[1:], begins_row[1:], strict=False)
    return [(min(word.box.bottom for word in above) + max(word.box.top for word in below)) / 2 for above, below, begins in pairs if begins]

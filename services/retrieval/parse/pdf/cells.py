"""Grids and words to tables: which cell each word is in, and whether that makes a table at all. Knows nothing of PDFium."""

import bisect
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from services.retrieval.parse.document import MAX_REPEATED
from services.retrieval.parse.pdf.grid import Grid
from services.retrieval.parse.pdf.page import Rule, Word, lines

Rows = list[list[str]]
Place = tuple[int, int]
# Most lines of text in a row that no line parts from the next; a drawing's lines part less than so much of the places in its grid.
LONG_BAND = 6
PARTED = 0.4
FEWEST_FILLED = 0.3
MIN_LINES = 3
# The room between columns that no line parts, in parts of a word's height; between words of prose it is less than half.
GUTTER = 0.9
SPANNING = 0.2
FULL = 0.75
# Columns of prose have so many lines at least, which are so many times as wide as high.
LONG_COLUMN = 4
PROSE = 8.0


def read_table(grid: Grid, words: list[Word]) -> Rows | None:
    """Return the rows of the table that `words` make in `grid`; None where they make none: a frame, a drawing, columns of prose."""
    if not words:
        return None
    is_open = len(grid.xs) == 2
    refined = _with_rows(_with_columns(grid, words) if is_open else grid, words)
    owners = refined.owners()
    texts = _fill(refined, owners, words)
    if not _is_table(_rows(texts, owners, 0)) or refined.parted() < PARTED or (is_open and _has_long_band(refined, words)):
        return None
    rows = _rows(texts, owners, MAX_REPEATED)
    return [row[::-1] for row in rows] if _runs_leftwards(words) else rows


def _has_long_band(grid: Grid, words: list[Word]) -> bool:
    bands = Counter(_place(grid, line[0])[0] for line in lines(words))
    return max(bands.values()) > LONG_BAND


def _runs_leftwards(words: list[Word]) -> bool:
    """Return whether most letters are of a script that is written from right to left, as columns then are."""
    kinds = [unicodedata.bidirectional(letter) for word in words for letter in word.text]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def _fill(grid: Grid, owners: list[list[Place]], words: list[Word]) -> dict[Place, str]:
    """Return the cells' texts by their first places."""
    texts: dict[Place, str] = {}
    for word in words:
        row, column = _place(grid, word)
        owner = owners[row][column]
        before = texts.get(owner, "")
        texts[owner] = before + (" " if before and word.before else "") + word.text
    return texts


def _rows(texts: dict[Place, str], owners: list[list[Place]], longest: int) -> Rows:
    """Return the rows, without empty rows and columns; a cell that spans places, but no whole row, stands in each if it is no longer."""
    rows = [
        [
            texts.get(owner, "") if owner == (row, column) or (len(texts.get(owner, "")) <= longest and len(set(places)) > 1) else ""
            for column, owner in enumerate(places)
        ]
        for row, places in enumerate(owners)
    ]
    used_rows = {row for row, _ in texts}
    used_columns = {column for _, column in texts}
    return [[row[column] for column in sorted(used_columns)] for number, row in enumerate(rows) if number in used_rows]


def _place(grid: Grid, word: Word) -> tuple[int, int]:
    x, y = word.box.middle
    column = bisect.bisect_right(grid.xs, x) - 1
    row = bisect.bisect_right(grid.ys, -y, key=lambda place: -place) - 1
    return max(0, min(row, len(grid.ys) - 2)), max(0, min(column, len(grid.xs) - 2))


def _is_table(rows: Rows) -> bool:
    if not rows:
        return False
    filled = [sum(1 for row in rows if row[column]) for column in range(len(rows[0]))]
    return sum(1 for count in filled if count > 1) > 1 and sum(filled) >= FEWEST_FILLED * len(rows) * len(filled)


def _with_columns(grid: Grid, words: list[Word]) -> Grid:
    """Return the grid with columns where nearly no line of the text has ink."""
    text = lines(words)
    least = GUTTER * median(word.box.top - word.box.bottom for word in words)
    gaps = [(start, end) for start, end in _gaps(text, int(SPANNING * len(text))) if end - start >= least]
    places = [(start + end) / 2 for start, end in gaps]
    edges = grid.xs[0], *places, grid.xs[-1]
    down = tuple(Rule(place, grid.ys[-1], grid.ys[0]) for place in places)
    refined = replace(grid, xs=edges, down=grid.down + down)
    return grid if _are_prose(refined, text) else refined


def _gaps(text: list[list[Word]], allowed: int) -> Iterator[tuple[float, float]]:
    """Yield from where to where at most `allowed` lines have ink, between places where more have."""
    edges = sorted(edge for line in text for word in line for edge in ((word.box.left, 1), (word.box.right, -1)))
    ink, gap = 0, None
    for place, change in edges:
        before, ink = ink, ink + change
        if before > allowed >= ink:
            gap = place
        elif gap is not None and before <= allowed < ink:
            yield gap, place


def _are_prose(grid: Grid, text: list[list[Word]]) -> bool:
    """Return whether two columns or more are filled from edge to edge by line after line."""
    height = median(word.box.top - word.box.bottom for line in text for word in line)
    return sum(_is_prose(grid, text, column, height) for column in range(len(grid.xs) - 1)) > 1


def _is_prose(grid: Grid, text: list[list[Word]], column: int, height: float) -> bool:
    widths = [width for line in text if (width := _width(grid, line, column))]
    if len(widths) < LONG_COLUMN:
        return False
    room = grid.xs[column + 1] - grid.xs[column]
    return median(widths) > max(FULL * max(widths), PROSE * height, FULL * FULL * room)


def _width(grid: Grid, line: list[Word], column: int) -> float:
    inside = [word.box for word in line if _place(grid, word)[1] == column]
    return inside[-1].right - inside[0].left if inside else 0.0


def _with_rows(grid: Grid, words: list[Word]) -> Grid:
    """Return the grid with a row for each line of text in the bands that hold rows which no line parts."""
    places: list[float] = []
    for band in range(len(grid.ys) - 1):
        places += _rows_in([word for word in words if _place(grid, word)[0] == band], grid)
    across = tuple(Rule(place, grid.xs[0], grid.xs[-1]) for place in places)
    return replace(grid, ys=tuple(sorted((*grid.ys, *places), reverse=True)), across=grid.across + across)


def _rows_in(words: list[Word], grid: Grid) -> list[float]:
    text = lines(words)
    columns = [{_place(grid, word)[1] for word in line} for line in text]
    counts = Counter(column for line in columns for column in line)
    steady = sum(1 for count in counts.values() if count >= FULL * len(text))
    if len(text) < MIN_LINES or steady < 2 or _are_prose(grid, text):
        return []
    starts = [len(line) > 1 for line in columns]
    pairs = zip(text, text[1:], starts[1:], strict=False)
    return [(min(word.box.bottom for word in above) + max(word.box.top for word in below)) / 2 for above, below, begins in pairs if begins]

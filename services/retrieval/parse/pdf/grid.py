"""Drawn lines to grids: lines that cross, or that are above each other with the same width, may be a table. Knows nothing of text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, product
from operator import not_

from services.retrieval.parse.pdf.page import Box, Line

TOLERANCE = 3.0
# Two lines are more often the edges of a box than of a table.
MIN_LINES = 3
MAX_CELLS = 10_000
MAX_LINES = 1_000
MAX_GRIDS = 100


@dataclass(frozen=True)
class Grid:
    """A rectangle that lines divide into rows and columns: `ys` from the top down, `xs` from left to right, edges included.

    `across` and `down` are the lines between them, which need not go from edge to edge.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Line, ...]
    down: tuple[Line, ...]

    @property
    def box(self) -> Box:
        """The rectangle."""
        return Box(self.xs[0], self.ys[-1], self.xs[-1], self.ys[0])

    def owners(self) -> list[list[tuple[int, int]]]:
        """Return for each position (row, column) the first position of its cell: cells may span rows and columns."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        owner = [[(row, column) for column in range(columns)] for row in range(rows)]
        sides = self._sides()
        for row, column in product(range(rows), range(columns)):
            if column and not sides[row, column, 0]:
                owner[row][column] = owner[row][column - 1]
            elif row and not sides[row, column, 1]:
                owner[row][column] = owner[row - 1][column]
        return owner

    def line_share(self) -> float:
        """Return the share of the sides between positions that have a line."""
        sides = self._sides()
        return sum(sides.values()) / max(1, len(sides))

    def _sides(self) -> dict[tuple[int, int, int], bool]:
        """Return whether there is a line at the left (0) or the top (1) of each position, apart from the edges."""
        left = [_lines_at(self.down, x) for x in self.xs]
        top = [_lines_at(self.across, y) for y in self.ys]
        sides = {}
        for row, column in product(range(len(self.ys) - 1), range(len(self.xs) - 1)):
            if column:
                sides[row, column, 0] = _cover(left[column], (self.ys[row] + self.ys[row + 1]) / 2)
            if row:
                sides[row, column, 1] = _cover(top[row], (self.xs[column] + self.xs[column + 1]) / 2)
        return sides


def find_grids(across: Iterable[Line], down: Iterable[Line]) -> list[Grid]:
    """Return the grids of horizontal and vertical lines, the smallest first (one may be in a cell of another)."""
    across, down = _merge(across), _merge(down)
    if len(across) + len(down) > MAX_LINES:
        return []
    grids = [grid for group in _connected_groups(across, down) if (grid := _to_grid(*group)) is not None]
    return sorted(grids, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[0] - grid.ys[-1]))[-MAX_GRIDS:]


def _lines_at(lines: Iterable[Line], position: float) -> list[Line]:
    return [line for line in lines if abs(line.position - position) <= TOLERANCE]


def _cover(lines: list[Line], point: float) -> bool:
    return any(line.start - TOLERANCE <= point <= line.end + TOLERANCE for line in lines)


def _merge(lines: Iterable[Line]) -> list[Line]:
    """Return the lines, with those merged that continue or overlap each other."""
    merged: list[Line] = []
    for cluster in _cluster(lines, lambda line: line.position):
        position = sum(line.position for line in cluster) / len(cluster)
        start, end = cluster[0].start, cluster[0].end
        for line in sorted(cluster, key=lambda line: line.start):
            if line.start > end + TOLERANCE:
                merged.append(Line(position, start, end))
                start, end = line.start, line.end
            start, end = min(start, line.start), max(end, line.end)
        merged.append(Line(position, start, end))
    return merged


def _cluster(lines: Iterable[Line], key: Callable[[Line], float]) -> Iterator[list[Line]]:
    """Yield groups of lines whose keys are close to that of the first."""
    cluster: list[Line] = []
    for line in sorted(lines, key=key):
        if cluster and key(line) - key(cluster[0]) > TOLERANCE:
            yield cluster
            cluster = []
        cluster.append(line)
    if cluster:
        yield cluster


def _connected_groups(across: list[Line], down: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """Yield the lines that are connected by crossings. Horizontal lines without crossings are grouped by their ends."""
    uncrossed: list[Line] = []
    while across:
        group, crossing, across = across[:1], list[Line](), across[1:]
        for line in group:  # which grows during the loop
            crossed, down = _split_by_crossing(down, [line])
            added, across = _split_by_crossing(across, crossed)
            group += added
            crossing += crossed
        if crossing:
            yield group, crossing
        else:
            uncrossed += group
    for same_start in _cluster(uncrossed, lambda line: line.start):
        for same_ends in _cluster(same_start, lambda line: line.end):
            yield same_ends, []


def _split_by_crossing(lines: list[Line], others: list[Line]) -> tuple[list[Line], list[Line]]:
    """Return the lines that cross any of the others, and those that do not."""
    crosses = [any(_cross(line, other) for other in others) for line in lines]
    return list(compress(lines, crosses)), list(compress(lines, map(not_, crosses)))


def _cross(one: Line, other: Line) -> bool:
    is_within = one.start - TOLERANCE <= other.position <= one.end + TOLERANCE
    return is_within and other.start - TOLERANCE <= one.position <= other.end + TOLERANCE


def _to_grid(across: list[Line], down: list[Line]) -> Grid | None:
    left = min(line.start for line in across)
    right = max(line.end for line in across)
    top, bottom = max(line.position for line in across), min(line.position for line in across)
    if down:
        top, bottom = max(top, *(line.end for line in down)), min(bottom, *(line.start for line in down))
    elif len(across) < MIN_LINES:
        return None
    xs = _distinct([left, right, *(line.position for line in down)])
    ys = _distinct([top, bottom, *(line.position for line in across)])
    if len(ys) < MIN_LINES or (len(xs) - 1) * (len(ys) - 1) > MAX_CELLS:
        return None
    return Grid(tuple(xs), tuple(reversed(ys)), tuple(across), tuple(down))


def _distinct(values: list[float]) -> list[float]:
    distinct: list[float] = []
    for value in sorted(values):
        if not distinct or value - distinct[-1] > TOLERANCE:
            distinct.append(value)
    return distinct

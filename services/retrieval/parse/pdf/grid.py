"""Drawn lines to grids: where lines cross, or lie above each other at the same width, there may be a table. Knows nothing of text."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, product
from operator import not_

from services.retrieval.parse.pdf.page import Box, Rule

NEAR = 3.0
# Two lines are the edges of a box more often than a table's.
FEWEST_RULES = 3
MAX_CELLS = 10_000
MAX_RULES = 1_000
MAX_GRIDS = 100


@dataclass(frozen=True)
class Grid:
    """Rows and columns that lines cut a rectangle into: `ys` from the top down, `xs` from left to right, edges included.

    `across` and `down` are the lines between them, which need not reach from edge to edge.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]

    @property
    def box(self) -> Box:
        """The rectangle."""
        return Box(self.xs[0], self.ys[-1], self.xs[-1], self.ys[0])

    def owners(self) -> list[list[tuple[int, int]]]:
        """Return for each place (row, column) the first place of the cell that it is part of: cells may span rows and columns."""
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        owner = [[(row, column) for column in range(columns)] for row in range(rows)]
        sides = self._sides()
        for row, column in product(range(rows), range(columns)):
            if column and not sides[row, column, 0]:
                owner[row][column] = owner[row][column - 1]
            elif row and not sides[row, column, 1]:
                owner[row][column] = owner[row - 1][column]
        return owner

    def parted(self) -> float:
        """Return the share of the sides between places that have a line."""
        sides = self._sides()
        return sum(sides.values()) / max(1, len(sides))

    def _sides(self) -> dict[tuple[int, int, int], bool]:
        """Return whether a line is at the left (0) or at the top (1) of each place, edges aside."""
        beside = [_at(self.down, x) for x in self.xs]
        above = [_at(self.across, y) for y in self.ys]
        sides = {}
        for row, column in product(range(len(self.ys) - 1), range(len(self.xs) - 1)):
            if column:
                sides[row, column, 0] = _cover(beside[column], (self.ys[row] + self.ys[row + 1]) / 2)
            if row:
                sides[row, column, 1] = _cover(above[row], (self.xs[column] + self.xs[column + 1]) / 2)
        return sides


def find_grids(across: Iterable[Rule], down: Iterable[Rule]) -> list[Grid]:
    """Return the grids of horizontal and vertical lines, the smallest first (one may lie in a cell of another)."""
    across, down = _joined(across), _joined(down)
    if len(across) + len(down) > MAX_RULES:
        return []
    found = [grid for group in _connected(across, down) if (grid := _grid(*group)) is not None]
    return sorted(found, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[0] - grid.ys[-1]))[-MAX_GRIDS:]


def _at(rules: Iterable[Rule], at: float) -> list[Rule]:
    return [rule for rule in rules if abs(rule.at - at) <= NEAR]


def _cover(rules: list[Rule], place: float) -> bool:
    return any(rule.start - NEAR <= place <= rule.end + NEAR for rule in rules)


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Return the lines with those as one that continue each other or lie on each other."""
    joined: list[Rule] = []
    for line in _clusters(rules, lambda rule: rule.at):
        at = sum(rule.at for rule in line) / len(line)
        start, end = line[0].start, line[0].end
        for rule in sorted(line, key=lambda rule: rule.start):
            if rule.start > end + NEAR:
                joined.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            start, end = min(start, rule.start), max(end, rule.end)
        joined.append(Rule(at, start, end))
    return joined


def _clusters(rules: Iterable[Rule], key: Callable[[Rule], float]) -> Iterator[list[Rule]]:
    """Yield the lines whose keys lie near that of the first."""
    cluster: list[Rule] = []
    for rule in sorted(rules, key=key):
        if cluster and key(rule) - key(cluster[0]) > NEAR:
            yield cluster
            cluster = []
        cluster.append(rule)
    if cluster:
        yield cluster


def _connected(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the lines that are connected by crossings; those without any go together where they have the same ends."""
    alone: list[Rule] = []
    while across:
        group, uprights, across = across[:1], list[Rule](), across[1:]
        for rule in group:  # which grows as it is walked
            met, down = _parted(down, [rule])
            added, across = _parted(across, met)
            group += added
            uprights += met
        if uprights:
            yield group, uprights
        else:
            alone += group
    for same_start in _clusters(alone, lambda rule: rule.start):
        for same in _clusters(same_start, lambda rule: rule.end):
            yield same, []


def _parted(rules: list[Rule], others: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Return the lines that cross any of the others, and those that do not."""
    crosses = [any(_cross(rule, other) for other in others) for rule in rules]
    return list(compress(rules, crosses)), list(compress(rules, map(not_, crosses)))


def _cross(one: Rule, other: Rule) -> bool:
    return one.start - NEAR <= other.at <= one.end + NEAR and other.start - NEAR <= one.at <= other.end + NEAR


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    left = min(rule.start for rule in across)
    right = max(rule.end for rule in across)
    top, bottom = max(rule.at for rule in across), min(rule.at for rule in across)
    if down:
        top, bottom = max(top, *(rule.end for rule in down)), min(bottom, *(rule.start for rule in down))
    elif len(across) < FEWEST_RULES:
        return None
    xs = _places([left, right, *(rule.at for rule in down)])
    ys = _places([top, bottom, *(rule.at for rule in across)])
    if len(ys) < FEWEST_RULES or (len(xs) - 1) * (len(ys) - 1) > MAX_CELLS:
        return None
    return Grid(tuple(xs), tuple(reversed(ys)), tuple(across), tuple(down))


def _places(values: list[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > NEAR:
            places.append(value)
    return places

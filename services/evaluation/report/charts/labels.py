"""Places the labels of points so that none covers another label or point.

The plot's width is only known to the browser, but is at least `width`. A label begins a fixed distance from its point, so what is in
its order from left to right in the narrowest plot stays apart in every wider one. Vertical positions are in pixels.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

GAP = 12.0  # from the middle of a point to its label
RADIUS = 8.0  # of a point, and a little space
STEP = 2.0
SPACE = 3.0  # between labels


@dataclass(frozen=True)
class Point:
    """A point at `x` percent of the width and `y` pixels from the top. Its label is `length` pixels long."""

    x: float
    y: float
    length: float


@dataclass(frozen=True)
class Label:
    """Where a label is: the `y` of its middle, and to the left or to the right of its point."""

    y: float
    left: bool


@dataclass(frozen=True)
class Area:
    """The plot in pixels, and the height of a label."""

    width: float
    height: float
    line: float


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels in the narrowest plot, which belongs to the point at `x`."""

    x: float
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether two rectangles overlap in any plot: in a wider one, all that belongs to a point further to the right moves right."""
        (left, right), (other_left, other_right) = self._reach(other), other._reach(self)
        return left < other_right and other_left < right and self.top < other.bottom and other.top < self.bottom

    def _reach(self, other: "Box") -> tuple[float, float]:
        """Return where the other rectangle must not be: also between this one and its own point, if it can move through here."""
        left = min(self.left, self.x) if other.x > self.x else self.left
        right = max(self.right, self.x) if other.x < self.x else self.right
        return left, right


ListPlaces = Callable[[Point, Area], Iterable[Label]]
TakeBox = Callable[[Point, Label, Area], Box]


def place_labels(points: Sequence[Point], width: float, height: float, line: float) -> list[Label]:
    """Return a place for each label, as near to its point as possible. `line` is the height of a label in pixels.

    If labels that are as near as possible leave no space for the last ones, all labels are put into lines. If even that leaves none,
    labels are beside their points, and may cover each other.
    """
    area = Area(width, height, line)
    near = _place_all(points, area, _list_near_places, (_box_label, _box_line))
    return near or _place_all(points, area, _list_lines, (_box_label,)) or [_place_beside(point, area) for point in points]


def _place_all(points: Sequence[Point], area: Area, list_places: ListPlaces, takes: Sequence[TakeBox]) -> list[Label]:
    """Return a free place for each label; nothing if there is none for one of them. `takes` says what a label occupies."""
    taken = [_box_point(point, area) for point in points]
    labels: dict[int, Label] = {}
    for index in sorted(range(len(points)), key=lambda index: (points[index].y, points[index].x, index)):
        label = _find_free(points[index], [*taken[:index], *taken[index + 1 :]], area, list_places(points[index], area))
        if label is None:
            return []
        labels[index] = label
        taken += [take(points[index], label, area) for take in takes]
    return [labels[index] for index in range(len(points))]


def _find_free(point: Point, taken: Sequence[Box], area: Area, places: Iterable[Label]) -> Label | None:
    """Return the nearest free place whose line is free as well, or else the nearest free place."""
    free = [label for label in places if _is_free(_box_label(point, label, area), taken)]
    return next((label for label in free if _is_free(_box_line(point, label, area), taken)), free[0] if free else None)


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    return not any(box.meets(other) for other in taken)


def _list_near_places(point: Point, area: Area) -> Iterator[Label]:
    """Yield places from the nearest to the farthest."""
    for step in range(int(area.height / STEP)):
        for y in (point.y - STEP * step, point.y + STEP * step):
            if area.line / 2 <= y <= area.height - area.line / 2:
                yield from (Label(y, left) for left in _list_sides(point, area))


def _list_lines(point: Point, area: Area) -> list[Label]:
    """Return places in lines without a space between them, from the nearest to the farthest."""
    lines = [area.line * (index + 0.5) for index in range(int(area.height / area.line))]
    return [Label(y, left) for y in sorted(lines, key=lambda y: abs(y - point.y)) for left in _list_sides(point, area)]


def _place_beside(point: Point, area: Area) -> Label:
    return Label(min(max(point.y, area.line / 2), area.height - area.line / 2), _list_sides(point, area)[0])


def _list_sides(point: Point, area: Area) -> list[bool]:
    return [left for left in (False, True) if _fits(point, left, area.width)] or [point.x > 50]


def _fits(point: Point, left: bool, width: float) -> bool:
    space = point.x / 100 * width if left else (1 - point.x / 100) * width
    return space >= GAP + point.length


def _box_point(point: Point, area: Area) -> Box:
    x = point.x / 100 * area.width
    return Box(x, x - RADIUS, point.y - RADIUS, x + RADIUS, point.y + RADIUS)


def _box_line(point: Point, label: Label, area: Area) -> Box:
    """Return the line from a point to its label if that is not beside it."""
    x = point.x / 100 * area.width
    top, bottom = sorted((point.y, label.y))
    return Box(x, x - 1, top, x + 1, bottom)


def _box_label(point: Point, label: Label, area: Area) -> Box:
    x = point.x / 100 * area.width
    near = x - GAP if label.left else x + GAP
    far = near - point.length if label.left else near + point.length
    return Box(x, min(near, far) - SPACE, label.y - area.line / 2, max(near, far) + SPACE, label.y + area.line / 2)

"""Places the labels of points so that none covers another label or point.

The plot's width is only known to the browser, but is at least `width`: a label begins a fixed distance from its point, so labels that
are apart from left to right in the narrowest plot are apart in every wider one. Vertical positions are in pixels.
"""

from collections.abc import Iterator, Sequence
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
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        """Whether two rectangles overlap."""
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def place_labels(points: Sequence[Point], width: float, height: float, line: float) -> list[Label]:
    """Return a place for each label, as near to its point as possible. `line` is the height of a label in pixels."""
    taken = [_box_point(point, width) for point in points]
    labels: dict[int, Label] = {}
    for index in sorted(range(len(points)), key=lambda index: (points[index].y, points[index].x, index)):
        label, box = _place(points[index], [*taken[:index], *taken[index + 1 :]], width, height, line)
        labels[index] = label
        taken += [box, _box_line(points[index], label, width)]
    return [labels[index] for index in range(len(points))]


def _place(point: Point, taken: Sequence[Box], width: float, height: float, line: float) -> tuple[Label, Box]:
    """Return the nearest free place whose line is free as well, or else the nearest free place, or else beside the point."""
    places = [(label, _box_label(point, label, width, line)) for label in _list_places(point, width, height, line)]
    free = (place for place in places if _is_free(place[1], taken))
    best = next((place for place in free if _is_free(_box_line(point, place[0], width), taken)), None)
    return best or next((place for place in places if _is_free(place[1], taken)), places[0])


def _is_free(box: Box, taken: Sequence[Box]) -> bool:
    return not any(box.covers(other) for other in taken)


def _list_places(point: Point, width: float, height: float, line: float) -> Iterator[Label]:
    sides = [left for left in (False, True) if _fits(point, left, width)] or [point.x > 50]
    yield Label(min(max(point.y, line / 2), height - line / 2), sides[0])
    for step in range(int(height / STEP)):
        for y in (point.y - STEP * step, point.y + STEP * step):
            if line / 2 <= y <= height - line / 2:
                yield from (Label(y, left) for left in sides)


def _fits(point: Point, left: bool, width: float) -> bool:
    space = point.x / 100 * width if left else (1 - point.x / 100) * width
    return space >= GAP + point.length


def _box_point(point: Point, width: float) -> Box:
    x = point.x / 100 * width
    return Box(x - RADIUS, point.y - RADIUS, x + RADIUS, point.y + RADIUS)


def _box_line(point: Point, label: Label, width: float) -> Box:
    """Return the line from a point to its label if that is not beside it."""
    x = point.x / 100 * width
    top, bottom = sorted((point.y, label.y))
    return Box(x - 1, top, x + 1, bottom)


def _box_label(point: Point, label: Label, width: float, line: float) -> Box:
    near = point.x / 100 * width + (-GAP if label.left else GAP)
    far = near - point.length if label.left else near + point.length
    return Box(min(near, far) - SPACE, label.y - line / 2, max(near, far) + SPACE, label.y + line / 2)

"""No label covers another label or a point, in the narrowest plot and in every wider one."""

import itertools
import random
from dataclasses import dataclass

import pytest

from services.evaluation.report.charts.labels import Label, Point, place_labels

HEIGHT, LINE, NARROWEST = 300.0, 20.0, 250.0


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "Box") -> bool:
        return self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom


def draw_labels(points: list[Point], labels: list[Label], width: float) -> list[Box]:
    """Return where a browser draws the labels in a plot of this width."""
    boxes = []
    for point, label in zip(points, labels, strict=True):
        near = point.x / 100 * width + (-12 if label.left else 12)
        far = near - point.length if label.left else near + point.length
        boxes.append(Box(min(near, far), label.y - LINE / 2, max(near, far), label.y + LINE / 2))
    return boxes


@pytest.mark.parametrize("seed", range(60))
def test_twelve_labels_never_cover_each_other_or_another_point(seed: int) -> None:
    source = random.Random(seed)
    cluster = source.choice([5, 40, 100])
    points = [Point(source.uniform(0, cluster), source.uniform(0, HEIGHT * cluster / 100), 24) for _ in range(12)]
    labels = place_labels(points, NARROWEST, HEIGHT, LINE)
    for width in (NARROWEST, 300, 400, 700, 1000):
        boxes = draw_labels(points, labels, width)
        assert not any(one.covers(other) for one, other in itertools.combinations(boxes, 2))
        assert all(box.left >= -0.1 and box.right <= width + 0.1 and box.top >= -0.1 and box.bottom <= HEIGHT + 0.1 for box in boxes)
        for box, (index, point) in itertools.product(boxes, enumerate(points)):
            middle = point.x / 100 * width
            assert index == boxes.index(box) or not box.covers(Box(middle - 3, point.y - 3, middle + 3, point.y + 3))


def test_points_at_one_place_get_labels_one_below_the_other() -> None:
    labels = place_labels([Point(50, 150, 24)] * 5, NARROWEST, HEIGHT, LINE)
    assert len({(label.y, label.left) for label in labels}) == 5


def test_a_label_alone_is_beside_its_point_and_turns_at_the_right_edge() -> None:
    assert place_labels([Point(10, 150, 100)], NARROWEST, HEIGHT, LINE) == [Label(150, left=False)]
    assert place_labels([Point(95, 150, 100)], NARROWEST, HEIGHT, LINE) == [Label(150, left=True)]


def test_a_label_that_fits_nowhere_is_drawn_all_the_same() -> None:
    assert len(place_labels([Point(50, 150, 900)], NARROWEST, HEIGHT, LINE)) == 1

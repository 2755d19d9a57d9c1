"""Text in columns without drawn lines, as grids: consecutive lines of text that each consist of several segments."""

from itertools import pairwise

from services.retrieval.parse.pdf.grid import Grid
from services.retrieval.parse.pdf.order import Segment
from services.retrieval.parse.pdf.page import Line

# Two segments in a line are more often a label and its value, or two columns of prose, than a row of a table.
MIN_SEGMENTS = 3
MIN_LINES = 3
# The largest gap between lines of a table, as a multiple of their height.
MAX_GAP = 3.0
TextLine = list[Segment]


def find_aligned(segments: list[Segment]) -> list[Grid]:
    """Return a grid for each run of lines that may be a table: each line is a row; the columns are found later.

    A line consists of segments that are consecutive in the content, so that it contains no text of another column of the page.
    """
    grids: list[Grid] = []
    run: list[TextLine] = []
    for line in _group_into_lines(segments):
        if run and not (len(line) >= MIN_SEGMENTS and _is_next(run[-1], line)):
            grids += _to_grids(run)
            run = []
        if len(line) >= MIN_SEGMENTS:
            run.append(line)
    return grids + _to_grids(run)


def _group_into_lines(segments: list[Segment]) -> list[TextLine]:
    lines: list[TextLine] = []
    for segment in segments:
        if lines and segment.box.bottom < lines[-1][-1].box.top and segment.box.top > lines[-1][-1].box.bottom:
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return lines


def _is_next(above: TextLine, below: TextLine) -> bool:
    gap, height = _bottom(above) - _top(below), _top(below) - _bottom(below)
    return -height < gap <= MAX_GAP * height


def _to_grids(run: list[TextLine]) -> list[Grid]:
    if len(run) < MIN_LINES:
        return []
    left = min(segment.box.left for line in run for segment in line)
    right = max(segment.box.right for line in run for segment in line)
    between = [(_bottom(above) + _top(below)) / 2 for above, below in pairwise(run)]
    across = tuple(Line(y, left, right) for y in between)
    return [Grid((left, right), (_top(run[0]), *between, _bottom(run[-1])), across, ())]


def _top(line: TextLine) -> float:
    return max(segment.box.top for segment in line)


def _bottom(line: TextLine) -> float:
    return min(segment.box.bottom for segment in line)

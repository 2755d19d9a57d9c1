"""Text that stands in columns without a line drawn: lines of text after each other that are each in several pieces, as grids."""

from itertools import pairwise

from services.retrieval.parse.pdf.grid import Grid
from services.retrieval.parse.pdf.order import Piece
from services.retrieval.parse.pdf.page import Rule

# Two pieces to a line are a label and its value, or columns of prose, more often than a table.
FEWEST_PIECES = 3
FEWEST_LINES = 3
# How far lines of a table may be apart, in parts of their height.
APART = 3.0
Line = list[Piece]


def find_aligned(pieces: list[Piece]) -> list[Grid]:
    """Return a grid for each run of lines that may be a table's; each line is a row, the columns are still to be found.

    Lines are of pieces that follow each other in the content, so that what stands in another column of the page does not mix with them.
    """
    found: list[Grid] = []
    run: list[Line] = []
    for line in _lines(pieces):
        if run and not (len(line) >= FEWEST_PIECES and _is_next(run[-1], line)):
            found += _grid(run)
            run = []
        if len(line) >= FEWEST_PIECES:
            run.append(line)
    return found + _grid(run)


def _lines(pieces: list[Piece]) -> list[Line]:
    found: list[Line] = []
    for piece in pieces:
        if found and piece.box.bottom < found[-1][-1].box.top and piece.box.top > found[-1][-1].box.bottom:
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _is_next(above: Line, below: Line) -> bool:
    gap, height = _bottom(above) - _top(below), _top(below) - _bottom(below)
    return -height < gap <= APART * height


def _grid(run: list[Line]) -> list[Grid]:
    if len(run) < FEWEST_LINES:
        return []
    left = min(piece.box.left for line in run for piece in line)
    right = max(piece.box.right for line in run for piece in line)
    between = [(_bottom(above) + _top(below)) / 2 for above, below in pairwise(run)]
    across = tuple(Rule(place, left, right) for place in between)
    return [Grid((left, right), (_top(run[0]), *between, _bottom(run[-1])), across, ())]


def _top(line: Line) -> float:
    return max(piece.box.top for piece in line)


def _bottom(line: Line) -> float:
    return min(piece.box.bottom for piece in line)

"""What PDFium knows of a page: where each word stands, and the straight lines that are drawn. Knows nothing of tables.

Coordinates are in points, as the page is seen: x to the right, y upwards from a corner.
"""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_DEPTH = 5
# A page with more lines is a drawing; it takes longer than its tables are worth.
MAX_SEGMENTS = 10_000
STRAIGHT = 1.0
SHORTEST = 4.0
# How far apart letters of a word may stand, in parts of a letter's height, and in points.
ROOM = 0.8
MIN_ROOM = 3.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """Return whether a point lies in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    @property
    def middle(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


# Left, bottom, right, top in the page's own coordinates.
Edges = tuple[float, float, float, float]
NONE: Edges | tuple[()] = ()
NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: `at` is its y (or x), from `start` to `end` along the other axis."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together, and what white space is before them in the order of the page's content."""

    before: str
    text: str
    box: Box


class Placed(Protocol):
    """What stands somewhere."""

    @property
    def box(self) -> Box:
        """Where it stands."""


P = TypeVar("P", bound=Placed)


def lines(things: Iterable[P]) -> list[list[P]]:
    """Return what stands on a page line by line, from the top down, each from left to right."""
    found: list[list[P]] = []
    for thing in sorted(things, key=lambda each: -each.box.middle[1]):
        if found and thing.box.middle[1] > found[-1][0].box.bottom and thing.box.top > found[-1][0].box.middle[1]:
            found[-1].append(thing)
        else:
            found.append([thing])
    return [sorted(line, key=lambda each: each.box.left) for line in found]


class Turn:
    """From a page's own coordinates to those in which it is seen (a page may be turned by quarters)."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._quarters: int = page.get_rotation() // 90

    @property
    def is_sideways(self) -> bool:
        """Whether lines of text that are seen as level run up or down in the page's own coordinates."""
        return self._quarters % 2 == 1

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point is seen."""
        turned = (x, y), (y, -x), (-x, -y), (-y, x)
        return turned[self._quarters]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return where a rectangle is seen."""
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def text_boxes(text: pdfium.PdfTextPage, turn: Turn) -> list[Box]:
    """Return the rectangles of the pieces that the page's text is drawn in, in the order of the content."""
    return [turn.box(*text.get_rect(number)) for number in range(text.count_rects())]


def words(text: pdfium.PdfTextPage, turn: Turn) -> list[Word]:
    """Return the page's words in the order of the content; joined with what is before each, they are its text."""
    found: list[Word] = []
    before, letters, edges = "", "", NONE
    for letter, place in _letters(text):
        blank = letter.isspace()
        if letters and (blank or (edges and place and not _continues(edges, place, turn.is_sideways))):
            found.append(Word(before, letters, turn.box(*edges or NOWHERE)))
            before, letters, edges = "", "", NONE
        if blank:
            before += letter
        else:
            letters += letter
            edges = _around(edges, place) if edges and place else place or edges
    return [*found, Word(before, letters, turn.box(*edges or NOWHERE))] if letters else found


def _letters(text: pdfium.PdfTextPage) -> Iterator[tuple[str, Edges | tuple[()]]]:
    """Yield each character and its edges, if it has any (not: spaces and ends of lines that PDFium puts in, marks without a width)."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    code_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
    for index in range(text.count_chars()):
        placed = box_of(text, index, left, right, bottom, top) and right.value > left.value
        yield chr(code_of(text, index)), (left.value, bottom.value, right.value, top.value) if placed else NONE


def _continues(word: Edges, place: Edges, sideways: bool) -> bool:
    """Return whether a letter stands right after or before those of a word, on their line."""
    along, over = (1, 0) if sideways else (0, 1)
    room = max(MIN_ROOM, (place[over + 2] - place[over]) * ROOM)
    near = place[along] <= word[along + 2] + room and place[along + 2] >= word[along] - room
    return near and place[over] < word[over + 2] and place[over + 2] > word[over]


def _around(word: Edges, place: Edges) -> Edges:
    return min(word[0], place[0]), min(word[1], place[1]), max(word[2], place[2]), max(word[3], place[3])


def rules(page: pdfium.PdfPage, turn: Turn) -> tuple[list[Rule], list[Rule]]:
    """Return the horizontal and the vertical lines that are drawn on a page; none where there are too many to be of tables."""
    across: list[Rule] = []
    down: list[Rule] = []
    left = MAX_SEGMENTS
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=MAX_DEPTH):
        left -= max(1, raw.FPDFPath_CountSegments(shape))
        if left < 0:
            return [], []
        if _is_seen(shape):
            _sort(_segments(shape, turn), across, down)
    return across, down


def _is_seen(shape: pdfium.PdfObject) -> bool:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(shape, filled, stroked)) and bool(filled.value or stroked.value)


Point = tuple[float, float]


def _segments(shape: pdfium.PdfObject, turn: Turn) -> Iterator[tuple[Point, Point]]:
    """Yield the ends of a shape's straight lines."""
    matrix = shape.get_matrix()
    outer = shape.container
    while outer is not None:
        matrix, outer = matrix.multiply(outer.get_matrix()), outer.container
    x, y = ctypes.c_float(), ctypes.c_float()
    begun = here = (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(shape)):
        segment = raw.FPDFPath_GetPathSegment(shape, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = turn.point(*matrix.on_point(x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield here, point
        if raw.FPDFPathSegment_GetClose(segment):
            yield point, begun
        here = point


def _sort(segments: Iterator[tuple[Point, Point]], across: list[Rule], down: list[Rule]) -> None:
    for (x0, y0), (x1, y1) in segments:
        if abs(y0 - y1) <= STRAIGHT and abs(x0 - x1) >= SHORTEST:
            across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) <= STRAIGHT and abs(y0 - y1) >= SHORTEST:
            down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

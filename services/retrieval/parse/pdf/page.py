"""What PDFium knows of a page: the position of each word, and the straight lines that are drawn. Knows nothing of tables.

Coordinates are in points, as the page is displayed: x to the right, y upwards from a corner.
"""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_DEPTH = 5
# A page with more lines is a drawing; finding tables in it would take too long.
MAX_SEGMENTS = 10_000
MAX_SLANT = 1.0
MIN_LENGTH = 4.0
# The largest gap between letters of a word: as a share of a letter's height, and in points.
MAX_GAP_SHARE = 0.8
MAX_GAP = 3.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def contains(self, x: float, y: float) -> bool:
        """Return whether a point is in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    @property
    def center(self) -> tuple[float, float]:
        """The point in the middle."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


# Left, bottom, right and top, in the page's own coordinates.
Edges = tuple[float, float, float, float]
NONE: Edges | tuple[()] = ()
NOWHERE = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal or vertical line: `position` is its y (or x); it goes from `start` to `end` along the other axis."""

    position: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Word:
    """Adjacent characters, and the white space before them in the order of the page's content."""

    before: str
    text: str
    box: Box


class HasBox(Protocol):
    """Something with a position on a page."""

    @property
    def box(self) -> Box:
        """Its position."""


Item = TypeVar("Item", bound=HasBox)


def group_into_lines(items: Iterable[Item]) -> list[list[Item]]:
    """Return the items of a page as lines of text, from the top down, each from left to right."""
    lines: list[list[Item]] = []
    for item in sorted(items, key=lambda each: -each.box.center[1]):
        if lines and item.box.center[1] > lines[-1][0].box.bottom and item.box.top > lines[-1][0].box.center[1]:
            lines[-1].append(item)
        else:
            lines.append([item])
    return [sorted(line, key=lambda each: each.box.left) for line in lines]


class Rotation:
    """Converts a page's own coordinates to those in which it is displayed (a page may be rotated by quarter turns)."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._quarter_turns: int = page.get_rotation() // 90

    @property
    def is_sideways(self) -> bool:
        """Whether text that is displayed horizontally runs up or down in the page's own coordinates."""
        return self._quarter_turns % 2 == 1

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return the position at which a point is displayed."""
        rotated = (x, y), (y, -x), (-x, -y), (-y, x)
        return rotated[self._quarter_turns]

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return the position at which a rectangle is displayed."""
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def text_boxes(text: pdfium.PdfTextPage, rotation: Rotation) -> list[Box]:
    """Return the rectangles in which the page's text is drawn, in the order of the content."""
    return [rotation.box(*text.get_rect(number)) for number in range(text.count_rects())]


def read_words(text: pdfium.PdfTextPage, rotation: Rotation) -> list[Word]:
    """Return the page's words in the order of the content. Joined with the white space before each, they are the page's text."""
    words: list[Word] = []
    before, letters, edges = "", "", NONE
    for letter, box in _read_characters(text):
        is_space = letter.isspace()
        if letters and (is_space or (edges and box and not _is_adjacent(edges, box, rotation.is_sideways))):
            words.append(Word(before, letters, rotation.box(*edges or NOWHERE)))
            before, letters, edges = "", "", NONE
        if is_space:
            before += letter
        else:
            letters += letter
            edges = _union(edges, box) if edges and box else box or edges
    return [*words, Word(before, letters, rotation.box(*edges or NOWHERE))] if letters else words


def _read_characters(text: pdfium.PdfTextPage) -> Iterator[tuple[str, Edges | tuple[()]]]:
    """Yield each character and its edges; spaces and line ends that PDFium inserts, and marks without width, have none."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    code_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
    for index in range(text.count_chars()):
        has_box = box_of(text, index, left, right, bottom, top) and right.value > left.value
        yield chr(code_of(text, index)), (left.value, bottom.value, right.value, top.value) if has_box else NONE


def _is_adjacent(word: Edges, letter: Edges, is_sideways: bool) -> bool:
    """Return whether a letter is right after or before a word, on its line."""
    along, across = (1, 0) if is_sideways else (0, 1)
    gap = max(MAX_GAP, (letter[across + 2] - letter[across]) * MAX_GAP_SHARE)
    is_near = letter[along] <= word[along + 2] + gap and letter[along + 2] >= word[along] - gap
    return is_near and letter[across] < word[across + 2] and letter[across + 2] > word[across]


def _union(word: Edges, letter: Edges) -> Edges:
    return min(word[0], letter[0]), min(word[1], letter[1]), max(word[2], letter[2]), max(word[3], letter[3])


def drawn_lines(page: pdfium.PdfPage, rotation: Rotation) -> tuple[list[Line], list[Line]]:
    """Return the horizontal and the vertical lines that are drawn on a page; none if there are too many for tables."""
    across: list[Line] = []
    down: list[Line] = []
    remaining = MAX_SEGMENTS
    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=MAX_DEPTH):
        remaining -= max(1, raw.FPDFPath_CountSegments(shape))
        if remaining < 0:
            return [], []
        if _is_visible(shape):
            _collect(_segments(shape, rotation), across, down)
    return across, down


def _is_visible(shape: pdfium.PdfObject) -> bool:
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(shape, filled, stroked)) and bool(filled.value or stroked.value)


Point = tuple[float, float]


def _segments(shape: pdfium.PdfObject, rotation: Rotation) -> Iterator[tuple[Point, Point]]:
    """Yield the end points of a shape's straight lines."""
    matrix = shape.get_matrix()
    outer = shape.container
    while outer is not None:
        matrix, outer = matrix.multiply(outer.get_matrix()), outer.container
    x, y = ctypes.c_float(), ctypes.c_float()
    start = current = (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(shape)):
        segment = raw.FPDFPath_GetPathSegment(shape, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = rotation.point(*matrix.on_point(x.value, y.value))
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield current, point
        if raw.FPDFPathSegment_GetClose(segment):
            yield point, start
        current = point


def _collect(segments: Iterator[tuple[Point, Point]], across: list[Line], down: list[Line]) -> None:
    for (x0, y0), (x1, y1) in segments:
        if abs(y0 - y1) <= MAX_SLANT and abs(x0 - x1) >= MIN_LENGTH:
            across.append(Line((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x0 - x1) <= MAX_SLANT and abs(y0 - y1) >= MIN_LENGTH:
            down.append(Line((x0 + x1) / 2, min(y0, y1), max(y0, y1)))

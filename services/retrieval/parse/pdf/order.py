"""The order in which a page is read: content that runs line by line across columns of prose is put column by column.

Most programs write a page in the order in which it is read, which is better than any guess from where words stand; so it is only
changed where it plainly jumps between columns.
"""

from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

from services.retrieval.parse.pdf.page import Box, Word, lines

FEWEST_JUMPS = 5
# The room between columns, in points, and the most that may cross it, as a share of the pieces.
MIN_GUTTER = 8.0
MAX_CROSSING = 0.3
# Lines of prose are at least so many times as wide as high, and most as wide as the widest.
PROSE = 8.0
FULL = 0.7
# The room between pieces of a line, in parts of their height.
APART = 1.5
MAX_DEPTH = 4
ROUGHLY = 3.0


def with_table(words: list[Word], inside: list[int], table: Word) -> list[Word]:
    """Return the words with a table in place of those at `inside` (in order): where the first of them is.

    Where the content has the table after what stands below it, though it has what stands above before that, the table goes between.
    """
    first, taken = inside[0], set(inside)
    rest = [(number, word) for number, word in enumerate(words) if number not in taken]
    over = [each for each in rest if _over(each[1].box, table.box)]
    under = [each for each in rest if _over(table.box, each[1].box)]
    if over and under:
        above = min(over, key=lambda each: each[1].box.bottom)[0]
        below = min(under, key=lambda each: (-each[1].box.top // ROUGHLY, each[0]))[0]
        while below and "\n" not in words[below].before:
            below -= 1
        first = below if above < below < first else first
    before = [word for number, word in rest if number < first]
    after = [word for number, word in rest if number >= first]
    if after:
        after[0] = replace(after[0], before="\n\n")
    return [*before, table, *after]


def _over(above: Box, below: Box) -> bool:
    return above.bottom >= below.top - ROUGHLY and above.left < below.right and above.right > below.left


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that follow each other on a line."""

    words: tuple[Word, ...]
    box: Box


def jumps(boxes: list[Box]) -> bool:
    """Return whether what follows what in the content is often beside it, across a gap: columns, or a table."""
    return sum(_beside(before, after) for before, after in pairwise(boxes)) >= FEWEST_JUMPS


def _beside(before: Box, after: Box) -> bool:
    return after.left > before.right + MIN_GUTTER and after.bottom < before.top and after.top > before.bottom


def in_reading_order(words: list[Word]) -> list[Word]:
    """Return the words column by column where the page has columns of prose and its content jumps between them; else as they are."""
    pieces = pieces_of(words)
    ordered = _ordered(pieces, MAX_DEPTH)
    if ordered == pieces:
        return words
    return [word for piece in ordered for word in (replace(piece.words[0], before="\n"), *piece.words[1:])]


def pieces_of(words: list[Word]) -> list[Piece]:
    """Return the words in pieces, in the order of the content: a piece ends with its line, or at a gap that is wider than between words."""
    pieces: list[list[Word]] = []
    for word in words:
        if pieces and "\n" not in word.before and _follows(pieces[-1][-1].box, word.box):
            pieces[-1].append(word)
        else:
            pieces.append([word])
    return [Piece(tuple(piece), _bounds(piece)) for piece in pieces]


def _follows(before: Box, after: Box) -> bool:
    room = APART * (after.top - after.bottom)
    return (
        after.left <= before.right + room and after.right >= before.left - room and after.bottom < before.top and after.top > before.bottom
    )


def _bounds(words: list[Word]) -> Box:
    boxes = [word.box for word in words]
    return Box(min(b.left for b in boxes), min(b.bottom for b in boxes), max(b.right for b in boxes), max(b.top for b in boxes))


def _ordered(pieces: list[Piece], depth: int) -> list[Piece]:
    gutter = _gutter(pieces) if depth and jumps([piece.box for piece in pieces]) else None
    if gutter is None:
        return pieces
    ordered: list[Piece] = []
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in chain.from_iterable(lines(pieces)):
        if piece.box.left < gutter < piece.box.right:
            ordered += [*_ordered(left, depth - 1), *_ordered(right, depth - 1), piece]
            left, right = [], []
        else:
            (left if piece.box.right <= gutter else right).append(piece)
    return [*ordered, *_ordered(left, depth - 1), *_ordered(right, depth - 1)]


def _gutter(pieces: list[Piece]) -> float | None:
    """Return the x between columns of prose that the content jumps across; None where there are no such columns."""
    for place in _candidates(pieces):
        left = [piece.box for piece in pieces if piece.box.right <= place]
        right = [piece.box for piece in pieces if piece.box.left >= place]
        crossing = len(pieces) - len(left) - len(right)
        if crossing <= MAX_CROSSING * len(pieces) and _is_prose(left) and _is_prose(right):
            return place
    return None


def _candidates(pieces: list[Piece]) -> list[float]:
    """Return where pieces begin after which the content jumped, the most frequent first."""
    starts: dict[int, list[float]] = {}
    for before, after in pairwise(pieces):
        if _beside(before.box, after.box):
            starts.setdefault(round(after.box.left / MIN_GUTTER), []).append(after.box.left)
    frequent = sorted(starts.values(), key=len, reverse=True)[:MAX_DEPTH]
    return [min(places) - MIN_GUTTER / 2 for places in frequent if len(places) >= FEWEST_JUMPS]


def _is_prose(boxes: list[Box]) -> bool:
    widths = [box.right - box.left for box in boxes]
    if len(widths) < FEWEST_JUMPS:
        return False
    height = median(box.top - box.bottom for box in boxes)
    return median(widths) >= PROSE * height and median(widths) >= FULL * max(widths)

"""The order in which a page is read: content that goes line by line across columns of prose is put into column order.

Most programs write a page in reading order, which is better than any guess from the positions of words. So the order is changed only if it
clearly jumps between columns.
"""

from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

from services.retrieval.parse.pdf.page import Box, Word, group_into_lines

MIN_JUMPS = 5
# The gap between columns in points, and the largest share of segments that may cross it.
MIN_GUTTER = 8.0
MAX_CROSSING_SHARE = 0.3
# A line of prose is at least so many times as wide as high, and most lines are almost as wide as the widest.
MIN_PROSE_RATIO = 8.0
MIN_WIDTH_SHARE = 0.7
# The gap between segments of a line, as a multiple of their height.
MIN_SEGMENT_GAP = 1.5
MAX_DEPTH = 4
TOLERANCE = 3.0


def insert_table(words: list[Word], inside: list[int], table: Word) -> list[Word]:
    """Return the words with those at the positions `inside` replaced by a table, at the first of these positions.

    If the content has the text above the table before the text below it, and the table after both, the table is put between them.
    """
    first, replaced = inside[0], set(inside)
    rest = [(number, word) for number, word in enumerate(words) if number not in replaced]
    words_above = [each for each in rest if _is_above(each[1].box, table.box)]
    words_below = [each for each in rest if _is_above(table.box, each[1].box)]
    if words_above and words_below:
        above = min(words_above, key=lambda each: each[1].box.bottom)[0]
        below = min(words_below, key=lambda each: (-each[1].box.top // TOLERANCE, each[0]))[0]
        while below and "\n" not in words[below].before:
            below -= 1
        first = below if above < below < first else first
    before = [word for number, word in rest if number < first]
    after = [word for number, word in rest if number >= first]
    if after:
        after[0] = replace(after[0], before="\n\n")
    return [*before, table, *after]


def _is_above(above: Box, below: Box) -> bool:
    return above.bottom >= below.top - TOLERANCE and above.left < below.right and above.right > below.left


@dataclass(frozen=True, slots=True)
class Segment:
    """Adjacent words of a line."""

    words: tuple[Word, ...]
    box: Box


def has_columns(boxes: list[Box]) -> bool:
    """Return whether consecutive boxes of the content are often next to each other, across a gap: in columns, or in a table."""
    return sum(_is_beside(before, after) for before, after in pairwise(boxes)) >= MIN_JUMPS


def _is_beside(before: Box, after: Box) -> bool:
    return after.left > before.right + MIN_GUTTER and after.bottom < before.top and after.top > before.bottom


def in_reading_order(words: list[Word]) -> list[Word]:
    """Return the words column by column if the page has columns of prose and its content jumps between them; else unchanged."""
    segments = join_words(words)
    ordered = _sort(segments, MAX_DEPTH)
    if ordered == segments:
        return words
    return [word for segment in ordered for word in (replace(segment.words[0], before="\n"), *segment.words[1:])]


def join_words(words: list[Word]) -> list[Segment]:
    """Return the words as segments, in the order of the content. A segment ends with its line, or at a gap wider than between words."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and "\n" not in word.before and _is_adjacent(groups[-1][-1].box, word.box):
            groups[-1].append(word)
        else:
            groups.append([word])
    return [Segment(tuple(group), _bounds(group)) for group in groups]


def _is_adjacent(before: Box, after: Box) -> bool:
    gap = MIN_SEGMENT_GAP * (after.top - after.bottom)
    return after.left <= before.right + gap and after.right >= before.left - gap and after.bottom < before.top and after.top > before.bottom


def _bounds(words: list[Word]) -> Box:
    boxes = [word.box for word in words]
    return Box(min(b.left for b in boxes), min(b.bottom for b in boxes), max(b.right for b in boxes), max(b.top for b in boxes))


def _sort(segments: list[Segment], depth: int) -> list[Segment]:
    gutter = _find_gutter(segments) if depth and has_columns([segment.box for segment in segments]) else None
    if gutter is None:
        return segments
    ordered: list[Segment] = []
    left: list[Segment] = []
    right: list[Segment] = []
    for segment in chain.from_iterable(group_into_lines(segments)):
        if segment.box.left < gutter < segment.box.right:
            ordered += [*_sort(left, depth - 1), *_sort(right, depth - 1), segment]
            left, right = [], []
        else:
            (left if segment.box.right <= gutter else right).append(segment)
    return [*ordered, *_sort(left, depth - 1), *_sort(right, depth - 1)]


def _find_gutter(segments: list[Segment]) -> float | None:
    """Return the x between columns of prose that the content jumps across; None if there are no such columns."""
    for x in _gutter_candidates(segments):
        left = [segment.box for segment in segments if segment.box.right <= x]
        right = [segment.box for segment in segments if segment.box.left >= x]
        crossing = len(segments) - len(left) - len(right)
        if crossing <= MAX_CROSSING_SHARE * len(segments) and _is_prose(left) and _is_prose(right):
            return x
    return None


def _gutter_candidates(segments: list[Segment]) -> list[float]:
    """Return the x before segments that the content jumped to, the most frequent first."""
    starts: dict[int, list[float]] = {}
    for before, after in pairwise(segments):
        if _is_beside(before.box, after.box):
            starts.setdefault(round(after.box.left / MIN_GUTTER), []).append(after.box.left)
    frequent = sorted(starts.values(), key=len, reverse=True)[:MAX_DEPTH]
    return [min(xs) - MIN_GUTTER / 2 for xs in frequent if len(xs) >= MIN_JUMPS]


def _is_prose(boxes: list[Box]) -> bool:
    widths = [box.right - box.left for box in boxes]
    if len(widths) < MIN_JUMPS:
        return False
    height = median(box.top - box.bottom for box in boxes)
    return median(widths) >= MIN_PROSE_RATIO * height and median(widths) >= MIN_WIDTH_SHARE * max(widths)

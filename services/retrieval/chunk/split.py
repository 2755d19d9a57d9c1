"""A long document in parts, so that never more of its text is held than one. Each ends where the next heading or paragraph begins."""

from bisect import bisect_left
from collections.abc import Iterator

from services.retrieval.parse import Document, Heading

PART = 2_000_000
"""Characters of the longest part; a document of no more than these is one."""
PLACES = ("\n\n", "\n", " ")


def parts(document: Document) -> Iterator[tuple[int, Document]]:
    """Yield the document's parts, each with the character offset where it begins. They make up the whole text."""
    starts = [heading.start for heading in document.headings]
    begin = 0
    while begin < len(document.body):
        text = document.body[begin : begin + PART]
        if begin + PART < len(document.body):
            text = text[: _end(text, begin, starts)]
        end = begin + len(text)
        inside = document.headings[bisect_left(starts, begin) : bisect_left(starts, end)]
        yield begin, Document(text, headings=tuple(Heading(each.start - begin, each.level, each.text) for each in inside))
        begin = end


def _end(text: str, begin: int, starts: list[int]) -> int:
    """Return where in the second half of `text` to cut: before a heading, else after the best place there is."""
    half = len(text) // 2
    last = bisect_left(starts, begin + len(text)) - 1
    if last >= 0 and starts[last] > begin + half:
        return starts[last] - begin
    found = ((place, text.rfind(place, half)) for place in PLACES)
    return next((at + len(place) for place, at in found if at >= 0), len(text))

"""A long document in parts, so that only one of them is in memory. Each ends before a heading, or at the end of a paragraph."""

from bisect import bisect_left
from collections.abc import Iterator

from services.retrieval.parse import Document, Heading

MAX_PART_LENGTH = 2_000_000
"""Characters of the longest part; a shorter document is a single part."""
SEPARATORS = ("\n\n", "\n", " ")


def split_document(document: Document) -> Iterator[tuple[int, Document]]:
    """Yield the parts of the document, each with the character offset where it begins. Together they are the whole text."""
    starts = [heading.start for heading in document.headings]
    begin = 0
    while begin < len(document.body):
        text = document.body[begin : begin + MAX_PART_LENGTH]
        if begin + MAX_PART_LENGTH < len(document.body):
            text = text[: _find_end(text, begin, starts)]
        end = begin + len(text)
        headings = document.headings[bisect_left(starts, begin) : bisect_left(starts, end)]
        yield begin, Document(text, headings=tuple(Heading(each.start - begin, each.level, each.text) for each in headings))
        begin = end


def _find_end(text: str, begin: int, starts: list[int]) -> int:
    """Return where to cut in the second half of `text`: before a heading, else after the best separator."""
    half = len(text) // 2
    last = bisect_left(starts, begin + len(text)) - 1
    if last >= 0 and starts[last] > begin + half:
        return starts[last] - begin
    positions = ((separator, text.rfind(separator, half)) for separator in SEPARATORS)
    return next((position + len(separator) for separator, position in positions if position >= 0), len(text))

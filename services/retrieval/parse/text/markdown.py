"""Markdown, read as it is; only its headings are found."""

from itertools import islice
from pathlib import Path

from services.retrieval.parse.document import MAX_HEADINGS, Document
from services.retrieval.parse.markdown_blocks import find_headings
from services.retrieval.parse.text.plain import read_text

MAX_SEARCHED_LENGTH = 32 * 1024 * 1024
"""Characters that are searched for headings; one million takes about a second."""


def parse_markdown(path: Path) -> Document:
    """Read Markdown. The text stays as it is; headings in code, lists and quotations do not count.

    Raises:
        InvalidFile: if the file is not text.
    """
    text, doubt = read_text(path)
    headings = tuple(islice(find_headings(text, MAX_SEARCHED_LENGTH), MAX_HEADINGS + 1))
    title = next((heading.text for heading in headings if heading.level == 1), None)
    limit = None if len(text) <= MAX_SEARCHED_LENGTH else f"Only the first {MAX_SEARCHED_LENGTH} characters are searched for headings."
    return Document(text, title, headings=headings, note=" ".join(filter(None, (doubt, limit))) or None)

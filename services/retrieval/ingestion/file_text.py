"""Reads the text of an indexed file again, as it was read to be indexed.

From the file, not from its chunks: chunkings overlap and leave white space out, and the file's text is neither.
"""

from itertools import pairwise
from pathlib import Path

from services.retrieval.ingestion.pipeline import Parses
from services.retrieval.parse import InvalidFile, UnsupportedFile
from shared.errors import InvalidRequest


def read_again(path: Path, filename: str, parse: Parses) -> list[str]:
    """Return the text, cut where its pages begin; put together again it is what was chunked.

    Raises:
        InvalidRequest: it cannot be read any more.
    """
    try:
        document = parse(path, filename)
    except (InvalidFile, UnsupportedFile) as error:
        raise InvalidRequest(f"'{filename}' cannot be read any more: {error}", param="file_id") from error
    cuts = sorted({0, *document.pages, len(document.body)})
    return [document.body[start:end] for start, end in pairwise(cuts)]

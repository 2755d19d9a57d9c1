"""Reads the text of an indexed file again, exactly as it was read when it was indexed.

From the file, not from its chunks: chunks may overlap and leave out white space, and the file's text does neither.
"""

from itertools import pairwise
from pathlib import Path

from services.retrieval.ingestion.pipeline import Parser
from services.retrieval.parse import InvalidFile, UnsupportedFile
from shared.errors import InvalidRequest


def read_file_text(path: Path, filename: str, parse: Parser) -> list[str]:
    """Return the text, split at page starts. The parts put together are the text that was chunked.

    Raises:
        InvalidRequest: if the file can no longer be read.
    """
    try:
        document = parse(path, filename)
    except (InvalidFile, UnsupportedFile) as error:
        raise InvalidRequest(f"'{filename}' can no longer be read. {error}", param="file_id") from error
    cuts = sorted({0, *document.pages, len(document.body)})
    return [document.body[start:end] for start, end in pairwise(cuts)]

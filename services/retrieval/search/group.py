"""Hits by file: one for each, with its best chunks."""

from collections.abc import Sequence
from dataclasses import replace

from services.retrieval.search.hits import Found

CHUNKS = 5
"""At most so many chunks of a file are its content."""


def group_by_file(found: Sequence[Found]) -> list[Found]:
    """Return the best chunk of each file, in the order of the chunks, with the file's further ones as `others`."""
    files: dict[tuple[str, str], list[Found]] = {}
    for each in found:
        files.setdefault((each.filed.vector_store_id, each.filed.file_id), []).append(each)
    return [replace(mine[0], others=tuple(mine[1:CHUNKS])) for mine in files.values()]

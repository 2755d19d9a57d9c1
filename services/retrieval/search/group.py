"""Groups hits by file: one hit per file, with its best chunks."""

from collections.abc import Sequence
from dataclasses import replace

from services.retrieval.search.hits import ChunkHit

MAX_CHUNKS_PER_FILE = 5


def group_by_file(hits: Sequence[ChunkHit]) -> list[ChunkHit]:
    """Return the best chunk of each file, in the order of the hits, with the file's next best chunks as `others`."""
    files: dict[tuple[str, str], list[ChunkHit]] = {}
    for hit in hits:
        files.setdefault((hit.file.vector_store_id, hit.file.file_id), []).append(hit)
    return [replace(chunks[0], others=tuple(chunks[1:MAX_CHUNKS_PER_FILE])) for chunks in files.values()]

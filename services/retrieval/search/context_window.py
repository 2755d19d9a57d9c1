"""The text around a hit: the chunks before and after it in the same file, without the text they share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.retrieval.chunk import Chunk
from services.retrieval.index import Index, StoredChunk
from services.retrieval.index.points import point_id
from services.retrieval.search.hits import ChunkHit, ContextWindow


def add_context_windows(hits: Sequence[ChunkHit], index: Index, window: int) -> list[ChunkHit]:
    """Return the hits with the text of up to `window` chunks before and after each."""
    ids_by_space: dict[str, dict[str, None]] = {}
    for each in (chunk for hit in hits for chunk in (hit, *hit.others)):
        ids_by_space.setdefault(each.candidate.store.space, {}).update(dict.fromkeys(_surrounding_ids(each, window)))
    stored = {id: chunk for space, ids in ids_by_space.items() for id, chunk in index.fetch_chunks(space, list(ids)).items()}
    return [_with_context(hit, stored, window) for hit in hits]


def join_chunks(chunks: Sequence[Chunk]) -> ContextWindow:
    """Return the text of consecutive chunks as one; text that is missing between two of them becomes a line break."""
    # For a child, the text of its parent is shown.
    pieces = [chunk.parent or chunk for chunk in chunks]
    text, end = pieces[0].text, pieces[0].end
    for piece in pieces[1:]:
        if piece.end <= end:
            continue
        # The offsets tell which text two pieces share only if a piece is exactly the text between its start and end.
        is_verbatim = len(piece.text) == piece.end - piece.start
        text += piece.text[end - piece.start :] if piece.start <= end and is_verbatim else "\n" + piece.text
        end = piece.end
    return ContextWindow(text, min(piece.start for piece in pieces), end, chunks[0].position, chunks[-1].position)


def _with_context(hit: ChunkHit, stored: Mapping[str, StoredChunk], window: int) -> ChunkHit:
    others = tuple(_with_context(other, stored, window) for other in hit.others)
    surrounding = [stored[id].chunk for id in _surrounding_ids(hit, window) if id in stored]
    context = join_chunks(sorted([hit.chunk, *surrounding], key=lambda chunk: chunk.position))
    return replace(hit, context=context, others=others)


def _surrounding_ids(hit: ChunkHit, window: int) -> list[str]:
    position, tenant = hit.chunk.position, hit.candidate.store.tenant
    positions = (each for each in range(max(0, position - window), position + window + 1) if each != position)
    return [point_id(tenant, hit.file.file_id, hit.file.attachment_id, each) for each in positions]

"""The text around a hit: the chunks before and after it in the same file, without what they have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.retrieval.chunk import Chunk
from services.retrieval.index import Index, Stored
from services.retrieval.index.points import point_id
from services.retrieval.search.hits import Candidate, Filed, Found, Passage


def widen(found: Sequence[Found], index: Index, window: int) -> list[Found]:
    """Return the hits with the text of up to `window` chunks before and after each."""
    spaces: dict[str, dict[str, None]] = {}
    for each in (chunk for hit in found for chunk in (hit, *hit.others)):
        spaces.setdefault(each.candidate.store.space, {}).update(dict.fromkeys(_around(each, window)))
    stored = {id: there for space, ids in spaces.items() for id, there in index.read(space, list(ids)).items()}
    return [_widened(hit, stored, window) for hit in found]


def _widened(found: Found, stored: Mapping[str, Stored], window: int) -> Found:
    others = tuple(_widened(other, stored, window) for other in found.others)
    return replace(found, passage=_passage(found, stored, window), others=others)


def _around(found: Found, window: int) -> list[str]:
    place = found.chunk.position
    return [_id(found.candidate, found.filed, i) for i in range(max(0, place - window), place + window + 1) if i != place]


def _id(candidate: Candidate, filed: Filed, position: int) -> str:
    return point_id(candidate.store.tenant, filed.file_id, filed.attachment_id, position)


def _passage(found: Found, stored: Mapping[str, Stored], window: int) -> Passage:
    there = [stored[id].chunk for id in _around(found, window) if id in stored]
    return merge(sorted([found.chunk, *there], key=lambda chunk: chunk.position))


def merge(chunks: Sequence[Chunk]) -> Passage:
    """Return the text of consecutive chunks as one; what lies between two that do not touch becomes a line break."""
    # A child stands for its parent, whose text is shown.
    pieces = [chunk.parent or chunk for chunk in chunks]
    text, end = pieces[0].text, pieces[0].end
    for piece in pieces[1:]:
        if piece.end <= end:
            continue
        # Only where the text is just what lies between start and end do the offsets tell what is said twice.
        is_cut_out = len(piece.text) == piece.end - piece.start
        text += piece.text[end - piece.start :] if piece.start <= end and is_cut_out else "\n" + piece.text
        end = piece.end
    return Passage(text, min(piece.start for piece in pieces), end, chunks[0].position, chunks[-1].position)

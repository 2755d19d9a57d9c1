"""What a search finds: candidates in the index, and the hits that are shown. Loads hits for candidates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from services.retrieval.catalog import attachments
from services.retrieval.catalog.records import Store
from services.retrieval.chunk import Chunk
from services.retrieval.index import Index, StoredChunk
from services.retrieval.search.fuse import FusedPoint, ListScore
from shared.records.database import Database

T = TypeVar("T")


class Candidate(NamedTuple):
    """A point that was found in `store` for `query`; `rank` counts from 1, over all queries and stores."""

    store: Store
    query: str
    fused: FusedPoint
    rank: int

    @property
    def id(self) -> str:
        """The point's id."""
        return self.fused.id


@dataclass(frozen=True, slots=True)
class HitFile:
    """The file that a chunk belongs to, as it is in its store."""

    attachment_id: str
    file_id: str
    vector_store_id: str
    filename: str
    attributes: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The text around a hit: characters `start` to `end`, chunks `first_position` to `last_position`."""

    text: str
    start: int
    end: int
    first_position: int
    last_position: int


@dataclass(frozen=True, slots=True)
class ChunkHit:
    """A chunk that is shown. `others` are further chunks of the same file, if hits are grouped by file."""

    chunk: Chunk
    score: float
    file: HitFile
    candidate: Candidate
    reranked: ListScore | None = None
    context: ContextWindow | None = None
    others: tuple["ChunkHit", ...] = ()

    @property
    def text(self) -> str:
        """The text that is shown: the context window, or the chunk's parent, or the chunk."""
        return (self.context or self.chunk.parent or self.chunk).text


def load_hits(candidates: Sequence[Candidate], count: int, index: Index, database: Database) -> list[ChunkHit]:
    """Return the first `count` candidates that may be shown, with their chunks and files; they are read in batches."""
    hits: list[ChunkHit] = []
    for first in range(0, len(candidates), count):
        batch = candidates[first : first + count]
        stored = by_space(batch, index.fetch_chunks)
        files = _searchable_files(stored, database)
        visible = [each for each in batch if each.id in stored and stored[each.id].attachment_id in files]
        hits += [_to_hit(each, stored[each.id], files[stored[each.id].attachment_id]) for each in visible]
        hits = without_repeats(hits)
        if len(hits) >= count:
            break
    return hits[:count]


def without_repeats(hits: Iterable[ChunkHit]) -> list[ChunkHit]:
    """Drop hits that show the same text of a file as an earlier one: children of one parent, or a file in several stores."""
    first: dict[tuple[str, int, int], ChunkHit] = {}
    for hit in hits:
        shown = hit.chunk.parent or hit.chunk
        first.setdefault((hit.file.file_id, shown.start, shown.end), hit)
    return list(first.values())


def by_space(candidates: Sequence[Candidate], read: Callable[[str, Sequence[str]], dict[str, T]]) -> dict[str, T]:
    """Call `read` once for each embedding space with the ids of its points; return the results by id."""
    ids_by_space: dict[str, list[str]] = {}
    for each in candidates:
        ids_by_space.setdefault(each.store.space, []).append(each.id)
    return {id: value for space, ids in ids_by_space.items() for id, value in read(space, ids).items()}


def _searchable_files(stored: Mapping[str, StoredChunk], database: Database) -> dict[str, HitFile]:
    # The database decides: what was deleted there is not shown, even if its points are still in the index.
    with database.session() as session:
        rows = attachments.find_searchable(session, {each.attachment_id for each in stored.values()})
    return {row.id: HitFile(row.id, row.file_id, row.vector_store_id, row.filename, row.attributes) for row in rows}


def _to_hit(candidate: Candidate, stored: StoredChunk, file: HitFile) -> ChunkHit:
    return ChunkHit(stored.chunk, candidate.fused.score, file, candidate)

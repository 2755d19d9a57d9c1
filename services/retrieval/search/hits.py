"""What searching finds: candidates of the index, and the chunks that are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.retrieval.catalog.records import Store
from services.retrieval.chunk import Chunk
from services.retrieval.search.fuse import Place, Ranked


@dataclass(frozen=True, slots=True)
class Candidate:
    """A point that was found in `store` for `query`; `rank` counts from 1, over all queries and stores."""

    store: Store
    query: str
    ranked: Ranked
    rank: int

    @property
    def id(self) -> str:
        """The point's id."""
        return self.ranked.id


@dataclass(frozen=True, slots=True)
class Filed:
    """The file that a chunk belongs to, as it is in its store."""

    attachment_id: str
    file_id: str
    vector_store_id: str
    filename: str
    attributes: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of which a chunk is part: characters `start` to `end`, chunks `first` to `last`."""

    text: str
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Found:
    """A chunk that is shown; `others` are further chunks of the same file, where hits are grouped."""

    chunk: Chunk
    score: float
    filed: Filed
    candidate: Candidate
    reranked: Place | None = None
    passage: Passage | None = None
    others: tuple["Found", ...] = ()

    @property
    def text(self) -> str:
        """The text that is shown: with its neighbours, or that of the larger piece the chunk stands for."""
        return (self.passage or self.chunk.parent or self.chunk).text

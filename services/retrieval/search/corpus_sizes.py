"""How many chunks a store has, and how long they are: keyword scores depend on it.

Counting them reads a row for each file: 50 ms for 100,000 files, more than the rest of the search. So a large number is kept for a while.
Scores use its logarithm, and the mean length, which new files hardly change in that time.
"""

import time
from collections.abc import Callable
from math import inf
from typing import NamedTuple, TypeAlias

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments
from services.retrieval.catalog.records import Store

KEPT_CHUNKS = 10_000
KEPT_SECONDS = 30.0

Edition: TypeAlias = tuple[str, int]
NUMBER_BYTES = 4  # of a vector, in `usage_bytes`


class CorpusSize(NamedTuple):
    """How many chunks there are, and the bytes of their texts and vectors."""

    chunks: int
    usage_bytes: int

    def text_bytes(self, dimension: int) -> float:
        """Return the mean length of a chunk's text in bytes, if its vector has `dimension` numbers; infinite without chunks."""
        return self.usage_bytes / self.chunks - NUMBER_BYTES * dimension if self.chunks else inf


class CorpusSizes:
    """Counts the chunks of stores; `clock` is in seconds. Used by many threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Edition, tuple[CorpusSize, float]] = {}

    def measure(self, session: Session, store: Store) -> CorpusSize:
        """Return the size of the store, at most 30 seconds ago if it has 10,000 chunks or more."""
        edition, now = (store.id, store.edition), self._clock()
        size, until = self._kept.get(edition, (CorpusSize(0, 0), 0.0))
        if until <= now:
            size = CorpusSize(*attachments.measure_chunks(session, store.id))
            self._keep(edition, size, now)
        return size

    def _keep(self, edition: Edition, size: CorpusSize, now: float) -> None:
        kept = {key: each for key, each in self._kept.items() if each[1] > now}
        self._kept = kept | ({edition: (size, now + KEPT_SECONDS)} if size.chunks >= KEPT_CHUNKS else {})

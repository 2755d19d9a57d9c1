"""How many chunks a store has: keyword scores depend on it.

Counting them reads a row for each file: 50 ms for 100,000 files, more than the rest of the search. So a large number is kept for a while.
Scores use its logarithm, which new files hardly change in that time.
"""

import time
from collections.abc import Callable
from typing import TypeAlias

from sqlalchemy.orm import Session

from services.retrieval.catalog import attachments
from services.retrieval.catalog.records import Store

KEPT_CHUNKS = 10_000
KEPT_SECONDS = 30.0

Edition: TypeAlias = tuple[str, int]


class CorpusSizes:
    """Counts the chunks of stores; `clock` is in seconds. Used by many threads at once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[Edition, tuple[int, float]] = {}

    def count(self, session: Session, store: Store) -> int:
        """Return how many chunks the store has, at most 30 seconds ago if it has 10,000 or more."""
        edition, now = (store.id, store.edition), self._clock()
        size, until = self._kept.get(edition, (0, 0.0))
        if until <= now:
            size = attachments.count_chunks(session, store.id)
            self._keep(edition, size, now)
        return size

    def _keep(self, edition: Edition, size: int, now: float) -> None:
        kept = {key: each for key, each in self._kept.items() if each[1] > now}
        self._kept = kept | ({edition: (size, now + KEPT_SECONDS)} if size >= KEPT_CHUNKS else {})

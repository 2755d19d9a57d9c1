"""Starts and stops the service's background threads: ingestion, the sweeper, and the loading of the default embedder."""

import threading

from services.retrieval.catalog import ingest_queue
from services.retrieval.dependencies import Parts
from services.retrieval.lifecycle.delete import delete_orphan_bytes
from services.retrieval.lifecycle.sweeper import Sweeper
from shared import log
from shared.errors import Unavailable


class BackgroundThreads:
    """The threads that work on the service's `parts`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sweeper = Sweeper(parts.database, parts.index, parts.folder)
        self._loader = threading.Thread(target=_load_embedder, args=(parts,), name="embedder", daemon=True)

    def start(self) -> None:
        """Clean up what a killed process left, then start the threads."""
        _recover(self._parts)
        self._loader.start()
        self._parts.ingestion.start()
        self._sweeper.start()

    def stop(self) -> None:
        """Stop the threads; each finishes its current step."""
        self._sweeper.stop()
        self._parts.ingestion.stop()


def _recover(parts: Parts) -> None:
    parts.folder.delete_old_partials()
    delete_orphan_bytes(parts.database, parts.folder)
    if parts.index.is_exclusive:
        # No other process can be working, so there is no need to wait for the leases of a killed process to expire.
        with parts.database.session() as session:
            ingest_queue.release_all(session)


def _load_embedder(parts: Parts) -> None:
    try:
        parts.embedders.default.load()
    except Unavailable as error:
        log.get_logger(__name__).error("embedder not loaded", problem=error.message)

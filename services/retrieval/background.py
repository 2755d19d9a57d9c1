"""Starts and stops the service's background threads: ingestion, the sweeper, and the loading of the default embedder."""

import threading

from services.retrieval.catalog import ingest_queue
from services.retrieval.dependencies import Ingestion
from services.retrieval.embedding.embedders import Embedders
from services.retrieval.index import Index
from services.retrieval.lifecycle.delete import delete_orphan_bytes
from services.retrieval.lifecycle.sweeper import Sweeper
from services.retrieval.uploads import UploadFolder
from shared import log
from shared.errors import Unavailable
from shared.records.database import Database


class BackgroundThreads:
    """The threads of the service."""

    def __init__(self, database: Database, folder: UploadFolder, index: Index, embedders: Embedders, ingestion: Ingestion) -> None:
        self._database, self._folder, self._index, self._ingestion = database, folder, index, ingestion
        self._sweeper = Sweeper(database, index, folder)
        self._loader = threading.Thread(target=_load_embedder, args=(embedders,), name="embedder", daemon=True)

    def start(self) -> None:
        """Clean up what a killed process left, then start the threads."""
        self._recover()
        self._loader.start()
        self._ingestion.start()
        self._sweeper.start()

    def stop(self) -> None:
        """Stop the threads; each finishes its current step if that takes seconds."""
        self._ingestion.stop()
        self._sweeper.stop()

    def _recover(self) -> None:
        self._folder.delete_old_partials()
        delete_orphan_bytes(self._database, self._folder)
        if self._index.is_exclusive:
            # No other process can be working, so there is no need to wait for the leases of a killed process to expire.
            with self._database.session() as session:
                ingest_queue.release_all(session)


def _load_embedder(embedders: Embedders) -> None:
    try:
        embedders.default.load()
    except Unavailable as error:
        log.get_logger(__name__).error("embedder not loaded", problem=error.message)

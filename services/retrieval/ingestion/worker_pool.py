"""Several ingest workers in one process: while one waits for the embedder or the index, another parses, and batches are full."""

import time

from services.retrieval.catalog import ingest_queue
from services.retrieval.ingestion.index_file import IngestDependencies
from services.retrieval.ingestion.worker import STOP_SECONDS, IngestWorker
from shared.errors import DatabaseUnavailable
from shared.log import get_logger

SMALL_FILE_BYTES = 1 << 20

log = get_logger(__name__)


class WorkerPool:
    """`size` ingest workers, each with its own leases.

    If there are several, one of them leaves large files to the others, so that small files do not wait for large ones.
    """

    def __init__(self, dependencies: IngestDependencies, owner: str, size: int) -> None:
        self._database, self._owner = dependencies.database, owner
        limits = [*[None] * (size - 1), SMALL_FILE_BYTES if size > 1 else None]
        self._workers = [IngestWorker(dependencies, f"{owner}/{number}", limit) for number, limit in enumerate(limits)]

    def start(self) -> None:
        """Start every worker."""
        for worker in self._workers:
            worker.start()

    def wake(self) -> None:
        """Look for work now; returns immediately."""
        for worker in self._workers:
            worker.wake()

    def check(self) -> None:
        """Raise Unavailable unless every worker runs."""
        for worker in self._workers:
            worker.check()

    def stop(self) -> None:
        """Stop every worker after its current batch, or in `STOP_SECONDS` at the latest. Unfinished files go back to the queue."""
        deadline = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            worker.request_stop()
        for worker in self._workers:
            worker.stop(deadline - time.monotonic())
        try:
            self.put_back()
        except DatabaseUnavailable as error:
            log.warning("files that were not finished are indexed only when their leases expire", problem=error.message)

    def put_back(self) -> None:
        """Return the files that the workers hold to the queue, even if they are still working on them."""
        with self._database.session() as session:
            ingest_queue.requeue_all(session, f"{self._owner}/")

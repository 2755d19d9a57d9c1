"""Several ingest workers in one process: while one waits for the embedder or the index, another parses, and batches are full."""

from services.retrieval.ingestion.index_file import IngestDependencies
from services.retrieval.ingestion.worker import IngestWorker

SMALL_FILE_BYTES = 1 << 20


class WorkerPool:
    """`size` ingest workers, each with its own leases.

    If there are several, one of them leaves large files to the others, so that small files do not wait for large ones.
    """

    def __init__(self, dependencies: IngestDependencies, owner: str, size: int) -> None:
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
        """Stop every worker after its current batch. Unfinished files go back to the queue."""
        for worker in self._workers:
            worker.request_stop()
        for worker in self._workers:
            worker.stop()

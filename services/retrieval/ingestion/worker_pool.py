"""Several ingest workers in one process: while one waits for the embedder or the index, another parses, and batches are full."""

from services.retrieval.ingestion.worker import Desk, IngestWorker

SMALL_BYTES = 1 << 20


class Crew:
    """So many ingest workers, each with leases of its own.

    One of several leaves large files to the others, so that small ones do not wait for them.
    """

    def __init__(self, desk: Desk, owner: str, number: int) -> None:
        self._workers = [IngestWorker(desk, f"{owner}/{place}") for place in range(number - 1)]
        self._workers.append(IngestWorker(desk, f"{owner}/{number - 1}", SMALL_BYTES if number > 1 else None))

    def start(self) -> None:
        """Begin; what an earlier process left half done comes first."""
        for worker in self._workers:
            worker.start()

    def wake(self) -> None:
        """Look for work now."""
        for worker in self._workers:
            worker.wake()

    def check(self) -> None:
        """Raise Unavailable unless every thread runs."""
        for worker in self._workers:
            worker.check()

    def stop(self) -> None:
        """End after the portions at hand; what is not done is gone on with after the next start."""
        for worker in self._workers:
            worker.ask_to_stop()
        for worker in self._workers:
            worker.stop()

"""The ingest worker: a thread that claims attachments one after the other and indexes them, or finishes their deletion.

Any number of processes may run workers over one database; the lease decides who works on what.
"""

import threading

from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import IN_PROGRESS
from services.retrieval.ingestion.delete_points import delete_points
from services.retrieval.ingestion.index_file import IngestDependencies, index_file
from services.retrieval.ingestion.lease import claim_lease
from shared.errors import TandemError, Unavailable
from shared.log import get_logger

MAX_IDLE_SECONDS = 10.0
MIN_IDLE_SECONDS = 0.05
STOP_SECONDS = 3.0
PAUSE_AFTER_ERROR_SECONDS = 1.0

log = get_logger(__name__)


class IngestWorker:
    """A thread. `wake` it when something was attached or deleted. Files larger than `max_file_bytes` are left to other workers."""

    def __init__(self, dependencies: IngestDependencies, owner: str, max_file_bytes: int | None = None) -> None:
        self._dependencies = dependencies
        self._owner = owner
        self._max_file_bytes = max_file_bytes
        self._wakeup = threading.Event()
        self._stopping = threading.Event()
        self._has_unflushed_writes = False
        self._thread = threading.Thread(target=self._loop, name="ingest", daemon=True)

    def start(self) -> None:
        """Start the thread. It begins with what an earlier process left unfinished."""
        self._thread.start()

    def wake(self) -> None:
        """Look for work now."""
        self._wakeup.set()

    def check(self) -> None:
        """Raise Unavailable unless the thread runs."""
        if not self._thread.is_alive():
            raise Unavailable("The ingest worker is not running. Restart the service.")

    def request_stop(self) -> None:
        """Stop after the current batch; returns immediately."""
        self._stopping.set()
        self._wakeup.set()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Stop after the current batch, and wait for that at most so many seconds. An unfinished file goes back to the queue."""
        self.request_stop()
        self._thread.join(max(0.0, seconds))

    def work_once(self) -> bool:
        """Claim one attachment and work on it; False if none waits."""
        lease = claim_lease(self._dependencies.database, self._owner, self._max_file_bytes)
        if lease is None:
            return False
        self._has_unflushed_writes = True
        with lease.heartbeat():
            if lease.attachment.status == IN_PROGRESS:
                index_file(lease, self._dependencies, self._stopping.is_set)
            else:
                delete_points(lease, self._dependencies.index, self._dependencies.backoff)
        return True

    def _loop(self) -> None:
        while True:
            self._wakeup.clear()  # before the check, so that no request to stop is lost
            if self._stopping.is_set():
                return
            if pause := self._work_or_rest():
                self._wakeup.wait(pause)

    def _work_or_rest(self) -> float:
        """Work on one attachment; return how many seconds to wait before the next."""
        try:
            return 0.0 if self.work_once() else self._rest()
        except TandemError as error:
            log.warning("ingest worker pauses", problem=error.message)
        except Exception:
            # If the thread ended, every file would wait forever.
            log.exception("ingest worker continues after an error")
        return PAUSE_AFTER_ERROR_SECONDS

    def _rest(self) -> float:
        """Flush the index after work; return how many seconds to wait for the next attachment."""
        if self._has_unflushed_writes:
            self._has_unflushed_writes = False
            self._dependencies.index.optimize()
        with self._dependencies.database.session() as session:
            due = ingest_queue.seconds_until_next(session, self._max_file_bytes)
        return MAX_IDLE_SECONDS if due is None else min(max(due, MIN_IDLE_SECONDS), MAX_IDLE_SECONDS)

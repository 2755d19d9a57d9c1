"""The ingest worker: a thread that claims attachments and indexes them, or finishes their deletion.

A turn is one batch of chunks, or a whole file if it has fewer. After each turn the queue says which store is next
(`catalog/ingest_queue.py`). So a large file does not hold up other stores: it stays open, with its lease, until its store is next again.

Any number of processes may run workers over one database; the lease decides who works on what.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from services.retrieval.catalog import ingest_queue
from services.retrieval.catalog.records import IN_PROGRESS
from services.retrieval.ingestion.delete_points import delete_points
from services.retrieval.ingestion.index_file import IngestDependencies, index_file
from services.retrieval.ingestion.lease import Lease, claim_lease
from shared.errors import TandemError, Unavailable
from shared.log import get_logger

MAX_IDLE_SECONDS = 10.0
MIN_IDLE_SECONDS = 0.05
STOP_SECONDS = 3.0
PAUSE_AFTER_ERROR_SECONDS = 1.0
# More than `ingest_queue.MANY_OPEN_FILES`, so that a project with a large file need not wait until the large files of others end.
MAX_OPEN_FILES = 32

log = get_logger(__name__)


@dataclass(frozen=True)
class Work:
    """A claimed attachment, and the turns that its work takes."""

    lease: Lease
    turns: Iterator[None]


class IngestWorker:
    """A thread. `wake` it when something was attached or deleted. Files larger than `max_file_bytes` are left to other workers."""

    def __init__(self, dependencies: IngestDependencies, owner: str, max_file_bytes: int | None = None) -> None:
        self._dependencies = dependencies
        self._owner = owner
        self._max_file_bytes = max_file_bytes
        self._wakeup = threading.Event()
        self._stopping = threading.Event()
        self._has_unflushed_writes = False
        self._open: dict[str, Work] = {}  # by store; the one that had the last turn is last
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
        """Stop after the current batch; wait at most this many seconds for it. An unfinished file goes back to the queue."""
        self.request_stop()
        self._thread.join(max(0.0, seconds))

    def work_once(self) -> bool:
        """Work, in turns, until an attachment is finished; False if none waits."""
        while (work := self._next()) is not None:
            self._has_unflushed_writes = True
            if self._take_turn(work):
                return True
        return False

    def _next(self) -> Work | None:
        """Return the work whose turn it is. Nothing new is begun if too many files are open, or the worker is stopping."""
        if self._open and (len(self._open) >= MAX_OPEN_FILES or self._stopping.is_set()):
            return next(iter(self._open.values()))
        held = {store_id: work.lease for store_id, work in self._open.items()}
        lease = claim_lease(self._dependencies.database, self._owner, self._max_file_bytes, held)
        if lease is None:
            return None
        return self._open.get(lease.attachment.vector_store_id) or Work(lease, self._work_on(lease))

    def _take_turn(self, work: Work) -> bool:
        """Work for one turn; return whether the work is finished."""
        store_id = work.lease.attachment.vector_store_id
        self._open.pop(store_id, None)
        for _ in work.turns:
            self._open[store_id] = work
            return False
        return True

    def _work_on(self, lease: Lease) -> Iterator[None]:
        with lease.heartbeat():
            if lease.attachment.status == IN_PROGRESS:
                yield from index_file(lease, self._dependencies, self._stopping.is_set)
            else:
                delete_points(lease, self._dependencies.index, self._dependencies.backoff)

    def _loop(self) -> None:
        while True:
            self._wakeup.clear()  # before the check, so that no request to stop is lost
            if self._stopping.is_set() and not self._open:
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

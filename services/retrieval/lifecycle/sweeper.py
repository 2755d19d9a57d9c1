"""The sweeper: a thread that deletes what has expired, and finishes the interrupted work of a killed process.

An expired store loses its files and chunks. Its record stays for 30 days with the status `expired`, so that its users can see what
happened. An expired file is deleted, also from every store. Any number of processes may sweep at the same time: what another one, or a
user, has deleted is skipped.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from services.retrieval.catalog import duplicates, files, ingest_queue, stores
from services.retrieval.catalog.pages import delete_old_positions
from services.retrieval.catalog.records import DAY
from services.retrieval.index import Index
from services.retrieval.lifecycle.delete import delete_file_everywhere, delete_store, delete_store_contents
from services.retrieval.lifecycle.reembed import advance_reembeddings
from services.retrieval.lifecycle.update_attributes import finish_attribute_updates
from services.retrieval.uploads import UploadFolder
from shared.errors import Conflict, NotFound, TandemError
from shared.log import get_logger
from shared.records.database import Database

INTERVAL_SECONDS = 60.0
STOP_SECONDS = 1.0
EXPIRED_RECORD_SECONDS = 30 * DAY
BATCH_SIZE = 100

log = get_logger(__name__)


def sweep(database: Database, index: Index, folder: UploadFolder, now: float) -> bool:
    """Delete one batch of what has expired by `now` (seconds since 1970), and finish interrupted work.

    Returns whether more may be left.
    """
    deleted_stores = _delete_expired_stores(database, index, now)
    deleted_files = _delete_expired_files(database, index, folder, now)
    with database.session() as session:
        delete_old_positions(session, now - DAY)
        ingest_queue.delete_old_turns(session, now - DAY)
        duplicates.repair_orphans(session)
    finish_attribute_updates(database, index)
    advance_reembeddings(database)
    return max(deleted_stores, deleted_files) >= BATCH_SIZE


def _delete_expired_stores(database: Database, index: Index, now: float) -> int:
    with database.session() as session:
        with_files = stores.find_expired_ids(session, now, BATCH_SIZE, has_files=True)
        long_expired = stores.find_expired_ids(session, now - EXPIRED_RECORD_SECONDS, BATCH_SIZE)
    for id in with_files:
        deleted = delete_store_contents(database, index, id)
        log.info("contents of an expired vector store deleted", vector_store=id, files=deleted.files, chunks=deleted.chunks)
    for id in long_expired:
        with suppress(NotFound):
            delete_store(database, index, id)
    return max(len(with_files), len(long_expired))


def _delete_expired_files(database: Database, index: Index, folder: UploadFolder, now: float) -> int:
    with database.session() as session:
        expired = files.find_expired_ids(session, now, BATCH_SIZE)
    for id in expired:
        with suppress(NotFound, Conflict):  # someone may have deleted it meanwhile, or held it
            delete_file_everywhere(database, index, folder, id)
            log.info("expired file deleted", file=id)
    return len(expired)


class Sweeper:
    """A thread that sweeps immediately and then every `interval_seconds`; `clock` returns seconds since 1970."""

    def __init__(
        self,
        database: Database,
        index: Index,
        folder: UploadFolder,
        interval_seconds: float = INTERVAL_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._database = database
        self._index = index
        self._folder = folder
        self._interval_seconds = interval_seconds
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sweeper", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the current batch. One that takes longer is abandoned; the next sweep does the rest of it."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _loop(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = 0.0 if self._sweep() else self._interval_seconds

    def _sweep(self) -> bool:
        try:
            return sweep(self._database, self._index, self._folder, self._clock())
        except TandemError as error:
            log.warning("sweep failed; trying again later", problem=error.message)
        except Exception:
            log.exception("sweep failed; trying again later")
        return False

"""The sweeper: a thread that removes what has expired, and finishes what a killed process left half changed.

An expired store loses its files and chunks, and stays as a record with status `expired` for 30 days, so that its users learn what
became of it. An expired file goes wholly, from every store too. Any number of processes may sweep at once.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from services.retrieval.catalog import duplicates, files, stores
from services.retrieval.catalog.pages import forget_departed
from services.retrieval.catalog.records import DAY
from services.retrieval.index import Index
from services.retrieval.lifecycle import reembed
from services.retrieval.lifecycle.delete import empty_store, remove_file, remove_store
from services.retrieval.lifecycle.update_attributes import finish_relabelling
from services.retrieval.uploads import Folder
from shared.errors import TandemError
from shared.log import get_logger
from shared.records.database import Database

SECONDS = 60.0
STOP_SECONDS = 5.0
REMEMBERED_SECONDS = 30 * DAY
PORTION = 100

log = get_logger(__name__)


@dataclass(frozen=True)
class Ground:
    """What is swept."""

    database: Database
    index: Index
    folder: Folder


def sweep(ground: Ground, now: float) -> bool:
    """Remove what has expired by `now` (seconds since 1970), a portion of it, and finish what was left half done.

    Returns whether more may be left.
    """
    more = max(_empty_stores(ground, now), _remove_files(ground, now)) >= PORTION
    with ground.database.session() as session:
        forget_departed(session, now - DAY)
        duplicates.heal(session)
    finish_relabelling(ground.database, ground.index)
    reembed.settle(ground.database)
    return more


def _empty_stores(ground: Ground, now: float) -> int:
    with ground.database.session() as session:
        full = stores.expired(session, now, PORTION, full=True)
        forgotten = stores.expired(session, now - REMEMBERED_SECONDS, PORTION)
    for id in full:
        removed = empty_store(ground.database, ground.index, id)
        log.info("expired vector store emptied", vector_store=id, files=removed.files, chunks=removed.chunks)
    for id in forgotten:
        remove_store(ground.database, ground.index, id)
    return max(len(full), len(forgotten))


def _remove_files(ground: Ground, now: float) -> int:
    with ground.database.session() as session:
        expired = files.expired(session, now, PORTION)
    for id in expired:
        remove_file(ground.database, ground.index, ground.folder, id)
        log.info("expired file removed", file=id)
    return len(expired)


class Sweeper:
    """A thread that sweeps at once and then every `seconds` by the `clock`."""

    def __init__(self, ground: Ground, seconds: float = SECONDS, clock: Callable[[], float] = time.time) -> None:
        self._ground = ground
        self._seconds = seconds
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _loop(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = 0.0 if self._sweep() else self._seconds

    def _sweep(self) -> bool:
        try:
            return sweep(self._ground, self._clock())
        except TandemError as error:
            log.warning("sweeping goes on later", problem=error.message)
        except Exception:
            log.exception("sweeping goes on later")
        return False

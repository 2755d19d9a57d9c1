"""Ingestion by Celery workers, as the service sees it: a thread that rings for them when something waits, and again while it does.

The database is the truth about what waits; where the broker is gone, files wait in it, and callers notice nothing but that.
"""

import threading
from typing import Protocol

from services.retrieval.catalog import claims
from shared.errors import TandemError, Unavailable
from shared.log import get_logger
from shared.records.database import Database
from shared.workers.broker import INGESTION

SECONDS = 5.0
STOP_SECONDS = 5.0
MOST = 16  # messages of a round: idle workers take them in turn, so that many workers wake

log = get_logger(__name__)


class Notifier(Protocol):
    """Wakes workers; raises TandemError where it cannot."""

    def notify(self, kind: str, job_id: str) -> None:
        """Tell the workers of a kind that something waits."""


class Ringer:
    """A thread; `wake` it when something was attached or removed."""

    def __init__(self, database: Database, notifier: Notifier, seconds: float = SECONDS) -> None:
        self._database = database
        self._notifier = notifier
        self._seconds = seconds
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="ringer", daemon=True)

    def start(self) -> None:
        """Begin; what waits already is rung for at once."""
        self._thread.start()

    def wake(self) -> None:
        """Ring now; returns at once."""
        self._woken.set()

    def check(self) -> None:
        """Raise Unavailable unless the thread runs. A broker that is away is no reason: files wait."""
        if not self._thread.is_alive():
            raise Unavailable("Nobody rings for the ingest workers; start the service again.")

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(STOP_SECONDS)

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._ring()
            except TandemError as error:
                log.warning("the ingest workers could not be told; they will be told again", problem=error.message)
            except Exception:
                log.exception("ringing for the ingest workers goes on after an error")
            self._woken.wait(self._seconds)

    def _ring(self) -> None:
        with self._database.session() as session:
            waiting = claims.waiting(session)
        for _ in range(min(waiting, MOST)):
            self._notifier.notify(INGESTION, "look")

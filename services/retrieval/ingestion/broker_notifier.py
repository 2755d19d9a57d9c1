"""Ingestion by Celery workers, as the service sees it: a thread that notifies them while files wait.

The database holds the queue. If the broker is down, files wait there and are notified again later.
"""

import threading
from typing import Protocol

from services.retrieval.catalog import ingest_queue
from shared.errors import TandemError, Unavailable
from shared.log import get_logger
from shared.records.database import Database
from shared.workers.broker import INGESTION

INTERVAL_SECONDS = 5.0
STOP_SECONDS = 5.0
MAX_MESSAGES = 16  # in one round: idle workers take messages in turn, so several messages wake several workers

log = get_logger(__name__)


class Notifier(Protocol):
    """Wakes workers. Raises TandemError if it cannot."""

    def notify(self, kind: str, job_id: str) -> None:
        """Notify the workers of a kind that something waits."""


class BrokerNotifier:
    """A thread. `wake` it when something was attached or deleted."""

    def __init__(self, database: Database, notifier: Notifier, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self._database = database
        self._notifier = notifier
        self._interval_seconds = interval_seconds
        self._wakeup = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="broker-notifier", daemon=True)

    def start(self) -> None:
        """Start the thread. It begins with the files that wait already."""
        self._thread.start()

    def wake(self) -> None:
        """Notify the workers now; returns immediately."""
        self._wakeup.set()

    def check(self) -> None:
        """Raise Unavailable unless the thread runs. It runs without a broker too: files wait."""
        if not self._thread.is_alive():
            raise Unavailable("The thread that notifies the ingest workers is not running. Restart the service.")

    def stop(self) -> None:
        """Stop the thread."""
        self._stopping.set()
        self._wakeup.set()
        self._thread.join(STOP_SECONDS)

    def _loop(self) -> None:
        while True:
            self._wakeup.clear()  # before the check, so that no request to stop is lost
            if self._stopping.is_set():
                return
            try:
                self._notify()
            except TandemError as error:
                log.warning("ingest workers could not be notified; trying again", problem=error.message)
            except Exception:
                log.exception("notifying the ingest workers failed; trying again")
            self._wakeup.wait(self._interval_seconds)

    def _notify(self) -> None:
        with self._database.session() as session:
            waiting = ingest_queue.count_claimable(session)
        for _ in range(min(waiting, MAX_MESSAGES)):
            self._notifier.notify(INGESTION, "look")

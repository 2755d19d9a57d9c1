"""A thread that notifies the workers of waiting jobs again and again, in case the first message was lost."""

import threading
from typing import Protocol

from shared.errors import TandemError
from shared.log import get_logger

log = get_logger(__name__)


class WaitingJobs(Protocol):
    """The jobs that no worker has."""

    def notify_waiting(self) -> None:
        """Notify the workers if jobs wait."""


class Sweeper:
    """Notifies the workers of waiting `jobs` every `interval_seconds`."""

    def __init__(self, jobs: WaitingJobs, interval_seconds: float) -> None:
        self._jobs = jobs
        self._interval_seconds = interval_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Start the thread; its first round begins immediately."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the current round."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._jobs.notify_waiting()
            except TandemError as error:
                log.warning("waiting jobs could not be read", problem=error.message)
            except Exception:
                log.exception("a round of the sweeper failed")
            self._stopped.wait(self._interval_seconds)

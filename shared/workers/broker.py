"""Celery, as both sides of the broker must agree on it: one queue and one task for each kind of work.

A message carries a job's id and nothing else; losing or repeating one changes nothing (see `jobs`). Ingestion is no job: its message
carries a word, and says that something waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from shared.errors import Unavailable
from shared.records.jobs import COMPARISON, FINE_TUNING

INGESTION = "ingestion"
TASKS = {FINE_TUNING: "training.finetune", COMPARISON: "evaluation.compare", INGESTION: "retrieval.ingest"}
QUEUES = {FINE_TUNING: "training", COMPARISON: "evaluation", INGESTION: "ingestion"}
CONNECT_SECONDS = 2
EXPIRE_SECONDS = 30  # messages for a busy worker do not pile up: it is rung for again while the job waits


def open_celery(broker_url: str, name: str = "tandem") -> Celery:
    """Return a Celery application that gives up on a dead broker within seconds when it sends."""
    app = Celery(name, broker=broker_url, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_publish_retry=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": 60},
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    return app


class JobNotifier:
    """Wakes the workers of a kind of work."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def notify(self, kind: str, job_id: str) -> None:
        """Tell the workers that the job waits.

        Raises:
            Unavailable: the broker cannot be reached; the job stays in the database and is told again later.
        """
        with self._connected() as connection:
            self._app.send_task(TASKS[kind], args=[job_id], queue=QUEUES[kind], retry=False, connection=connection, expires=EXPIRE_SECONDS)

    def ping(self) -> None:
        """Raise Unavailable unless the broker answers."""
        with self._connected():
            return

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        """Open a connection of its own; Celery's pooled ones try a dead broker again for 6 s, and wait a minute for one that hangs."""
        patience = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": CONNECT_SECONDS}
        with self._app.connection_for_write(transport_options=patience) as connection:
            broken: Any = (OperationalError, OSError, *connection.connection_errors)
            try:
                connection.ensure_connection(max_retries=0, timeout=CONNECT_SECONDS)
                yield connection
            except broken as error:
                raise Unavailable(f"The broker (TANDEM_BROKER_URL) cannot be reached ({error}).") from error

"""Celery as both sides of the broker must agree on it: a task for each kind of work, and a queue for the workers that do it.

A message has a job's id and nothing else; losing or repeating one changes nothing (see `shared.records.jobs`). Ingestion has no jobs:
its message only says that files are waiting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

from shared.errors import Unavailable
from shared.records.jobs import COMPARISON, DATASET, EVAL_RUN, FINE_TUNING

INGESTION = "ingestion"
TASKS = {
    FINE_TUNING: "training.finetune",
    COMPARISON: "evaluation.compare",
    DATASET: "evaluation.make_dataset",
    EVAL_RUN: "evaluation.run_eval",
    INGESTION: "retrieval.ingest",
}
QUEUES = {FINE_TUNING: "training", COMPARISON: "evaluation", DATASET: "evaluation", EVAL_RUN: "evaluation", INGESTION: "ingestion"}
CONNECT_SECONDS = 2
# Messages for busy workers do not pile up for long: while a job waits, the workers are notified again. Celery compares this with the
# worker's own clock, so one whose clock is further ahead would discard all messages.
EXPIRE_SECONDS = 600


def open_celery(broker_url: str, name: str = "tandem") -> Celery:
    """Return a Celery application whose sends fail within seconds if the broker is down."""
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
    """Notifies the workers of a kind of work that a job is waiting."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def notify(self, kind: str, job_id: str) -> None:
        """Notify the workers that the job is waiting.

        Raises:
            Unavailable: if the broker cannot be reached. The job is safe in the database, and the workers are notified again later.
        """
        with self._connect() as connection:
            self._app.send_task(TASKS[kind], args=[job_id], queue=QUEUES[kind], retry=False, connection=connection, expires=EXPIRE_SECONDS)

    def ping(self) -> None:
        """Raise Unavailable unless the broker responds."""
        with self._connect():
            return

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        """Open a new connection. Celery's pooled ones retry a dead broker for 6 s, and wait a minute for one that hangs."""
        timeouts = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": CONNECT_SECONDS}
        with self._app.connection_for_write(transport_options=timeouts) as connection:
            errors: Any = (OperationalError, OSError, *connection.connection_errors)
            try:
                connection.ensure_connection(max_retries=0, timeout=CONNECT_SECONDS)
                yield connection
            except errors as error:
                raise Unavailable(f"The broker (TANDEM_BROKER_URL) cannot be reached ({error}).") from error

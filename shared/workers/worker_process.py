"""A worker process: takes one kind of job off its queue, one at a time, until it is told to stop.

    wait until the schema is current ──▶ listen ──▶ message: a job's id ──▶ `work.run_job` claims and runs it

SIGTERM and Ctrl-C set `stopping`, which the running flow learns of through its `JobContext`. A broker that is gone is tried again
for as long as the process lives. Knows nothing of what a flow does.
"""

import os
import signal
import socket
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any, NoReturn

from celery import Celery, signals
from celery.exceptions import SecurityWarning
from sqlalchemy.exc import SQLAlchemyError

from shared import records
from shared.errors import TandemError
from shared.ids import new_id
from shared.log import get_logger
from shared.records.database import Database, is_migrated
from shared.workers.broker import QUEUES, TASKS, open_celery
from shared.workers.job_runner import Flow, run_job

MIGRATIONS = records.MIGRATIONS
POLL_SECONDS = 0.5
REMIND_SECONDS = 10.0
EXIT_SECONDS = 1.0

log = get_logger(__name__)


class Worker:
    """A Celery worker for one kind of job; `run` returns when it was told to stop.

    `stopping` may be looked at with `is_set` from any thread; nobody may `wait` on it in the main thread, where the signal
    arrives that sets it.
    """

    def __init__(self, kind: str, flow: Flow, database: Database, broker_url: str) -> None:
        self.queue = QUEUES[kind]
        self.stopping = threading.Event()
        self.owner = f"{socket.gethostname()}-{os.getpid()}-{new_id('', 6)}"
        self.app = open_celery(broker_url, f"tandem-{self.queue}")
        self._flow = flow
        self._database = database
        self.app.task(name=TASKS[kind])(self._take)

    def run(self) -> int:
        """Listen until SIGTERM or Ctrl-C; return the process's exit code."""
        signal.signal(signal.SIGTERM, exit_now)
        wait_for_migrations(self._database)
        code = listen(self.app, self.queue, self.stopping)
        self._database.close()
        return code

    def work(self, job_id: str) -> None:
        """Run the job where it can be claimed, and store how it ended."""
        try:
            run_job(self._database, job_id, self.owner, self._flow, self.stopping)
        except TandemError as error:
            log.error("job left to its lease", job_id=job_id, problem=error.message)

    def _take(self, job_id: str) -> None:
        self.work(job_id)
        if self.stopping.is_set():
            _exit_within(EXIT_SECONDS)


def listen(app: Celery, queue: str, stopping: threading.Event) -> int:
    """Take messages off `queue` until SIGTERM or Ctrl-C, which set `stopping`; return the process's exit code."""
    connected = _connect_signals(queue, stopping)
    process: Any = _open_process(app, queue)
    process.start()
    del connected
    return int(process.exitcode or 0)


def wait_for_migrations(database: Database, migrations: Path = MIGRATIONS) -> None:
    """Return once the service that owns the database, for jobs the front door, has brought its schema to the newest revision."""
    reminder = 0.0
    while not _is_current(database, migrations):
        if time.monotonic() > reminder:
            log.info("waiting for the database", url=database.url.render_as_string(hide_password=True))
            reminder = time.monotonic() + REMIND_SECONDS
        time.sleep(POLL_SECONDS)


def _is_current(database: Database, migrations: Path) -> bool:
    file = database.url.database
    if database.url.get_backend_name() == "sqlite" and file and not Path(file).exists():
        return False  # looking would create it, in the way of the process that is about to
    try:
        return is_migrated(database, migrations)
    except SQLAlchemyError:
        return False


def _open_process(app: Celery, queue: str) -> Any:
    app.conf.update(
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,  # ours are acknowledged early, so none is; unset, it warns
    )
    options: dict[str, Any] = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "quiet": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # root matters where messages are pickles; ours are JSON
        return app.Worker(pool_cls="solo", queues=[queue], hostname=f"{queue}@{socket.gethostname()}", **options)


def _connect_signals(queue: str, stopping: threading.Event) -> list[Any]:
    """Connect Celery's signals; they are heard for as long as the returned list lives."""

    def keep_our_logging(**_: Any) -> None:
        """Celery sets up no logging where somebody listens to this signal."""

    def announce(**_: Any) -> None:
        log.info("worker ready", queue=queue)

    def stop(**_: Any) -> None:
        stopping.set()

    signals.setup_logging.connect(keep_our_logging)
    signals.worker_ready.connect(announce)
    signals.worker_shutting_down.connect(stop)
    return [keep_our_logging, announce, stop]


def _exit_within(seconds: float) -> None:
    """End the process by then. Celery would hand its message back first, and wait for a broker that may be going down too."""
    timer = threading.Timer(seconds, os._exit, args=[0])
    timer.daemon = True
    timer.start()


def exit_now(*_: object) -> NoReturn:
    """What a signal does while nothing was begun."""
    sys.exit(0)

"""A worker process: runs the jobs of one queue, one at a time, until SIGTERM or Ctrl-C.

    wait for migrations ──▶ listen ──▶ message: jobs wait ──▶ `run_next` claims and runs the one whose turn it is, until none waits

SIGTERM and Ctrl-C set `stopping`, which the running flow sees through its `JobContext`. A flow that does not end in `STOP_SECONDS` is left
behind: its job returns to the queue, and the process ends. If the broker is down, the process keeps trying to connect. It knows nothing of
what a flow does.
"""

import os
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NoReturn

from celery import Celery, signals
from celery.exceptions import SecurityWarning
from sqlalchemy.exc import SQLAlchemyError

from shared.errors import TandemError
from shared.ids import new_id
from shared.log import get_logger
from shared.records import MIGRATIONS, jobs
from shared.records.database import Database, is_migrated
from shared.records.job_queue import Claimant, WorkerDevice
from shared.records.jobs import Job
from shared.shutdown import exit_after
from shared.workers.broker import QUEUES, TASKS, open_celery
from shared.workers.job_context import LEASE_SECONDS, JobContext
from shared.workers.job_runner import Flow, run_job, run_next

POLL_SECONDS = 0.5
REMIND_SECONDS = 10.0
EXIT_SECONDS = 1.0
STOP_SECONDS = 4.5  # the local stack kills after 6

log = get_logger(__name__)


class Worker:
    """A Celery worker for the kinds of jobs that share a queue, each with its flow. `run` returns after SIGTERM or Ctrl-C.

    At most `max_per_project` jobs of a project and kind run at the same time, on all workers that have this limit; None means any number.
    `device` is where the jobs run, and `bases` are the base models that they may need, if that matters.
    `background` runs in a thread beside the jobs, and returns soon after the event that it is given is set.
    Any thread may read `stopping` with `is_set`. The main thread must not `wait` on it, because the signal that sets it arrives there.
    """

    def __init__(
        self,
        flows: Mapping[str, Flow],
        database: Database,
        broker_url: str,
        max_per_project: int | None = None,
        background: Callable[[threading.Event], object] = lambda _: None,
        device: WorkerDevice | None = None,
        bases: Collection[str] = (),
    ) -> None:
        (self.queue,) = {QUEUES[kind] for kind in flows}
        self.stopping = threading.Event()
        self.owner = f"{socket.gethostname()}-{os.getpid()}-{new_id('', 6)}"
        self.app = open_celery(broker_url, f"tandem-{self.queue}")
        self._flows = flows
        self._database = database
        self._background = background
        self._claimant = Claimant(self.owner, flows.keys(), LEASE_SECONDS, max_per_project, device, bases)
        for kind in flows:
            self.app.task(name=TASKS[kind], shared=False)(self._handle)

    def run(self) -> int:
        """Listen until SIGTERM or Ctrl-C; return the process's exit code."""
        signal.signal(signal.SIGTERM, exit_now)
        wait_for_migrations(self._database)
        threading.Thread(target=self._background, args=(self.stopping,), daemon=True).start()
        code = listen(self.app, self.queue, self.stopping, self.put_back)
        self._database.close()
        return code

    def work(self, job_id: str) -> None:
        """Run the job if it can be claimed, and store how it ended."""
        try:
            run_job(self._database, job_id, self.owner, self._run_flow, self.stopping)
        except TandemError as error:
            log.error("could not run the job", job_id=job_id, problem=error.message)

    def work_on_next(self) -> bool:
        """Run the job whose turn it is, and store how it ended; return whether one waited."""
        try:
            return run_next(self._database, self._claimant, self._run_flow, self.stopping)
        except TandemError as error:
            log.error("could not run the next job", problem=error.message)
            return False

    def put_back(self) -> None:
        """Return every job that this worker holds to the queue."""
        with self._database.session() as session:
            jobs.requeue_all(session, self.owner)

    def _run_flow(self, job: Job, context: JobContext) -> dict[str, Any]:
        return self._flows[job.kind](job, context)

    def _handle(self, job_id: str) -> None:
        """Handle the message that jobs wait: work until none does. It is not always the turn of the job that the message names."""
        log.debug("a job waits", job_id=job_id)
        while self.work_on_next() and not self.stopping.is_set():
            pass
        if self.stopping.is_set():
            # Celery would first return its message, and wait for a broker that may be stopping too.
            exit_after(EXIT_SECONDS, self.put_back)


def listen(app: Celery, queue: str, stopping: threading.Event, put_back: Callable[[], object]) -> int:
    """Handle messages of `queue` until SIGTERM or Ctrl-C, which set `stopping`; return the process's exit code.

    If the process has not ended `STOP_SECONDS` later, its work is put back and it is ended.
    """
    receivers = _connect_signals(queue, stopping, put_back)  # Celery keeps weak references to them
    process: Any = _open_process(app, queue)
    process.start()
    del receivers
    return int(process.exitcode or 0)


def wait_for_migrations(database: Database, migrations: Path = MIGRATIONS) -> None:
    """Return once the schema has the newest revision. The service that owns the database applies the migrations."""
    next_reminder = 0.0
    while not _is_ready(database, migrations):
        if time.monotonic() > next_reminder:
            log.info("waiting for the database", url=database.url.render_as_string(hide_password=True))
            next_reminder = time.monotonic() + REMIND_SECONDS
        time.sleep(POLL_SECONDS)


def _is_ready(database: Database, migrations: Path) -> bool:
    file = database.url.database
    if database.url.get_backend_name() == "sqlite" and file and not Path(file).exists():
        return False  # connecting would create the file, before the service that owns it does
    try:
        return is_migrated(database, migrations)
    except SQLAlchemyError:
        return False


def _open_process(app: Celery, queue: str) -> Any:
    app.conf.update(
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,  # tasks are acknowledged early, so none is lost; if unset, Celery warns
    )
    options: dict[str, Any] = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True, "quiet": True}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)  # root is a risk if messages are pickles; these are JSON
        return app.Worker(pool_cls="solo", queues=[queue], hostname=f"{queue}@{socket.gethostname()}", **options)


def _connect_signals(queue: str, stopping: threading.Event, put_back: Callable[[], object]) -> list[Any]:
    """Connect receivers to Celery's signals, and return them."""

    def keep_logging(**_: Any) -> None:
        """Keep the process's logging; Celery sets up its own only if nothing receives this signal."""

    def announce(**_: Any) -> None:
        log.info("worker ready", queue=queue)

    def stop(**_: Any) -> None:
        if not stopping.is_set():
            exit_after(STOP_SECONDS, put_back)
        stopping.set()

    signals.setup_logging.connect(keep_logging)
    signals.worker_ready.connect(announce)
    signals.worker_shutting_down.connect(stop)
    return [keep_logging, announce, stop]


def exit_now(*_: object) -> NoReturn:
    """Signal handler for a process that has not started any work."""
    sys.exit(0)

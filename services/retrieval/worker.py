"""An ingest worker as a process: it indexes the files that wait, notified through the broker. Any number of them may run.

python -m services.retrieval.worker

The threads are the same as in the service; a message only makes them look for work immediately. A worker needs the service's
database, its Qdrant server and its folder of files.
"""

import signal
import sys
import threading

from services.retrieval.ingestion.worker_pool import WorkerPool
from services.retrieval.settings import RetrievalSettings
from services.retrieval.wiring import MIGRATIONS, open_worker_process
from shared import log
from shared.records.database import Database
from shared.settings import read_settings
from shared.workers.broker import INGESTION, QUEUES, TASKS, open_celery
from shared.workers.worker_process import exit_now, listen, wait_for_migrations


def run(settings: RetrievalSettings) -> int:
    """Work until SIGTERM or Ctrl-C; return the process's exit code."""
    signal.signal(signal.SIGTERM, exit_now)
    database = Database(settings.database)
    wait_for_migrations(database, MIGRATIONS)
    with open_worker_process(settings, database) as pool:
        pool.start()
        try:
            code = _listen(settings.common.broker_url, pool)
        finally:
            pool.stop()
    database.close()
    return code


def _listen(broker_url: str, pool: WorkerPool) -> int:
    app = open_celery(broker_url, f"tandem-{QUEUES[INGESTION]}")

    def wake(_: str) -> None:
        pool.wake()

    app.task(name=TASKS[INGESTION])(wake)
    return listen(app, QUEUES[INGESTION], threading.Event(), pool.put_back)


def main() -> None:
    """Run until stopped. If the settings do not allow workers, it prints one line and exits with code 2."""
    settings = read_settings(RetrievalSettings)
    log.configure("ingest", settings.common.log_format, settings.common.log_level)
    if settings.ingest != "celery":
        sys.stderr.write("RETRIEVAL_INGEST must be `celery`, here and in the service, to run ingest workers.\n")
        sys.exit(2)
    sys.exit(run(settings))


if __name__ == "__main__":
    main()

"""An ingest worker as a process of its own: flow 1 on what waits, woken through the broker. Any number of them may run.

python -m services.retrieval.worker

The same threads do the work as in the service; a message only makes them look at once. Workers need the service's database,
its Qdrant server and its folder of files.
"""

import signal
import sys
import threading

from services.retrieval.app import MIGRATIONS, open_crew, open_embedders, open_index, open_parser
from services.retrieval.index.bm25 import Bm25
from services.retrieval.ingestion.worker import Desk
from services.retrieval.ingestion.worker_pool import Crew
from services.retrieval.settings import RetrievalSettings
from services.retrieval.uploads import Folder
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
    embedders, index, parser = open_embedders(settings), open_index(settings), open_parser(settings)
    crew = open_crew(settings, Desk(database, Folder(settings.files_folder), embedders, Bm25(), index, parser))
    crew.start()
    code = _listen(settings.common.broker_url, crew)
    crew.stop()
    parser.close()
    embedders.close()
    index.close()
    database.close()
    return code


def _listen(broker_url: str, crew: Crew) -> int:
    app = open_celery(broker_url, f"tandem-{QUEUES[INGESTION]}")

    def wake(_: str) -> None:
        crew.wake()

    app.task(name=TASKS[INGESTION])(wake)
    return listen(app, QUEUES[INGESTION], threading.Event())


def main() -> None:
    """Run; settings that no worker can run with end the process with one line and exit code 2."""
    settings = read_settings(RetrievalSettings)
    log.configure("ingest", settings.common.log_format, settings.common.log_level)
    if settings.ingest != "celery":
        sys.stderr.write("RETRIEVAL_INGEST: ingest workers run where it is `celery`, in the service too\n")
        sys.exit(2)
    sys.exit(run(settings))


if __name__ == "__main__":
    main()

"""The evaluation worker: wires the comparison flow to the front door, the jobs database and the broker, and runs it."""

import sys

from services.evaluation.asking.answer_store import AnswerBook
from services.evaluation.asking.collect import Pace
from services.evaluation.compare import run_comparison
from services.evaluation.front_door import open_front_door
from services.evaluation.settings import EvaluationSettings
from shared import log
from shared.records.database import Database
from shared.records.jobs import COMPARISON, Job
from shared.settings import read_settings
from shared.workers.job_context import JobContext
from shared.workers.worker_process import Worker


def create_worker(settings: EvaluationSettings) -> Worker:
    """Return the worker, wired but not yet connected to anything."""
    database = Database(settings.common.jobs_url)
    pace = Pace(settings.concurrency, settings.patience_seconds)

    def compare(job: Job, context: JobContext) -> dict[str, object]:
        front_door = open_front_door(settings.common.api_url, settings.common.worker_key, job.project_id, settings.call_seconds)
        return run_comparison(job, context, front_door, AnswerBook(database, job.id), pace)

    return Worker(COMPARISON, compare, database, settings.common.broker_url)


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    settings = read_settings(EvaluationSettings)
    log.configure("evaluation", settings.common.log_format, settings.common.log_level)
    sys.exit(create_worker(settings).run())


if __name__ == "__main__":
    main()

"""The evaluation worker: connects its flows with Tandem's API, the jobs database and the broker, and runs their jobs."""

import sys

from services.evaluation.asking.answer_store import AnswerStore
from services.evaluation.asking.collect_answers import CallLimits
from services.evaluation.compare import Conditions, run_comparison
from services.evaluation.datasets.distillation.collect_examples import Answers
from services.evaluation.datasets.distillation.distill import run_distillation
from services.evaluation.datasets.distillation.read_completions import CompletionReader
from services.evaluation.datasets.distillation.read_responses import ResponseReader
from services.evaluation.datasets.make_dataset import DatasetLimits, run_dataset
from services.evaluation.datasets.synthesis.item_store import ItemStore
from services.evaluation.evals.item_store import ItemStore as OutputItemStore
from services.evaluation.evals.rows.stored_answers import AnswerReader
from services.evaluation.evaluate import EvalLimits, run_eval
from services.evaluation.settings import EvaluationSettings
from shared import log
from shared.contracts.datasets import AnswersSpec
from shared.records.database import Database
from shared.records.jobs import COMPARISON, DATASET, EVAL_RUN, Job
from shared.settings import read_settings
from shared.workers.api_client import open_api_client
from shared.workers.job_context import JobContext
from shared.workers.worker_process import Worker


def create_worker(settings: EvaluationSettings) -> Worker:
    """Return the worker, which does not connect to anything before it runs."""
    common = settings.common
    database = Database(common.jobs_url)
    limits = CallLimits(settings.concurrency, settings.patience_seconds, settings.single_questions, settings.repeated_questions)

    def compare(job: Job, context: JobContext) -> dict[str, object]:
        opened_api = open_api_client(common.api_url, common.worker_key, job.project_id, settings.call_seconds)
        conditions = Conditions(limits, worker.work, settings.embedding_model)
        return run_comparison(job, context, opened_api, AnswerStore(database, job.id), conditions)

    def make_dataset(job: Job, context: JobContext) -> dict[str, object]:
        opened_api = open_api_client(common.api_url, common.worker_key, job.project_id, settings.call_seconds)
        if job.spec.get("source", "documents") != "documents":
            return run_distillation(job, context, opened_api, _open_answers(job, database), settings.patience_seconds)
        return run_dataset(job, context, opened_api, ItemStore(database, job.id), _dataset_limits(settings))

    def evaluate(job: Job, context: JobContext) -> dict[str, object]:
        opened_api = open_api_client(common.api_url, common.worker_key, job.project_id, settings.call_seconds)
        items, answers = OutputItemStore(database, context), AnswerReader(database, job.project_id, job.created_at)
        eval_limits = EvalLimits(settings.concurrency, settings.patience_seconds, settings.embedding_model)
        return run_eval(context, opened_api, items, answers, eval_limits)

    worker = Worker(
        {COMPARISON: compare, DATASET: make_dataset, EVAL_RUN: evaluate}, database, common.broker_url, settings.max_jobs_per_project
    )
    return worker


def _open_answers(job: Job, database: Database) -> Answers:
    """Return the stored answers that a dataset is made from."""
    spec = AnswersSpec.model_validate(job.spec)
    open_reader = ResponseReader if spec.source == "responses" else CompletionReader
    return open_reader(database, job.project_id, spec.chosen)


def _dataset_limits(settings: EvaluationSettings) -> DatasetLimits:
    return DatasetLimits(settings.concurrency, settings.patience_seconds, settings.call_seconds, settings.external_generators)


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    settings = read_settings(EvaluationSettings)
    log.configure("evaluation", settings.common.log_format, settings.common.log_level)
    sys.exit(create_worker(settings).run())


if __name__ == "__main__":
    main()

"""The training worker: wires the fine-tuning flow to the front door, the jobs database and the broker, and runs it."""

import sys

from services.training.finetune import Workshop, finetune
from services.training.front_door import FrontDoor, open_front_door_client
from services.training.settings import TrainingSettings
from services.training.supervision.sweeper import sweep
from shared import log
from shared.records.database import Database
from shared.records.jobs import FINE_TUNING, Job
from shared.settings import read_settings
from shared.workers.job_runner import JobContext
from shared.workers.worker_process import Worker


def create_worker(settings: TrainingSettings) -> Worker:
    """Return the worker, wired but not yet connected to anything."""
    common = settings.common
    database = Database(common.jobs_url)
    client = open_front_door_client(common.api_url)
    shop = open_workshop(settings, database)

    def train(job: Job, context: JobContext) -> dict[str, object]:
        sweep(shop.work, database)
        return finetune(job, context, shop, FrontDoor(client, common.worker_key, job.project_id))

    return Worker(FINE_TUNING, train, database, common.broker_url)


def open_workshop(settings: TrainingSettings, database: Database) -> Workshop:
    """Return what every job of the worker has in common."""
    return Workshop(
        database=database,
        adapters=settings.common.adapters_dir,
        work=settings.work_folder,
        base=settings.common.base_path,
        base_name=settings.common.served_name,
        max_rank=settings.max_lora_rank,
        max_length=settings.max_length,
        checkpoint_seconds=settings.checkpoint_seconds,
        patience_seconds=settings.patience_seconds,
        probes=settings.probes,
    )


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    settings = read_settings(TrainingSettings)
    log.configure("training", settings.common.log_format, settings.common.log_level)
    sys.exit(create_worker(settings).run())


if __name__ == "__main__":
    main()

"""The training worker: connects the fine-tuning flow with Tandem's API, the jobs database and the broker, and runs it."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from services.training.calibration.calibrate import Calibrator
from services.training.finetune import WorkerConfig, finetune
from services.training.planning.hardware import find_total_gpu_memory, find_trainable, has_gpu, identify_device, list_gpus, use_gpus
from services.training.planning.parallelism import Parallelism
from services.training.settings import TrainingSettings
from services.training.supervision.announce import DeviceAnnouncer
from services.training.supervision.run_trainer import Launch
from services.training.supervision.share_gpu import GpuSharing
from services.training.supervision.sweeper import delete_ended_job_folders, delete_unused_adapters, keep_sweeping
from services.training.tracking.availability import find_problems
from services.training.tracking.track import TrackingSettings
from shared import log
from shared.contracts.fine_tuning import TrainingSpec
from shared.records.database import Database
from shared.records.job_queue import WorkerDevice
from shared.records.jobs import FINE_TUNING, Job
from shared.records.models.adapters import read_base
from shared.settings import TrainableBase, read_settings
from shared.workers.api_client import open_api_client
from shared.workers.job_context import JobContext
from shared.workers.scratch import delete_abandoned_scratch
from shared.workers.worker_process import Worker

DAY_SECONDS = 24 * 60 * 60
ANSWER_SECONDS = 120.0  # the longest wait for an answer while probing


def create_worker(settings: TrainingSettings) -> Worker:
    """Return the worker, which does not connect to anything before it runs."""
    common = settings.common
    database = Database(common.jobs_url)
    default = read_worker_config(settings, database)
    configs = {name: for_base(default, name, base) for name, base in list_bases(settings)}
    announcer = DeviceAnnouncer(database, configs, find_parallelism(settings))
    kept_seconds = settings.keep_failed_days * DAY_SECONDS
    calibrator = Calibrator(database, {name: config.base for name, config in configs.items()}, default.trainer)

    def train(job: Job, context: JobContext) -> dict[str, object]:
        delete_ended_job_folders(default.work, database, kept_seconds)
        delete_unused_adapters(default.adapters, database)
        # A job of an older version names no base model to the queue, so it may be one that this worker does not have: the flow says so.
        config = configs.get(read_base(job.spec["model"]), default)
        open_api = partial(open_api_client, common.api_url, common.worker_key, job.project_id, ANSWER_SECONDS)
        with calibrator.give_way():
            result = finetune(job, context, config, open_api)
        method = TrainingSpec.model_validate(job.spec).method
        is_estimated = method.type == "supervised" and not method.options.lora.load_in_4bit  # by the front door, from this speed
        announcer.finish_training(config.base_name, result["metrics"] if is_estimated else {})
        return result

    def run_beside_jobs(stopping: threading.Event) -> None:
        delete_abandoned_scratch()
        threading.Thread(target=keep_sweeping, args=(default.work, default.adapters, database, kept_seconds, stopping), daemon=True).start()
        threading.Thread(target=calibrator.run, args=(stopping,), daemon=True).start()
        announcer.run(stopping)

    device = find_device(settings)
    return Worker({FINE_TUNING: train}, database, common.broker_url, settings.max_jobs_per_project, run_beside_jobs, device, configs)


def list_bases(settings: TrainingSettings) -> Iterator[tuple[str, TrainableBase]]:
    """Yield the base models that this worker trains, by name: the first, and of the further ones those whose folder is on this machine.

    So all workers can have the same settings. A Hugging Face id is downloaded when a job needs it.
    """
    for name, base in settings.common.bases().items():
        if name == settings.common.served_name or base.folder.is_dir() or not base.folder.is_absolute():
            yield name, base
        else:
            log.get_logger("training").warning("a base model is not on this machine; its jobs are left to other workers", model=name)


def find_device(settings: TrainingSettings) -> WorkerDevice:
    """Return where the worker runs its jobs."""
    name = settings.device or f"{socket.gethostname()}/{identify_device()}"
    return WorkerDevice("gpu" if has_gpu() else "cpu", name, settings.max_jobs_per_device)


def for_base(config: WorkerConfig, name: str, base: TrainableBase) -> WorkerConfig:
    """Return what is the same for every job that trains a base model."""
    return replace(config, base=base.model, base_name=name, chat_template=base.chat_template)


def read_worker_config(settings: TrainingSettings, database: Database) -> WorkerConfig:
    """Return what is the same for every job that trains the worker's first base model."""
    return WorkerConfig(
        database=database,
        adapters=settings.common.adapters_dir,
        work=settings.work_folder,
        base=settings.common.base_path,
        base_name=settings.common.served_name,
        max_rank=settings.max_lora_rank,
        max_length=settings.max_length,
        checkpoint_seconds=settings.checkpoint_seconds,
        retry_seconds=settings.patience_seconds,
        num_probes=settings.probes,
        keep_failed_days=settings.keep_failed_days,
        result_format=settings.result_format,
        chat_template=settings.common.chat_template,
        trainer=Launch(parallelism=find_parallelism(settings)),
        gpu_sharing=find_sharing(settings),
        tracking=TrackingSettings(settings.work_folder, settings.common.trackers),
    )


def find_sharing(settings: TrainingSettings) -> GpuSharing | None:
    """Return how the worker shares its GPU; None if it does not, or has none."""
    if settings.gpu_sharing == "off" or not has_gpu():
        return None
    engine_url = settings.engine_url if settings.gpu_sharing == "sleep" else None
    return GpuSharing(lambda gpus: find_trainable(gpus).free_bytes, find_total_gpu_memory, engine_url)


def find_parallelism(settings: TrainingSettings) -> Parallelism:
    """Return by how many processes the worker can train a job together, and how. A GPU cannot be used by two of them."""
    gpus = len(list_gpus()) if has_gpu() else 1
    processes = settings.processes or gpus
    return Parallelism(min(processes, gpus) if has_gpu() else processes, settings.parallelism == "fsdp")


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    settings = read_settings(TrainingSettings)
    if problems := list(find_problems(settings.common.trackers, os.environ)):
        sys.exit("\n".join(problems))
    if settings.gpu:
        use_gpus(settings.gpu)
    if has_gpu() and (settings.processes or 1) > len(list_gpus()):
        sys.exit(f"TRAINING_PROCESSES is {settings.processes}, but the worker has {len(list_gpus())} GPUs. Name more in TRAINING_GPU.")
    log.configure("training", settings.common.log_format, settings.common.log_level)
    sys.exit(create_worker(settings).run())


if __name__ == "__main__":
    main()

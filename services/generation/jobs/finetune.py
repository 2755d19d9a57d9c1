"""Starts a fine-tuning job (the first half of flow 3): check the model, check every line of the files, store, ring.

What happens to the job afterwards is training's.
"""

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from services.generation.jobs.store import Jobs, estimate_finish
from services.generation.serving.models import Models
from shared.contracts.files import FileObject
from shared.contracts.fine_tuning import FineTuningJob, FineTuningJobCreate, FineTuningJobEvent, JobError, Method, TrainingSpec
from shared.datasets import read_examples
from shared.errors import InvalidRequest
from shared.records.jobs import FINE_TUNING, Job, JobEvent

PURPOSE = "fine-tune"
SEEDS = 2**31


class Files(Protocol):
    """The caller's files."""

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description, or raise InvalidRequest."""

    def lines(self, file_id: str, param: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file's content as lines."""


def finetune(wanted: FineTuningJobCreate, project_id: str, models: Models, max_rank: int, files: Files, jobs: Jobs) -> Job:
    """Check what is wanted, and start the job.

    Raises:
        NotFound: the model does not exist.
        InvalidRequest: it cannot be fine-tuned, or a file or an option is wrong.
        InvalidDataset: a line of a file is wrong.
    """
    method = _settle_method(wanted)
    _check_model(wanted.model, project_id, models)
    _check_rank(method, max_rank)
    _check_file(wanted.training_file, "training_file", files)
    if wanted.validation_file:
        _check_file(wanted.validation_file, "validation_file", files, minimum=1)
    spec = TrainingSpec(
        model=wanted.model,
        training_file=wanted.training_file,
        validation_file=wanted.validation_file,
        suffix=wanted.suffix,
        seed=secrets.randbelow(SEEDS) if wanted.seed is None else wanted.seed,
        method=method,
        metadata=wanted.metadata,
    )
    return jobs.submit(FINE_TUNING, project_id, spec.model_dump(), "The fine-tuning job was created; its files are valid.")


def _settle_method(wanted: FineTuningJobCreate) -> Method:
    """Return the method; OpenAI's older top-level `hyperparameters` count where `method` is not given."""
    if wanted.method is not None:
        return wanted.method
    method = Method()
    supervised = method.supervised.model_copy(update={"hyperparameters": wanted.hyperparameters or method.supervised.hyperparameters})
    return method.model_copy(update={"supervised": supervised})


def _check_model(name: str, project_id: str, models: Models) -> None:
    if (base := models.find(project_id, name).parent) is not None:
        problem = f"'{name}' is fine-tuned already; fine-tuning it further is not supported. Use its base model '{base}'."
        raise InvalidRequest(problem, param="model", code="model_not_supported")
    if name != models.trained:
        problem = f"'{name}' is served but not fine-tuned here; the training workers have '{models.trained}' (TANDEM_BASE_MODEL)."
        raise InvalidRequest(problem, param="model", code="model_not_supported")


def _check_rank(method: Method, max_rank: int) -> None:
    rank = method.supervised.lora.rank
    if rank > max_rank:
        problem = f"The rank {rank} is above {max_rank}, the highest the engine serves (GENERATION_MAX_LORA_RANK)."
        raise InvalidRequest(problem, param="method.supervised.lora.rank")


def _check_file(file_id: str, param: str, files: Files, **options: int) -> None:
    purpose = files.find_file(file_id, param).purpose
    if purpose != PURPOSE:
        raise InvalidRequest(f"The file '{file_id}' has the purpose '{purpose}'; '{PURPOSE}' is needed.", param=param)
    with files.lines(file_id, param) as lines:
        for _ in read_examples(lines, param=param, **options):
            pass


def describe(job: Job) -> FineTuningJob:
    """Return the job as OpenAI shows it."""
    spec = TrainingSpec.model_validate(job.spec)
    result = job.result or {}
    return FineTuningJob(
        id=job.id,
        created_at=job.created_at,
        finished_at=job.finished_at,
        model=spec.model,
        fine_tuned_model=result.get("fine_tuned_model"),
        organization_id=job.project_id,
        status=job.status,
        training_file=spec.training_file,
        validation_file=spec.validation_file,
        hyperparameters=spec.method.supervised.hyperparameters,
        method=spec.method,
        seed=spec.seed,
        trained_tokens=result.get("trained_tokens"),
        error=JobError(**job.error) if job.error else None,
        estimated_finish=estimate_finish(job),
        metadata=spec.metadata,
        stage=job.stage,
        percent=job.percent,
        probe=result.get("probe"),
        metrics=result.get("metrics"),
    )


def describe_event(event: JobEvent) -> FineTuningJobEvent:
    """Return a job's event as OpenAI shows it."""
    return FineTuningJobEvent.model_validate(event, from_attributes=True)

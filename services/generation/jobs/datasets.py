"""Starts a dataset: check the vector stores and the generator, store the job. The evaluation service makes it."""

from typing import Protocol

from services.generation.jobs.store import JobStore
from services.generation.serving.models import Models
from shared.contracts.datasets import Dataset, DatasetCreate, DatasetEvent, DatasetResult, DatasetSpec, Generator
from shared.contracts.fine_tuning import JobError
from shared.errors import NotFound
from shared.records.jobs import DATASET, Job, JobEvent


class Stores(Protocol):
    """The caller's vector stores."""

    def check_store(self, store_id: str, param: str) -> None:
        """Raise NotFound unless the vector store exists."""


def make_dataset(request: DatasetCreate, project_id: str, models: Models, stores: Stores, jobs: JobStore) -> Job:
    """Check the request and submit the dataset. Whether the generator's `url` is allowed is a setting of the worker, which checks it.

    Raises:
        NotFound: if a vector store or the generator's model does not exist.
    """
    generator = request.generator or Generator(model=models.trainable)
    if generator.url is None:
        _check_model(generator.model, project_id, models)
    for position, store_id in enumerate(request.vector_store_ids):
        stores.check_store(store_id, f"vector_store_ids[{position}]")
    spec = DatasetSpec(**{**request.model_dump(), "generator": generator})
    return jobs.submit(DATASET, project_id, spec.model_dump(), f"The dataset was created; '{generator.model}' writes its examples.")


def _check_model(name: str, project_id: str, models: Models) -> None:
    try:
        models.find(project_id, name)
    except NotFound as error:
        raise NotFound(error.message, param="generator.model", code=error.code) from error


def describe(job: Job) -> Dataset:
    """Return the dataset as the API shows it."""
    spec = DatasetSpec.model_validate(job.spec)
    return Dataset(
        **spec.model_dump(include=set(Dataset.model_fields) & set(DatasetSpec.model_fields)),
        id=job.id,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        status=job.status,
        stage=job.stage,
        percent=job.percent,
        result=DatasetResult.model_validate(job.result) if job.result else None,
        error=JobError(**job.error) if job.error else None,
    )


def describe_event(event: JobEvent) -> DatasetEvent:
    """Return a dataset's event as the API shows it."""
    return DatasetEvent.model_validate(event, from_attributes=True)

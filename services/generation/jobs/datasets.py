"""Starts a dataset: check its source and what that needs, store the job. The evaluation service makes it."""

import time
from collections.abc import Iterable
from typing import Protocol

from services.generation.jobs.store import JobStore
from services.generation.serving.models import Models
from shared.contracts.datasets import (
    ANSWERS_SPLIT,
    AnswersSpec,
    Dataset,
    DatasetCreate,
    DatasetEvent,
    DatasetResult,
    DatasetSpec,
    Generator,
    Split,
    StoredAnswers,
)
from shared.contracts.fine_tuning import JobError
from shared.errors import InvalidRequest, NotFound
from shared.records.jobs import DATASET, Job, JobEvent

OF_DOCUMENTS = ("vector_store_ids", "generator", "examples", "questions_per_passage", "kinds", "raft")
ANSWERS = ("responses", "chat_completions")  # each is a source, and the field that chooses from it
MISSING = "missing_required_parameter"


class Stores(Protocol):
    """The caller's vector stores."""

    def check_store(self, store_id: str, param: str) -> None:
        """Raise NotFound unless the vector store exists."""


def make_dataset(request: DatasetCreate, project_id: str, models: Models, stores: Stores, jobs: JobStore) -> Job:
    """Check the request and submit the dataset.

    Raises:
        InvalidRequest: if a field is missing, or belongs to another source.
        NotFound: if a vector store or the generator's model does not exist.
    """
    if request.source in ANSWERS:
        return _use_answers(request, project_id, jobs)
    return _use_documents(request, project_id, models, stores, jobs)


def _use_documents(request: DatasetCreate, project_id: str, models: Models, stores: Stores, jobs: JobStore) -> Job:
    """Submit a dataset from documents. Whether the generator's `url` is allowed is a setting of the worker, which checks it."""
    _refuse(request, ANSWERS)
    if not request.vector_store_ids:
        problem = "'vector_store_ids' is required unless you send 'source': 'responses' or 'chat_completions'."
        raise InvalidRequest(problem, param="vector_store_ids", code=MISSING)
    generator = request.generator or Generator(model=models.default)
    if generator.url is None:
        _check_model(generator.model, project_id, models)
    for position, store_id in enumerate(request.vector_store_ids):
        stores.check_store(store_id, f"vector_store_ids[{position}]")
    spec = DatasetSpec(**{**request.model_dump(), "generator": generator})
    return jobs.submit(DATASET, project_id, spec.model_dump(), f"The dataset was created; '{generator.model}' writes its examples.")


def _use_answers(request: DatasetCreate, project_id: str, jobs: JobStore) -> Job:
    """Submit a dataset from stored answers. Those that are stored from now on do not belong to it."""
    _refuse(request, (*OF_DOCUMENTS, *(name for name in ANSWERS if name != request.source)))
    spec = AnswersSpec.model_validate(
        {
            "name": request.name,
            "source": request.source,
            request.source: _limit_to_now(getattr(request, request.source) or StoredAnswers(), request.source),
            "instructions": request.instructions,
            "split": _choose_split(request),
            "seed": request.seed,
            "metadata": request.metadata,
        }
    )
    return jobs.submit(DATASET, project_id, spec.model_dump(), f"The dataset was created; its examples are made from {spec.noun}s.")


def _choose_split(request: DatasetCreate) -> Split:
    split = request.split if "split" in request.model_fields_set else ANSWERS_SPLIT
    if split.questions or not split.train:
        problem = f"With 'source': '{request.source}', 'split.questions' must be 0 and 'split.train' must be greater than 0."
        raise InvalidRequest(
            f"{problem} Leave out 'split' to train on {ANSWERS_SPLIT.train:.0%} of the examples.", param="split", code="invalid_value"
        )
    return split


def _limit_to_now(chosen: StoredAnswers, field: str) -> StoredAnswers:
    """Return what is chosen without the answers to come."""
    now, param = int(time.time()), f"{field}.created_after"
    first, last = chosen.created_after, chosen.created_before
    if first is not None and first > now:
        problem = f"'{param}' must not be in the future; got {first}, but the time is {now}."
        raise InvalidRequest(problem, param=param, code="invalid_value")
    if first is not None and last is not None and first > last:
        problem = f"'{param}' must not be later than '{field}.created_before'; got {first} and {last}."
        raise InvalidRequest(problem, param=param, code="invalid_value")
    return chosen.model_copy(update={"created_before": now if last is None else min(now, last)})


def _refuse(request: DatasetCreate, fields: Iterable[str]) -> None:
    """Raise InvalidRequest if the request has a field of another source."""
    for name in fields:
        if name in request.model_fields_set and getattr(request, name) is not None:
            other = name if name in ANSWERS else "documents"
            problem = f"'{name}' must not be sent if 'source' is '{request.source}'. Delete it, or set 'source' to '{other}'."
            raise InvalidRequest(problem, param=name, code="invalid_value")


def _check_model(name: str, project_id: str, models: Models) -> None:
    try:
        models.find(project_id, name)
    except NotFound as error:
        raise NotFound(error.message, param="generator.model", code=error.code) from error


def describe(job: Job) -> Dataset:
    """Return the dataset as the API shows it."""
    from_answers = job.spec.get("source") in ANSWERS
    spec: DatasetSpec | AnswersSpec = (AnswersSpec if from_answers else DatasetSpec).model_validate(job.spec)
    return Dataset(
        **spec.model_dump(include=set(Dataset.model_fields)),
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

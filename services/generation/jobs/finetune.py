"""Starts a fine-tuning job (the first half of flow 3): check the model, check every line of the files, store the job.

The training service runs it.
"""

import math
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.generation.contracts.fine_tuning import FineTuningJob, FineTuningJobCreate, FineTuningJobEvent
from services.generation.jobs.queue import QueuePlace, name_device, name_priority, warn_about_workers
from services.generation.jobs.store import JobStore
from services.generation.jobs.training_limits import (
    TrainingLimits,
    check_integrations,
    check_limits,
    check_tools,
    choose_device,
    keep_shape,
)
from services.generation.serving.models import Models, join_names, model_not_found
from shared.contracts.files import FileObject
from shared.contracts.fine_tuning import (
    Hyperparameters,
    JobError,
    Method,
    TrainingSpec,
    check_early_stopping,
    check_packing,
    check_warmup,
    name_dataset_error,
)
from shared.datasets import MIN_EXAMPLES
from shared.datasets.checks.file_check import FileCheck, require_valid
from shared.datasets.checks.warn import Note, list_notes
from shared.errors import InvalidDataset, InvalidRequest
from shared.log import request_id
from shared.records.jobs import FINE_TUNING, Job, JobEvent, add_event, submit
from shared.records.models.adapters import Adapter, make_safe

PURPOSE = "fine-tune"
NUM_SEEDS = 2**31


class Files(Protocol):
    """The caller's files."""

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description. Raises InvalidRequest if there is no such file."""

    def lines(self, file_id: str, param: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file's content as lines."""


def finetune(
    request: FineTuningJobCreate,
    project_id: str,
    models: Models,
    limits: TrainingLimits,
    files: Files,
    jobs: JobStore,
    retry_of: str | None = None,
) -> Job:
    """Check the request and submit the job. `retry_of` is the id of the job that it repeats.

    Raises:
        NotFound: if the model does not exist.
        InvalidRequest: if the model cannot be fine-tuned, a file or an option cannot be used, or a line of a file is invalid.
    """
    requested = _method(request)
    check_integrations(request.integrations or [], limits)
    start = find_start(request.model, project_id, models)
    base = start.base if start else request.model
    method = keep_shape(requested, start) if start else requested
    check_limits(method, base, limits)
    check_early_stopping(method.options.hyperparameters, request.validation_file)
    check_packing(method.options.hyperparameters)
    device = choose_device(method, request.device, [each for each, _ in jobs.list_devices(base)])
    notes = _check_files(request, method, files, base, limits)
    spec = TrainingSpec(
        model=request.model,
        training_file=request.training_file,
        validation_file=request.validation_file,
        suffix=make_safe(request.suffix) if request.suffix else None,
        user_provided_suffix=request.suffix,
        seed=secrets.randbelow(NUM_SEEDS) if request.seed is None else request.seed,
        method=method,
        metadata=request.metadata,
        requested_method=requested,
        retry_of=retry_of,
        integrations=request.integrations or [],
    )
    place = QueuePlace(base, request.priority, device)
    return jobs.submit_from(lambda session: _store(spec, project_id, start, place, session, notes))


def _store(spec: TrainingSpec, project_id: str, start: Adapter | None, place: QueuePlace, session: Session, notes: Sequence[Note]) -> Job:
    """Store the job with its first events, in OpenAI's words, and the notes on its files, which were checked already."""
    if start:
        _lock(start, session)
    job = submit(session, FINE_TUNING, project_id, spec.model_dump(), request_id(), **place.columns())
    validation = f" and validation file: {spec.validation_file}" if spec.validation_file else ""
    for note in (
        Note("info", f"Created fine-tuning job: {job.id}"),
        *([Note("info", f"Retry of fine-tuning job: {spec.retry_of}")] if spec.retry_of else []),
        Note("info", f"Validating training file: {spec.training_file}{validation}"),
        *notes,
        Note("info", "Files validated, moving job to queued state"),
        *warn_about_workers(session, place),
    ):
        add_event(session, job.id, note.message, level=note.level)
    return job


def _lock(start: Adapter, session: Session) -> None:
    """Keep the adapter from being deleted until the job that continues from it is stored. Raises NotFound if it was deleted.

    The files may have been read for minutes since it was looked up. The lock is an update that changes nothing, as for jobs.
    """
    own = update(Adapter).where(Adapter.name == start.name, Adapter.deleted_at.is_(None))
    locked: Any = session.execute(own.values(deleted_at=None).execution_options(synchronize_session=False))
    if not locked.rowcount:
        raise model_not_found(start.name)


def _method(request: FineTuningJobCreate) -> Method:
    """Return `method` with OpenAI's older top-level `hyperparameters`, if those were sent."""
    method, own = request.method or Method(), "method.supervised.hyperparameters"
    if request.hyperparameters is None:
        return method
    if method.type != "supervised":
        problem = f"'hyperparameters' is for the method 'supervised'; use 'method.{method.type}.hyperparameters' instead."
        raise InvalidRequest(problem, param="hyperparameters")
    has_own = "hyperparameters" in method.options.model_fields_set
    if has_own and method.options.hyperparameters != request.hyperparameters:
        raise InvalidRequest(f"'hyperparameters' and '{own}' are different. Send one of them.", param="hyperparameters")
    return method.with_options(hyperparameters=request.hyperparameters)


def find_start(name: str, project_id: str, models: Models) -> Adapter | None:
    """Return the adapter whose training is continued, or None if `name` is the base model.

    Raises:
        NotFound: if the model does not exist.
        InvalidRequest: if it cannot be fine-tuned.
    """
    start = None if name in models.base_models else models.find_continuable(project_id, name)
    if (start.base if start else name) not in models.trainable:
        here = join_names(models.trainable)
        problem = f"'{name}' cannot be fine-tuned here. Use one of these base models: {here} (TANDEM_BASE_MODELS)."
        raise InvalidRequest(problem, param="model", code="model_not_supported")
    return start


def _check_files(request: FineTuningJobCreate, method: Method, files: Files, base: str, limits: TrainingLimits) -> list[Note]:
    """Check every line of the files; return what the job's owner should know about them."""
    about = _find_file(request.training_file, "training_file", files)
    training = _check_file(about, "training_file", files, MIN_EXAMPLES, method.type)
    _check_warmup(method.options.hyperparameters, training.examples)
    check_tools(training, "training_file", base, limits)
    notes = [*list_notes(training, "training file"), *_warn_about_expiry(about, "training file")]
    if request.validation_file:
        about = _find_file(request.validation_file, "validation_file", files)
        validation = _check_file(about, "validation_file", files, 1, method.type, training)
        check_tools(validation, "validation_file", base, limits)
        notes += [*list_notes(validation, "validation file"), *_warn_about_expiry(about, "validation file")]
    return notes


def _find_file(file_id: str, param: str, files: Files) -> FileObject:
    about = files.find_file(file_id, param)
    if about.purpose != PURPOSE:
        problem = f"The file '{file_id}' must have the purpose '{PURPOSE}'; it has '{about.purpose}'."
        raise InvalidRequest(problem, param=param, code=f"invalid_{param}")
    return about


def _check_file(about: FileObject, param: str, files: Files, minimum: int, method: str, training: FileCheck | None = None) -> FileCheck:
    try:
        with files.lines(about.id, param) as lines:
            return require_valid(lines, param=param, minimum=minimum, training=training, method=method)
    except InvalidDataset as error:
        raise InvalidRequest(error.message, param=param, code=name_dataset_error(error)) from error


def _check_warmup(requested: Hyperparameters, num_examples: int) -> None:
    """Check the warm-up if the number of steps is known. The worker, who chooses what is `auto`, checks the others."""
    if requested.n_epochs != "auto" and requested.batch_size != "auto":
        check_warmup(requested, requested.n_epochs * math.ceil(num_examples / requested.batch_size))


def _warn_about_expiry(about: FileObject, name: str) -> Iterator[Note]:
    if about.expires_at is not None:
        expires = datetime.fromtimestamp(about.expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        yield Note("warn", f"The {name} '{about.id}' expires at {expires}. The job fails if it has not started by then.")


def describe(job: Job) -> FineTuningJob:
    """Return the job as the API shows it."""
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
        hyperparameters=spec.method.options.hyperparameters,
        method=spec.method,
        seed=spec.seed,
        trained_tokens=result.get("trained_tokens"),
        result_files=result.get("result_files", []),
        error=JobError(**job.error) if job.error else None,
        estimated_finish=estimate_finish(job),
        integrations=spec.integrations,
        metadata=spec.metadata,
        user_provided_suffix=spec.user_provided_suffix or spec.suffix,
        stage=job.stage,
        percent=job.percent,
        probe=result.get("probe"),
        metrics=result.get("metrics"),
        effect=result.get("effect"),
        retry_of=spec.retry_of,
        priority=name_priority(job.priority),
        device=name_device(job.device),
    )


def describe_event(event: JobEvent) -> FineTuningJobEvent:
    """Return a job's event as the API shows it."""
    return FineTuningJobEvent.model_validate(event, from_attributes=True)


def estimate_finish(job: Job) -> int | None:
    """Return when a running job will finish at its speed so far, in seconds since 1970; None if it has made no progress yet."""
    if job.status != "running" or not job.started_at or job.percent <= 0:
        return None
    now = time.time()
    return int(now + (now - job.started_at) * (100 - job.percent) / job.percent)

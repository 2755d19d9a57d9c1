"""Starts a fine-tuning job (the first half of flow 3): check the model, check every line of the files, store the job.

The training service runs it.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from services.generation.contracts.fine_tuning import FineTuningJob, FineTuningJobCreate, FineTuningJobEvent
from services.generation.jobs.files.check_files import Files, check_files, find_files
from services.generation.jobs.files.check_queue import FILES_VALID
from services.generation.jobs.queue import QueuePlace, name_device, name_priority, warn_about_workers
from services.generation.jobs.store import JobStore
from services.generation.jobs.training_limits import (
    TrainingLimits,
    check_can_fit,
    check_integrations,
    check_limits,
    choose_device,
    keep_shape,
)
from services.generation.serving.models import Models, join_names, model_not_found
from shared.contracts.fine_tuning import (
    JobError,
    Method,
    TrainingSpec,
    check_early_stopping,
    check_packing,
)
from shared.datasets.checks.warn import Note
from shared.errors import InvalidRequest
from shared.log import request_id
from shared.records.jobs import FINE_TUNING, VALIDATING, Job, JobEvent, add_event, submit
from shared.records.models.adapters import Adapter, make_safe

NUM_SEEDS = 2**31
MAX_IMMEDIATE_BYTES = 5 * 1024 * 1024  # of files that are checked before the response; about 5 s


def finetune(
    request: FineTuningJobCreate,
    project_id: str,
    models: Models,
    limits: TrainingLimits,
    files: Files,
    jobs: JobStore,
    retry_of: str | None = None,
    confirm: Callable[[], None] = lambda: None,
) -> Job:
    """Check the request and submit the job. `retry_of` is the id of the job that it repeats.

    If the files are large, the job is stored as `validating_files`, and they are checked later. `confirm` is called just before the job is
    stored; if it raises an error, nothing is stored.

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
    check_can_fit(method, device, base, limits, continues=start is not None)
    sources = find_files(request.training_file, request.validation_file, files)
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
    is_large = sum(source.about.bytes for source in sources) > MAX_IMMEDIATE_BYTES
    notes = None if is_large else check_files(sources, spec, base, files, limits, device)

    def store(session: Session) -> Job:
        job = _store(spec, project_id, start, place, session, notes)
        confirm()
        return job

    return jobs.submit_from(store)


def _store(
    spec: TrainingSpec, project_id: str, start: Adapter | None, place: QueuePlace, session: Session, notes: Sequence[Note] | None
) -> Job:
    """Store the job with its first events, in OpenAI's words. `notes` are those on its files; None if they are still to be checked."""
    if start:
        _lock(start, session)
    status = "queued" if notes is not None else VALIDATING
    columns = {**place.columns(), "status": status, "stage": status}
    job = submit(session, FINE_TUNING, project_id, spec.model_dump(), request_id(), **columns)
    validation = f" and validation file: {spec.validation_file}" if spec.validation_file else ""
    for note in (
        Note("info", f"Created fine-tuning job: {job.id}"),
        *([Note("info", f"Retry of fine-tuning job: {spec.retry_of}")] if spec.retry_of else []),
        Note("info", f"Validating training file: {spec.training_file}{validation}"),
        *([*notes, FILES_VALID, *warn_about_workers(session, place)] if notes is not None else []),
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


def describe(job: Job, seconds_left: float | None = None) -> FineTuningJob:
    """Return the job as the API shows it. `seconds_left` is how long it still trains, if it does."""
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
        estimated_finish=estimate_finish(job, seconds_left),
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


def estimate_finish(job: Job, seconds_left: float | None) -> int | None:
    """Return when a running job will finish, in seconds since 1970; None if it is not known yet. How long it has waited does not matter."""
    return None if job.status != "running" or seconds_left is None else int(time.time() + seconds_left)

"""Makes a new request of a fine-tuning job that has ended: the same inputs, with the caller's changes. `finetune` checks and submits it."""

from services.generation.contracts.fine_tuning import FineTuningJobCreate, FineTuningJobRetry
from services.generation.jobs.files.check_files import Files
from services.generation.jobs.queue import name_device, name_priority
from services.generation.serving.models import Models
from shared.contracts.fine_tuning import TrainingSpec
from shared.errors import Conflict, InvalidRequest, NotFound
from shared.records.jobs import UNFINISHED, Job
from shared.records.unfinished import advise_unfinished


def retry(job: Job, changes: FineTuningJobRetry, models: Models, files: Files) -> FineTuningJobCreate:
    """Return the request that repeats a job. What is `auto` in its request is `auto` again.

    Raises:
        Conflict: if the job has not ended.
        NotFound: if the model of the job no longer exists.
        InvalidRequest: if a file of the job no longer exists.
    """
    if job.status in UNFINISHED:
        problem = f"The fine-tuning job '{job.id}' cannot be retried, because it has not ended; its status is '{job.status}'."
        raise Conflict(f"{problem} {advise_unfinished(job.status)}")
    spec = TrainingSpec.model_validate(job.spec)
    _check_model(job, spec.model, models)
    _check_file(job.id, spec.training_file, "training_file", files)
    if spec.validation_file:
        _check_file(job.id, spec.validation_file, "validation_file", files)
    request = FineTuningJobCreate(
        model=spec.model,
        training_file=spec.training_file,
        validation_file=spec.validation_file,
        suffix=spec.user_provided_suffix or spec.suffix,
        seed=spec.seed,
        method=spec.requested_method or spec.method,
        metadata=spec.metadata,
        integrations=spec.integrations,
        priority=name_priority(job.priority),
        device=name_device(job.device),
    )
    return request.model_copy(update={name: value for name, value in changes if value is not None})


def _check_model(job: Job, name: str, models: Models) -> None:
    """Name the job in the error, as for a file."""
    try:
        models.find(job.project_id, name)
    except NotFound as error:
        problem = f"The fine-tuning job '{job.id}' cannot be retried. {error.message}"
        raise NotFound(problem, param="model", code=error.code) from error


def _check_file(job_id: str, file_id: str, param: str, files: Files) -> None:
    """Name the job in the error: the caller, who sent its id alone, would look for the file's id in vain."""
    try:
        files.find_file(file_id, param)
    except InvalidRequest as error:
        problem = f"The file '{file_id}' ('{param}' of '{job_id}') no longer exists. Upload it again, and create a job with the new file."
        raise InvalidRequest(problem, param=param, code=error.code) from error

"""Finds the file with the examples that the fine-tuned model was trained on. The arm `prompted` shows some of them to the base model, and
questions that are in it are left out."""

from dataclasses import dataclass

from services.generation.contracts.models import Model
from services.generation.evaluations.project import Project
from shared.contracts.comparisons import ComparisonCreate
from shared.contracts.fine_tuning import TrainingSpec
from shared.datasets import read_examples
from shared.errors import InvalidRequest, NotFound
from shared.records.jobs import FINE_TUNING

PARAM = "training_file"
NAME_A_FILE = "Name the file in 'training_file'."


@dataclass(frozen=True)
class TrainingFile:
    """The training file's id; if it is None, `missing` says what an arm with examples needs. `warning` is for a model without its file."""

    file_id: str | None
    missing: str = ""
    warning: str | None = None


def find_training_file(request: ComparisonCreate, model: Model | None, project: Project) -> TrainingFile:
    """Return the training file of the request, which is checked, or else that of the fine-tuned model's job.

    Raises:
        InvalidRequest: if the request names a file that does not exist.
        InvalidDataset: if a line of that file is invalid.
    """
    if request.training_file is not None:
        _check_training_file(request.training_file, project)
        return TrainingFile(request.training_file)
    if model is None or model.parent is None:
        return TrainingFile(None, f"examples. {NAME_A_FILE}")
    return _find_file_of_job(model, project)


def keep_training_file(file_id: str | None, project: Project) -> TrainingFile:
    """Return the training file of a comparison that is extended, which may have been deleted."""
    if file_id is None:
        return TrainingFile(None)  # no arm needed it
    try:
        project.inputs.find_file(file_id, PARAM)
        return TrainingFile(file_id)
    except InvalidRequest:
        return _warn(f"the training file '{file_id}' was deleted", "Create a comparison without 'extends', with another 'training_file'.")


def _check_training_file(file_id: str, project: Project) -> None:
    project.inputs.find_file(file_id, PARAM)
    with project.inputs.lines(file_id, PARAM) as lines:
        for _ in read_examples(lines, param=PARAM, minimum=1):
            pass


def _find_file_of_job(model: Model, project: Project) -> TrainingFile:
    try:
        job = project.jobs.find(FINE_TUNING, project.id, model.job or "")
        file_id = TrainingSpec.model_validate(job.spec).training_file
        project.inputs.find_file(file_id, PARAM)
        return TrainingFile(file_id)
    except NotFound:
        return _warn(f"the training file of '{model.id}' is unknown", NAME_A_FILE)
    except InvalidRequest:
        return _warn(f"the training file '{file_id}' of '{model.id}' was deleted", NAME_A_FILE)


def _warn(problem: str, remedy: str) -> TrainingFile:
    warning = f"T{problem[1:]}. Questions that the model was trained on are not left out. {remedy}"
    return TrainingFile(None, f"examples, but {problem}. {remedy}", warning)

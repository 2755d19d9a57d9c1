"""Starts a comparison (the first half of flow 4): choose the arms, check the vector stores and questions, store the job.

The evaluation service asks and grades the questions.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from services.generation.contracts.models import Model
from services.generation.jobs.store import JobStore
from services.generation.serving.models import Models
from shared.contracts.comparisons import ARMS, ArmName, Comparison, ComparisonCreate, ComparisonResult, ComparisonSpec
from shared.contracts.files import FileObject
from shared.contracts.fine_tuning import JobError
from shared.datasets import read_questions
from shared.errors import InvalidRequest
from shared.records.jobs import COMPARISON, Job

ARMS_WITH_DOCUMENTS = ("rag", "both")
ARMS_WITH_ADAPTER = ("fine_tuned", "both")
REPORTS = ("report_json", "report_html")


class Inputs(Protocol):
    """The caller's files and vector stores."""

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description. Raises InvalidRequest if there is no such file."""

    def lines(self, file_id: str, param: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file's content as lines."""

    def check_store(self, store_id: str) -> None:
        """Raise NotFound unless the vector store exists."""

    def find_named(self, purpose: str, filenames: Collection[str]) -> list[str]:
        """Return the ids of the files that have this purpose and one of the names."""

    def delete_file(self, file_id: str) -> None:
        """Delete a file, unless it is deleted already."""


def compare(request: ComparisonCreate, project_id: str, models: Models, inputs: Inputs, jobs: JobStore) -> Job:
    """Check the request and submit the comparison.

    Raises:
        NotFound: if the model or a vector store does not exist.
        InvalidRequest: if an arm lacks what it needs, or the questions file does not exist.
        InvalidDataset: if a line of the questions file is invalid.
    """
    model = models.find(project_id, request.model)
    arms = choose_arms(request, model)
    for store_id in request.vector_store_ids:
        inputs.check_store(store_id)
    _check_questions(request.questions_file, inputs)
    spec = ComparisonSpec(**{**request.model_dump(), "arms": arms}, base_model=model.parent or model.id)
    return jobs.submit(COMPARISON, project_id, spec.model_dump(), f"The comparison was created, with the arms {', '.join(arms)}.")


def choose_arms(request: ComparisonCreate, model: Model) -> list[ArmName]:
    """Return the arms to compare in their usual order: those of the request, or all that the model and the vector stores allow.

    Raises:
        InvalidRequest: if an arm lacks its vector stores or its adapter, or if there are fewer than two arms.
    """
    missing = _missing_inputs(request, model)
    for arm in request.arms or ():
        if arm in missing:
            raise InvalidRequest(f"The arm '{arm}' needs {missing[arm]}.", param="arms")
    arms = [arm for arm in ARMS if (arm in request.arms if request.arms else arm not in missing)]
    if len(arms) < 2:
        others = "".join(f" '{arm}' needs {need}." for arm, need in missing.items())
        raise InvalidRequest(f"A comparison needs at least two arms; this one has only '{arms[0]}'.{others}", param="arms")
    return arms


def _missing_inputs(request: ComparisonCreate, model: Model) -> dict[ArmName, str]:
    """Return what each arm needs that the request does not have."""
    missing: dict[ArmName, str] = {}
    for arm in ARMS:
        if arm in ARMS_WITH_DOCUMENTS and not request.vector_store_ids:
            missing[arm] = "documents: list vector stores in 'vector_store_ids'"
        elif arm in ARMS_WITH_ADAPTER and model.parent is None:
            missing[arm] = f"a fine-tuned model, but '{model.id}' is a base model"
    return missing


def _check_questions(file_id: str, inputs: Inputs) -> None:
    inputs.find_file(file_id, "questions_file")
    with inputs.lines(file_id, "questions_file") as lines:
        for _ in read_questions(lines):
            pass


def delete_comparison(comparison_id: str, project_id: str, inputs: Inputs, jobs: JobStore) -> None:
    """Delete a comparison with its answers and the files of its report. A running comparison stops.

    Raises:
        NotFound: if the project has no such comparison.
    """
    job = jobs.find(COMPARISON, project_id, comparison_id)
    # Also by name: if a worker stopped between its upload and the end of the job, no result has the ids of its files.
    named = inputs.find_named("evals", [f"{job.id}.json", f"{job.id}.html"])
    reported = [job.result[report] for report in REPORTS if job.result and report in job.result]
    for file_id in dict.fromkeys([*reported, *named]):
        inputs.delete_file(file_id)
    jobs.delete(COMPARISON, project_id, comparison_id)


def describe(job: Job) -> Comparison:
    """Return the comparison as the API shows it."""
    spec = ComparisonSpec.model_validate(job.spec)
    shared_fields = spec.model_dump(include=set(Comparison.model_fields) & set(ComparisonSpec.model_fields))
    return Comparison(
        **shared_fields,
        id=job.id,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        status=job.status,
        stage=job.stage,
        percent=job.percent,
        result=ComparisonResult.model_validate(job.result) if job.result else None,
        error=JobError(**job.error) if job.error else None,
    )

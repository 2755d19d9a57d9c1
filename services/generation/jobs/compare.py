"""Starts a comparison (the first half of flow 4): settle the arms, check the questions and stores, store, ring.

What is asked and how it is judged is evaluation's.
"""

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from services.generation.jobs.store import Jobs
from services.generation.serving.models import Models
from shared.contracts.comparisons import ARMS, ArmName, Comparison, ComparisonCreate, ComparisonResult, ComparisonSpec
from shared.contracts.files import FileObject
from shared.contracts.fine_tuning import JobError
from shared.contracts.models import Model
from shared.datasets import read_questions
from shared.errors import InvalidRequest
from shared.records.jobs import COMPARISON, Job

WITH_DOCUMENTS = ("rag", "both")
WITH_ADAPTER = ("fine_tuned", "both")


class Inputs(Protocol):
    """The caller's files and stores."""

    def find_file(self, file_id: str, param: str) -> FileObject:
        """Return a file's description, or raise InvalidRequest."""

    def lines(self, file_id: str, param: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a file's content as lines."""

    def check_store(self, store_id: str) -> None:
        """Raise NotFound unless the store exists."""

    def find_named(self, purpose: str, filenames: Collection[str]) -> list[str]:
        """Return the ids of the files of a purpose that have one of the names."""

    def delete_file(self, file_id: str) -> None:
        """Delete a file, which may be gone already."""


def compare(wanted: ComparisonCreate, project_id: str, models: Models, inputs: Inputs, jobs: Jobs) -> Job:
    """Check what is wanted, and start the comparison.

    Raises:
        NotFound: the model or a store does not exist.
        InvalidRequest: an arm lacks what it needs, or the file is not there.
        InvalidDataset: a line of the questions file is wrong.
    """
    model = models.find(project_id, wanted.model)
    arms = settle_arms(wanted, model)
    for store_id in wanted.vector_store_ids:
        inputs.check_store(store_id)
    _check_questions(wanted.questions_file, inputs)
    spec = ComparisonSpec(**{**wanted.model_dump(), "arms": arms}, base_model=model.parent or model.id)
    return jobs.submit(COMPARISON, project_id, spec.model_dump(), f"The comparison was created, with the arms {', '.join(arms)}.")


def settle_arms(wanted: ComparisonCreate, model: Model) -> list[ArmName]:
    """Return the arms to ask, in their usual order: those wanted, or all that the inputs allow.

    Raises:
        InvalidRequest: an arm lacks its stores or its adapter, or fewer than two arms remain.
    """
    lacking: dict[ArmName, str] = {}
    for arm in ARMS:
        if arm in WITH_DOCUMENTS and not wanted.vector_store_ids:
            lacking[arm] = "documents: name the stores in 'vector_store_ids'"
        elif arm in WITH_ADAPTER and model.parent is None:
            lacking[arm] = f"a fine-tuned model, and '{model.id}' is a base model"
    for arm in wanted.arms or ():
        if arm in lacking:
            raise InvalidRequest(f"The arm '{arm}' needs {lacking[arm]}.", param="arms")
    arms = [arm for arm in ARMS if (arm in wanted.arms if wanted.arms else arm not in lacking)]
    if len(arms) < 2:
        missing = "; ".join(f"'{arm}' needs {need}" for arm, need in lacking.items())
        raise InvalidRequest(f"A comparison needs at least two arms, here is {arms}. {missing}".rstrip(), param="arms")
    return arms


def _check_questions(file_id: str, inputs: Inputs) -> None:
    inputs.find_file(file_id, "questions_file")
    with inputs.lines(file_id, "questions_file") as lines:
        for _ in read_questions(lines):
            pass


def remove(comparison_id: str, project_id: str, inputs: Inputs, jobs: Jobs) -> None:
    """Delete a comparison with its answers and its report's files; one that runs is cancelled by it."""
    job = jobs.find(COMPARISON, project_id, comparison_id)
    # By name too: a worker that was stopped between the upload and the end of its job left files that no result names.
    left = inputs.find_named("evals", [f"{job.id}.json", f"{job.id}.html"])
    named = [job.result[report] for report in ("report_json", "report_html") if job.result and report in job.result]
    for file_id in dict.fromkeys([*named, *left]):
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

"""Cancels a comparison, with the dataset and the fine-tuning jobs that were made for it. What has ended, or is gone, is left alone."""

from services.generation.evaluations.project import Project
from shared.contracts.comparisons import ComparisonSpec
from shared.errors import Conflict, NotFound
from shared.records.jobs import COMPARISON, DATASET, FINE_TUNING, Job


def cancel_comparison(comparison_id: str, project: Project) -> Job:
    """Cancel a comparison and what is running for it: queued jobs immediately, running ones within seconds.

    Raises:
        NotFound: if the project has no such comparison.
        Conflict: if it has succeeded or failed.
    """
    job = project.jobs.cancel(COMPARISON, project.id, comparison_id)
    cancel_made_jobs(job, project)
    return job


def cancel_made_jobs(job: Job, project: Project) -> None:
    """Cancel the jobs that were made for a comparison."""
    spec = ComparisonSpec.model_validate(job.spec)
    made = [(FINE_TUNING, id) for id in spec.fine_tuning_jobs] + ([(DATASET, spec.dataset_id)] if spec.dataset_id else [])
    for kind, made_id in made:
        try:
            project.jobs.cancel(kind, project.id, made_id)
        except (Conflict, NotFound):
            continue

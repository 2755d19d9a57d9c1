"""`/v1/fine_tuning/jobs`: create, follow and cancel fine-tuning jobs."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.contracts.fine_tuning import FineTuningJob, FineTuningJobCreate, FineTuningJobEvent
from services.generation.dependencies import InputsDep, JobsDep, ProjectDep
from services.generation.jobs.finetune import describe, describe_event, finetune
from shared.contracts.wire import Page
from shared.records.jobs import FINE_TUNING

router = APIRouter(prefix="/v1/fine_tuning/jobs", tags=["fine-tuning"])
Limit = Annotated[int, Query(ge=1, le=100, description="The maximum number of items on the page.")]
After = Annotated[str | None, Query(description="The id of the last item on the previous page.")]


@router.post("")
def create_fine_tuning_job(body: FineTuningJobCreate, project: ProjectDep, jobs: JobsDep, inputs: InputsDep) -> FineTuningJob:
    """Create a fine-tuning job, after checking the model and every line of the files."""
    return describe(finetune(body, project, jobs.models, jobs.max_lora_rank, inputs, jobs.store))


@router.get("")
def list_fine_tuning_jobs(project: ProjectDep, jobs: JobsDep, limit: Limit = 20, after: After = None) -> Page[FineTuningJob]:
    """List the jobs, newest first."""
    rows, has_more = jobs.store.list_jobs(FINE_TUNING, project, limit, after)
    return Page[FineTuningJob].of([describe(row) for row in rows], has_more)


@router.get("/{job_id}")
def retrieve_fine_tuning_job(job_id: str, project: ProjectDep, jobs: JobsDep) -> FineTuningJob:
    """Retrieve a job, with its progress."""
    return describe(jobs.store.find(FINE_TUNING, project, job_id))


@router.post("/{job_id}/cancel")
def cancel_fine_tuning_job(job_id: str, project: ProjectDep, jobs: JobsDep) -> FineTuningJob:
    """Cancel a job: one that waits at once, one that runs within seconds."""
    return describe(jobs.store.cancel(FINE_TUNING, project, job_id))


@router.get("/{job_id}/events")
def list_fine_tuning_events(
    job_id: str, project: ProjectDep, jobs: JobsDep, limit: Limit = 20, after: After = None
) -> Page[FineTuningJobEvent]:
    """List the events of a job, newest first."""
    rows, has_more = jobs.store.list_events(FINE_TUNING, project, job_id, limit, after)
    return Page[FineTuningJobEvent].of([describe_event(row) for row in rows], has_more)

"""`/v1/fine_tuning/jobs`: start, follow and end fine-tuning jobs."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.contracts.fine_tuning import FineTuningJob, FineTuningJobCreate, FineTuningJobEvent
from services.generation.dependencies import InputsDep, PartsDep, ProjectDep
from services.generation.jobs.finetune import describe, describe_event, finetune
from shared.contracts.wire import Page
from shared.records.jobs import FINE_TUNING

router = APIRouter(prefix="/v1/fine_tuning/jobs", tags=["fine-tuning"])
Limit = Annotated[int, Query(ge=1, le=100, description="Length of the page.")]
After = Annotated[str | None, Query(description="Id of the last item of the page before.")]


@router.post("")
def create_fine_tuning_job(body: FineTuningJobCreate, project: ProjectDep, parts: PartsDep, inputs: InputsDep) -> FineTuningJob:
    """Check model and files line by line, and start a job."""
    return describe(finetune(body, project, parts.models, parts.max_lora_rank, inputs, parts.jobs))


@router.get("")
def list_fine_tuning_jobs(project: ProjectDep, parts: PartsDep, limit: Limit = 20, after: After = None) -> Page[FineTuningJob]:
    """List the jobs, newest first."""
    rows, has_more = parts.jobs.list_jobs(FINE_TUNING, project, limit, after)
    return Page[FineTuningJob].of([describe(row) for row in rows], has_more)


@router.get("/{job_id}")
def retrieve_fine_tuning_job(job_id: str, project: ProjectDep, parts: PartsDep) -> FineTuningJob:
    """Describe a job, with its progress."""
    return describe(parts.jobs.find(FINE_TUNING, project, job_id))


@router.post("/{job_id}/cancel")
def cancel_fine_tuning_job(job_id: str, project: ProjectDep, parts: PartsDep) -> FineTuningJob:
    """Cancel a job: at once where it waits, within seconds where it runs."""
    return describe(parts.jobs.cancel(FINE_TUNING, project, job_id))


@router.get("/{job_id}/events")
def list_fine_tuning_events(
    job_id: str, project: ProjectDep, parts: PartsDep, limit: Limit = 20, after: After = None
) -> Page[FineTuningJobEvent]:
    """List what happened to a job, newest first."""
    rows, has_more = parts.jobs.list_events(FINE_TUNING, project, job_id, limit, after)
    return Page[FineTuningJobEvent].of([describe_event(row) for row in rows], has_more)

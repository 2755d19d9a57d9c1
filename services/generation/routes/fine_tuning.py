"""`/v1/fine_tuning/jobs`: create, follow, pause, resume, cancel and retry fine-tuning jobs, and draw their loss curves."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.generation.contracts.fine_tuning import FineTuningJob, FineTuningJobCreate, FineTuningJobEvent, FineTuningJobRetry
from services.generation.contracts.metadata_filter import FilteredPageQuery, MetadataFilter, describe_filter, read_metadata_filter
from services.generation.dependencies import InputsDep, JobsDep, JobServices, PageRequestDep, ProjectDep
from services.generation.jobs.curve.draw import draw_curve
from services.generation.jobs.curve.read_curve import read_curve
from services.generation.jobs.files.check_files import WatchedFiles
from services.generation.jobs.files.while_connected import run_while_connected
from services.generation.jobs.finetune import describe, describe_event, finetune
from services.generation.jobs.inputs import Inputs
from services.generation.jobs.retry import retry
from services.generation.jobs.validation.validate import run_in_turn
from shared.contracts.paging import Page, PageRequest
from shared.records.jobs import FINE_TUNING, VALIDATING, Job
from shared.web.json_route import JsonRoute

NO_CHANGES = FineTuningJobRetry()
# The picture changes while the job runs. Opened by itself, it may load nothing.
CURVE_HEADERS = {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


class SvgResponse(Response):
    """A picture in SVG."""

    media_type = "image/svg+xml"


async def _filtered_page_request(query: Annotated[FilteredPageQuery, Query()]) -> PageRequest:
    return query.page_request()


async def _metadata_filter(request: Request) -> MetadataFilter:
    return read_metadata_filter(request.query_params.multi_items())


FilteredPageRequestDep = Annotated[PageRequest, Depends(_filtered_page_request)]
MetadataFilterDep = Annotated[MetadataFilter, Depends(_metadata_filter)]

router = APIRouter(prefix="/v1/fine_tuning/jobs", tags=["fine-tuning"], route_class=JsonRoute)


@router.post("")
async def create_fine_tuning_job(
    body: FineTuningJobCreate, request: Request, project: ProjectDep, jobs: JobsDep, inputs: InputsDep
) -> FineTuningJob:
    """Create a fine-tuning job. The model and every line of the files are checked first; files larger than 5 MB are checked later."""

    def submit(confirm: Callable[[], None]) -> Job:
        return _submit(body, project, jobs, inputs, confirm)

    return await _create(request, jobs, submit)


@router.get("", openapi_extra={"parameters": [describe_filter("jobs")]})
def list_fine_tuning_jobs(
    project: ProjectDep, jobs: JobsDep, page: FilteredPageRequestDep, metadata: MetadataFilterDep
) -> Page[FineTuningJob]:
    """List the jobs, newest first; with `metadata`, only those that have it."""
    page_slice = jobs.store.list_jobs(FINE_TUNING, project, page, metadata)
    return Page[FineTuningJob].of(_describe(jobs, page_slice.rows), page_slice.has_more)


@router.get("/{job_id}")
def retrieve_fine_tuning_job(job_id: str, project: ProjectDep, jobs: JobsDep) -> FineTuningJob:
    """Retrieve a job, with its progress."""
    return _describe(jobs, [jobs.store.find(FINE_TUNING, project, job_id)])[0]


@router.post("/{job_id}/cancel")
def cancel_fine_tuning_job(job_id: str, project: ProjectDep, jobs: JobsDep) -> FineTuningJob:
    """Cancel a job: a queued one immediately, a running one within seconds."""
    return _describe(jobs, [jobs.store.cancel(FINE_TUNING, project, job_id)])[0]


@router.post("/{job_id}/pause")
def pause_fine_tuning_job(job_id: str, project: ProjectDep, jobs: JobsDep) -> FineTuningJob:
    """Pause a job. A worker that runs it writes a checkpoint after the current step, and takes other jobs."""
    return _describe(jobs, [jobs.store.pause(FINE_TUNING, project, job_id)])[0]


@router.post("/{job_id}/resume")
def resume_fine_tuning_job(job_id: str, project: ProjectDep, jobs: JobsDep) -> FineTuningJob:
    """Return a paused job to the queue. It continues from its last checkpoint."""
    return _describe(jobs, [jobs.store.resume(FINE_TUNING, project, job_id)])[0]


@router.post("/{job_id}/retry")
async def retry_fine_tuning_job(
    job_id: str, request: Request, project: ProjectDep, jobs: JobsDep, inputs: InputsDep, body: FineTuningJobRetry = NO_CHANGES
) -> FineTuningJob:
    """Create a job that repeats one that has ended, with the same model, files and options, except for those in the body."""

    def submit(confirm: Callable[[], None]) -> Job:
        repeated = retry(jobs.store.find(FINE_TUNING, project, job_id), body, jobs.models, inputs)
        return _submit(repeated, project, jobs, inputs, confirm, job_id)

    return await _create(request, jobs, submit)


def _describe(jobs: JobServices, rows: Sequence[Job]) -> list[FineTuningJob]:
    """Return jobs as the API shows them, with when those that are running will finish."""
    seconds_left = jobs.store.find_seconds_left(rows)
    return [describe(row, seconds_left.get(row.id)) for row in rows]


def _submit(
    body: FineTuningJobCreate, project: str, jobs: JobServices, inputs: Inputs, confirm: Callable[[], None], retry_of: str | None = None
) -> Job:
    files = WatchedFiles(inputs, lambda _: confirm())
    return finetune(body, project, jobs.models, jobs.limits, files, jobs.store, retry_of=retry_of, confirm=confirm)


async def _create(request: Request, jobs: JobServices, submit: Callable[[Callable[[], None]], Job]) -> FineTuningJob:
    """Return the job that `submit` submits, unless the client leaves before. Its files are held; large ones are checked from now on."""
    job = await run_while_connected(request.receive, run_in_turn, submit)
    await jobs.holds.hold(job)
    if job.status == VALIDATING:
        jobs.checks.wake()
    return describe(job)


@router.get("/{job_id}/events")
def list_fine_tuning_events(job_id: str, project: ProjectDep, jobs: JobsDep, page: PageRequestDep) -> Page[FineTuningJobEvent]:
    """List the events of a job, newest first."""
    page_slice = jobs.store.list_events(FINE_TUNING, project, job_id, page)
    return Page[FineTuningJobEvent].of([describe_event(row) for row in page_slice.rows], page_slice.has_more)


@router.get("/{job_id}/curve", response_class=SvgResponse)
def retrieve_fine_tuning_curve(job_id: str, project: ProjectDep, jobs: JobsDep) -> SvgResponse:
    """Retrieve the loss curve of a job as an SVG image, also while the job runs."""
    job = jobs.store.find(FINE_TUNING, project, job_id)
    return SvgResponse(draw_curve(read_curve(job, jobs.store.list_metrics(job.id))), headers=CURVE_HEADERS)

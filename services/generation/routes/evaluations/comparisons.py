"""`/v1/comparisons`: create, follow, cancel and delete comparisons."""

from fastapi import APIRouter

from services.generation.dependencies import JobsDep, PageRequestDep, ProjectDep
from services.generation.evaluations.comparisons import cancel, compare
from services.generation.evaluations.comparisons.compare import describe, describe_event
from services.generation.routes.evaluations.dependencies import OpenProjectDep
from shared.contracts.comparisons import Comparison, ComparisonCreate, ComparisonEvent
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.records.jobs import COMPARISON
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"], route_class=JsonRoute)


@router.post("")
def create_comparison(body: ComparisonCreate, project: OpenProjectDep) -> Comparison:
    """Create a comparison: check its questions, vector stores and models, then ask every question with every arm."""
    return describe(compare.compare(body, project))


@router.get("")
def list_comparisons(project: ProjectDep, jobs: JobsDep, page: PageRequestDep) -> Page[Comparison]:
    """List the comparisons, newest first."""
    page_slice = jobs.store.list_jobs(COMPARISON, project, page)
    return Page[Comparison].of([describe(row) for row in page_slice.rows], page_slice.has_more)


@router.get("/{comparison_id}")
def retrieve_comparison(comparison_id: str, project: ProjectDep, jobs: JobsDep) -> Comparison:
    """Retrieve a comparison: its progress and, when it has succeeded, its result with the verdict."""
    return describe(jobs.store.find(COMPARISON, project, comparison_id))


@router.get("/{comparison_id}/events")
def list_comparison_events(comparison_id: str, project: ProjectDep, jobs: JobsDep, page: PageRequestDep) -> Page[ComparisonEvent]:
    """List the events of a comparison, newest first."""
    page_slice = jobs.store.list_events(COMPARISON, project, comparison_id, page)
    return Page[ComparisonEvent].of([describe_event(row) for row in page_slice.rows], page_slice.has_more)


@router.post("/{comparison_id}/cancel")
def cancel_comparison(comparison_id: str, project: OpenProjectDep) -> Comparison:
    """Cancel a comparison, and what is running for it: a queued one immediately, a running one within seconds."""
    return describe(cancel.cancel_comparison(comparison_id, project))


@router.delete("/{comparison_id}")
def delete_comparison(comparison_id: str, project: OpenProjectDep) -> DeleteResponse:
    """Delete a comparison with its answers and its report. A running comparison stops."""
    compare.delete_comparison(comparison_id, project)
    return DeleteResponse(id=comparison_id, object="comparison.deleted")

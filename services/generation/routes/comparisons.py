"""`/v1/comparisons`: start, follow and end comparisons."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.dependencies import InputsDep, PartsDep, ProjectDep
from services.generation.jobs.compare import compare, describe, remove
from shared.contracts.comparisons import Comparison, ComparisonCreate
from shared.contracts.wire import DeleteResponse, Page
from shared.records.jobs import COMPARISON

router = APIRouter(prefix="/v1/comparisons", tags=["comparisons"])
Limit = Annotated[int, Query(ge=1, le=100, description="Length of the page.")]
After = Annotated[str | None, Query(description="Id of the last item of the page before.")]


@router.post("")
def create_comparison(body: ComparisonCreate, project: ProjectDep, parts: PartsDep, inputs: InputsDep) -> Comparison:
    """Check questions, stores and model, and start asking every question with every arm."""
    return describe(compare(body, project, parts.models, inputs, parts.jobs))


@router.get("")
def list_comparisons(project: ProjectDep, parts: PartsDep, limit: Limit = 20, after: After = None) -> Page[Comparison]:
    """List the comparisons, newest first."""
    rows, has_more = parts.jobs.list_jobs(COMPARISON, project, limit, after)
    return Page[Comparison].of([describe(row) for row in rows], has_more)


@router.get("/{comparison_id}")
def retrieve_comparison(comparison_id: str, project: ProjectDep, parts: PartsDep) -> Comparison:
    """Describe a comparison: its progress, and at the end its result with the verdict."""
    return describe(parts.jobs.find(COMPARISON, project, comparison_id))


@router.post("/{comparison_id}/cancel")
def cancel_comparison(comparison_id: str, project: ProjectDep, parts: PartsDep) -> Comparison:
    """Cancel a comparison: at once where it waits, within seconds where it runs."""
    return describe(parts.jobs.cancel(COMPARISON, project, comparison_id))


@router.delete("/{comparison_id}")
def delete_comparison(comparison_id: str, project: ProjectDep, parts: PartsDep, inputs: InputsDep) -> DeleteResponse:
    """Delete a comparison with its answers and its report; one that runs ends."""
    remove(comparison_id, project, inputs, parts.jobs)
    return DeleteResponse(id=comparison_id, object="comparison.deleted")

"""`/v1/evals/{eval_id}/runs/{run_id}/output_items`: the rows of a run with their answers and grades."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.dependencies import ProjectDep
from services.generation.evaluations.evals.describe import describe_item
from services.generation.routes.evaluations.dependencies import EvalStoreDep
from shared.contracts.evals.output_items import OutputItem
from shared.contracts.evals.queries import OutputItemsQuery
from shared.contracts.paging import Page
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/evals/{eval_id}/runs/{run_id}/output_items", tags=["evals"], route_class=JsonRoute)


@router.get("")
def list_eval_output_items(
    eval_id: str, run_id: str, project: ProjectDep, evals: EvalStoreDep, query: Annotated[OutputItemsQuery, Query()]
) -> Page[OutputItem]:
    """List the output items of a run that have been graded, in the order of the data; with `status`, only those with that status.

    If items are large, a page has fewer than `limit`, and `has_more` is true.
    """
    run = evals.find_run(project, eval_id, run_id)
    page_slice = evals.list_items(run.id, query.page_request(), query.status)
    return Page[OutputItem].of([describe_item(row, eval_id) for row in page_slice.rows], page_slice.has_more)


@router.get("/{output_item_id}")
def retrieve_eval_output_item(eval_id: str, run_id: str, output_item_id: str, project: ProjectDep, evals: EvalStoreDep) -> OutputItem:
    """Retrieve an output item of a run."""
    run = evals.find_run(project, eval_id, run_id)
    return describe_item(evals.find_item(run.id, output_item_id), eval_id)

"""`/v1/evals`: create, retrieve, change, list and delete evals."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.dependencies import ProjectDep
from services.generation.evaluations.evals.create_eval import create_eval as create
from services.generation.evaluations.evals.describe import describe_eval
from services.generation.evaluations.evals.imports import import_eval as flow
from services.generation.routes.evaluations.dependencies import EvalStoreDep, OpenProjectDep
from shared.contracts.evals.evals import Eval, EvalCreate, EvalDeleteResponse, EvalUpdate
from shared.contracts.evals.imports import EvalImport, EvalImportResult
from shared.contracts.evals.queries import EvalsQuery
from shared.contracts.paging import Page
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/evals", tags=["evals"], route_class=JsonRoute)


@router.post("", status_code=201)
def create_eval(body: EvalCreate, project: OpenProjectDep, evals: EvalStoreDep) -> Eval:
    """Create an eval: the shape of its data, and the criteria that answers are graded by."""
    return describe_eval(create(body, project, evals))


@router.post("/import", status_code=201)
def import_eval(body: EvalImport, project: OpenProjectDep, evals: EvalStoreDep) -> EvalImportResult:
    """Import an eval as OpenAI's API returns it, with its runs and their output items. All of it is imported, or nothing."""
    return flow.import_eval(body, project, evals)


@router.get("")
def list_evals(project: ProjectDep, evals: EvalStoreDep, query: Annotated[EvalsQuery, Query()]) -> Page[Eval]:
    """List the evals, oldest first."""
    page_slice = evals.list_evals(project, query.page_request(), query.order_by)
    return Page[Eval].of([describe_eval(row) for row in page_slice.rows], page_slice.has_more)


@router.get("/{eval_id}")
def retrieve_eval(eval_id: str, project: ProjectDep, evals: EvalStoreDep) -> Eval:
    """Retrieve an eval."""
    return describe_eval(evals.find(project, eval_id))


@router.post("/{eval_id}")
def update_eval(eval_id: str, body: EvalUpdate, project: ProjectDep, evals: EvalStoreDep) -> Eval:
    """Change the name or the metadata of an eval. Its criteria and the shape of its data do not change."""
    return describe_eval(evals.update(project, eval_id, body.changes()))


@router.delete("/{eval_id}")
def delete_eval(eval_id: str, project: ProjectDep, evals: EvalStoreDep) -> EvalDeleteResponse:
    """Delete an eval with its runs and their output items. Runs that are in progress stop."""
    evals.delete(project, eval_id)
    return EvalDeleteResponse(eval_id=eval_id)

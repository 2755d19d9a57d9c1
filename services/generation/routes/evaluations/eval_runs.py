"""`/v1/evals/{eval_id}/runs`: create, follow, cancel and delete the runs of an eval."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.generation.dependencies import ProjectDep
from services.generation.evaluations.evals.describe import describe_runs
from services.generation.evaluations.evals.start_run import start_run
from services.generation.evaluations.evals.store import EvalStore
from services.generation.routes.evaluations.dependencies import EvalStoreDep, OpenProjectDep, PublicUrlDep
from shared.contracts.evals.queries import RunsQuery
from shared.contracts.evals.runs import Run, RunCreate, RunDeleteResponse
from shared.contracts.paging import Page
from shared.records.jobs import Job
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/evals/{eval_id}/runs", tags=["evals"], route_class=JsonRoute)


@router.post("", status_code=201)
def create_eval_run(eval_id: str, body: RunCreate, project: OpenProjectDep, evals: EvalStoreDep, public_url: PublicUrlDep) -> Run:
    """Create a run, which answers and grades each row. Its data and how the model is asked are checked first."""
    return _describe(start_run(eval_id, body, project, evals), evals, public_url)


@router.get("")
def list_eval_runs(
    eval_id: str, project: ProjectDep, evals: EvalStoreDep, public_url: PublicUrlDep, query: Annotated[RunsQuery, Query()]
) -> Page[Run]:
    """List the runs of an eval, oldest first; with `status`, only those with that status. If runs have many rows, pages are shorter."""
    page_slice = evals.list_runs(project, eval_id, query.page_request(), query.status)
    return Page[Run].of(describe_runs(page_slice.rows, evals.read_details(page_slice.rows), public_url), page_slice.has_more)


@router.get("/{run_id}")
def retrieve_eval_run(eval_id: str, run_id: str, project: ProjectDep, evals: EvalStoreDep, public_url: PublicUrlDep) -> Run:
    """Retrieve a run: its progress and, when it has completed, its results."""
    return _describe(evals.find_run(project, eval_id, run_id), evals, public_url)


@router.post("/{run_id}/cancel")
def cancel_eval_run(eval_id: str, run_id: str, project: ProjectDep, evals: EvalStoreDep, public_url: PublicUrlDep) -> Run:
    """Cancel a run: a queued one immediately, one that is in progress within seconds."""
    return _describe(evals.cancel_run(project, eval_id, run_id), evals, public_url)


@router.post("/{run_id}", deprecated=True)
def cancel_eval_run_at_its_path(eval_id: str, run_id: str, project: ProjectDep, evals: EvalStoreDep, public_url: PublicUrlDep) -> Run:
    """Cancel a run, as older versions of OpenAI's clients do."""
    return _describe(evals.cancel_run(project, eval_id, run_id), evals, public_url)


@router.delete("/{run_id}")
def delete_eval_run(eval_id: str, run_id: str, project: ProjectDep, evals: EvalStoreDep) -> RunDeleteResponse:
    """Delete a run with its output items. A run that is in progress stops."""
    evals.delete_run(project, eval_id, run_id)
    return RunDeleteResponse(run_id=run_id)


def _describe(run: Job, evals: EvalStore, public_url: str) -> Run:
    return describe_runs([run], evals.read_details([run]), public_url)[0]

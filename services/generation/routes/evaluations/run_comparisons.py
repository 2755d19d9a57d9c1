"""`/v1/evals/{eval_id}/compare`: which of an eval's runs is better, if any. An extension."""

from fastapi import APIRouter

from services.generation.contracts.eval_comparisons import RunComparison, RunComparisonCreate
from services.generation.dependencies import ProjectDep
from services.generation.evaluations.evals.comparison.compare_runs import compare_runs
from services.generation.routes.evaluations.dependencies import EvalStoreDep
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/evals/{eval_id}/compare", tags=["evals"], route_class=JsonRoute)


@router.post("")
def compare_eval_runs(eval_id: str, body: RunComparisonCreate, project: ProjectDep, evals: EvalStoreDep) -> RunComparison:
    """Compare completed runs of an eval, paired by their items, with the statistics of comparisons."""
    return compare_runs(project, eval_id, body.run_ids, evals)

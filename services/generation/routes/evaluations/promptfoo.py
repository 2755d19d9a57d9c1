"""`/v1/evals/import/promptfoo`: create an eval from a configuration of Promptfoo."""

from fastapi import APIRouter

from services.generation.evaluations.evals.imports.promptfoo import import_promptfoo as flow
from services.generation.routes.evaluations.dependencies import EvalStoreDep, OpenProjectDep
from shared.contracts.evals.promptfoo import PromptfooImport, PromptfooImportResult
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/evals", tags=["evals"], route_class=JsonRoute)


@router.post("/import/promptfoo", status_code=201)
def import_promptfoo(body: PromptfooImport, project: OpenProjectDep, evals: EvalStoreDep) -> PromptfooImportResult:
    """Create an eval from a configuration of Promptfoo. The response has its rows and the runs to start."""
    return flow.import_promptfoo(body, project, evals)

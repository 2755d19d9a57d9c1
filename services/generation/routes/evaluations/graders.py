"""`/v1/fine_tuning/alpha/graders`: try out a grader, as OpenAI's alpha API has it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.graders import GraderRun, GraderRunResponse, GraderValidate, GraderValidateResponse
from services.generation.dependencies import AnswersDep, ProjectDep, read_credentials
from services.generation.evaluations.graders import run_grader as flow
from services.generation.evaluations.graders.grader_models import ServedModels
from services.generation.http.relay import run_until_disconnect
from shared.graders.outcome import GraderModels
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/fine_tuning/alpha/graders", tags=["fine-tuning"], route_class=JsonRoute)


async def _grader_models(request: Request, project: ProjectDep, answers: AnswersDep) -> GraderModels:
    headers = request.headers
    models = ServedModels(lambda name: answers.open_model(project, name, headers), answers.retrieval, read_credentials(headers))
    return GraderModels(models, models, answers.embedding_model)


GraderModelsDep = Annotated[GraderModels, Depends(_grader_models)]


@router.post("/run")
async def run_grader(
    body: GraderRun, request: Request, project: ProjectDep, answers: AnswersDep, models: GraderModelsDep
) -> GraderRunResponse:
    """Grade one answer. If it cannot be graded, the reward is 0, and `metadata.errors` says why."""
    await run_in_threadpool(flow.check, body.grader, project, answers.models)
    return await run_until_disconnect(request.receive, flow.run_grader(body, models))


@router.post("/validate")
def validate_grader(body: GraderValidate, project: ProjectDep, answers: AnswersDep) -> GraderValidateResponse:
    """Check a grader: its fields, templates and formula, and that its models exist."""
    flow.check(body.grader, project, answers.models)
    return GraderValidateResponse(grader=body.grader)

"""What the routes of comparisons and evals get from the running service beside `services.generation.dependencies`."""

from typing import Annotated

from fastapi import Depends, Request

from services.generation.dependencies import InputsDep, JobsDep, ProjectDep
from services.generation.evaluations.evals.store import EvalStore
from services.generation.evaluations.project import Project


async def _eval_store(jobs: JobsDep) -> EvalStore:
    return EvalStore(jobs.database, jobs.store)


async def _open_project(
    project: ProjectDep, jobs: JobsDep, inputs: InputsDep, evals: Annotated[EvalStore, Depends(_eval_store)]
) -> Project:
    return Project(project, jobs.models, inputs, jobs.store, evals)


async def _public_url(request: Request) -> str:
    url: str = request.app.state.public_url
    return url


OpenProjectDep = Annotated[Project, Depends(_open_project)]
EvalStoreDep = Annotated[EvalStore, Depends(_eval_store)]
PublicUrlDep = Annotated[str, Depends(_public_url)]

"""What the routes of comparisons and evals get from the running service beside `services.generation.dependencies`."""

from dataclasses import dataclass
from typing import Annotated

from anyio import from_thread
from fastapi import Depends, Request

from services.generation.dependencies import AnswersDep, AnswerServices, InputsDep, JobsDep, ProjectDep
from services.generation.evaluations.evals.store import EvalStore
from services.generation.evaluations.project import Project


@dataclass(frozen=True)
class EngineWindows:
    """How much the models take, as their engines say. To be called in a thread of the server, as that of a route."""

    answers: AnswerServices

    def find_window(self, project_id: str, model: str) -> int | None:
        """Return how many tokens the prompt and the answer of a model may have together; None if its engine does not say so."""
        return from_thread.run(self.answers.find_window, project_id, model)


async def _eval_store(jobs: JobsDep) -> EvalStore:
    return EvalStore(jobs.database, jobs.store)


async def _open_project(
    project: ProjectDep, jobs: JobsDep, inputs: InputsDep, answers: AnswersDep, evals: Annotated[EvalStore, Depends(_eval_store)]
) -> Project:
    return Project(project, jobs.models, inputs, jobs.store, evals, EngineWindows(answers))


async def _public_url(request: Request) -> str:
    url: str = request.app.state.public_url
    return url


OpenProjectDep = Annotated[Project, Depends(_open_project)]
EvalStoreDep = Annotated[EvalStore, Depends(_eval_store)]
PublicUrlDep = Annotated[str, Depends(_public_url)]

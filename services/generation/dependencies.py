"""What a route may ask for: who is calling, and the parts that `app` put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.generation.grounding.ground import GroundingDefaults
from services.generation.grounding.retrieve import Stores
from services.generation.http.client import ServiceClient
from services.generation.http.relay import HeaderList
from services.generation.jobs.inputs import Inputs
from services.generation.jobs.store import Jobs
from services.generation.responses.background import Background
from services.generation.responses.search_round import Sources
from services.generation.responses.search_tool import Offers
from services.generation.responses.store import Turns
from services.generation.serving.adapters import Adapters, ServedAdapter
from services.generation.serving.fleet import Fleet
from services.generation.serving.models import Models
from services.generation.serving.served_model import ServedModel, request_timeout
from shared.http.connect import PROJECT_HEADER
from shared.records.database import Database
from shared.web.auth import Caller, current_caller
from shared.workers.broker import JobNotifier

CREDENTIALS = ("Authorization", PROJECT_HEADER)


@dataclass(frozen=True)
class Parts:
    """The parts of the running service. `engine_seconds` is the longest wait for an answer's beginning."""

    database: Database
    notifier: JobNotifier
    fleet: Fleet
    retrieval: ServiceClient
    models: Models
    adapters: Adapters
    jobs: Jobs
    turns: Turns
    house: GroundingDefaults
    offers: Offers
    engine_seconds: float
    max_body_bytes: int
    max_lora_rank: int

    async def serve(self, project_id: str, model: str, headers: Mapping[str, str]) -> ServedModel:
        """Return the model where it is served; the caller's headers tell how long it waits.

        Raises:
            NotFound: the project has no such model.
        """
        known = await self.models.known(project_id, model)
        adapter_in_use = ServedAdapter(self.adapters, known.adapter) if known.adapter else None
        return ServedModel(self.fleet.pool(known.base), request_timeout(headers, self.engine_seconds), adapter_in_use)

    async def sources(self, project_id: str, model: str, headers: Mapping[str, str]) -> Sources:
        """Return what a response of `model` is made with, as the caller whose headers these are. Raises NotFound like `serve`."""
        credentials = [(name, headers[name]) for name in CREDENTIALS if name in headers]
        served = await self.serve(project_id, model, headers)
        return Sources(served, Stores(self.retrieval, credentials), self.house, self.offers)


# These are asynchronous although they wait for nothing: FastAPI would run plain functions in a thread, on every call.
async def _project(request: Request) -> str:
    caller: Caller = current_caller(request)
    return caller.project_id


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def _background(request: Request) -> Background:
    background: Background = request.app.state.background
    return background


async def _stores(request: Request) -> Stores:
    return Stores((await _parts(request)).retrieval, _credentials(request))


async def _inputs(request: Request) -> Inputs:
    return Inputs((await _parts(request)).retrieval, _credentials(request))


def _credentials(request: Request) -> HeaderList:
    return [(name, request.headers[name]) for name in CREDENTIALS if name in request.headers]


ProjectDep = Annotated[str, Depends(_project)]
PartsDep = Annotated[Parts, Depends(_parts)]
BackgroundDep = Annotated[Background, Depends(_background)]
StoresDep = Annotated[Stores, Depends(_stores)]
InputsDep = Annotated[Inputs, Depends(_inputs)]

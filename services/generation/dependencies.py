"""What a route may ask for: who is calling, and the parts that `app` put together."""

from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends, Request

from services.generation.engine import Engine
from services.generation.inputs import Inputs
from services.generation.jobs import Jobs
from services.generation.models import Models
from services.generation.neighbour import Neighbour
from services.generation.relay import HeaderList
from services.generation.retrieve import Stores
from services.generation.turns import Turns
from shared.auth import Caller
from shared.broker import Bell
from shared.database import Database
from shared.http import PROJECT_HEADER
from shared.web import current_caller

CREDENTIALS = ("Authorization", PROJECT_HEADER)


@dataclass(frozen=True)
class Parts:
    """The parts of the running service."""

    database: Database
    bell: Bell
    engine: Engine
    retrieval: Neighbour
    inputs: httpx.Client
    models: Models
    jobs: Jobs
    turns: Turns
    max_body_bytes: int
    max_lora_rank: int


# These are asynchronous although they wait for nothing: FastAPI would run plain functions in a thread, on every call.
async def _project(request: Request) -> str:
    caller: Caller = current_caller(request)
    return caller.project_id


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


async def _stores(request: Request) -> Stores:
    return Stores((await _parts(request)).retrieval, _credentials(request))


async def _inputs(request: Request) -> Inputs:
    return Inputs((await _parts(request)).inputs, _credentials(request))


def _credentials(request: Request) -> HeaderList:
    return [(name, request.headers[name]) for name in CREDENTIALS if name in request.headers]


ProjectDep = Annotated[str, Depends(_project)]
PartsDep = Annotated[Parts, Depends(_parts)]
StoresDep = Annotated[Stores, Depends(_stores)]
InputsDep = Annotated[Inputs, Depends(_inputs)]

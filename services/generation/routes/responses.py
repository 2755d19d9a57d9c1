"""`/v1/responses`: answers as items, stored for the next turn."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from fastapi.responses import Response as HttpResponse
from starlette.concurrency import run_in_threadpool

from services.generation import respond, sse
from services.generation.dependencies import Parts, PartsDep, ProjectDep, StoresDep
from services.generation.items import to_items
from services.generation.relay import Relay, Reply, unless_gone
from services.generation.respond import Begun, Turn
from services.generation.retrieve import Stores
from shared.contracts.responses import Response, ResponseCreate
from shared.contracts.wire import Deleted, ItemPage, Order
from shared.errors import Unavailable

router = APIRouter(prefix="/v1/responses", tags=["answers"])
STREAM = [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache")]
STREAMED: dict[int | str, dict[str, Any]] = {200: {"model": Response, "content": {"text/event-stream": {"schema": {"type": "string"}}}}}


@router.post("", response_model=None, responses=STREAMED)
async def create_response(body: ResponseCreate, request: Request, project: ProjectDep, parts: PartsDep, stores: StoresDep) -> HttpResponse:
    """Answer, going on from an earlier response where `previous_response_id` names one; the tool `file_search` answers from documents."""
    served = await parts.serve(project, body.model, request.headers)
    turn = await run_in_threadpool(_turn, body, project, parts)
    begun = await unless_gone(request.receive, respond.begin(turn, served, stores, parts.house))
    if body.stream:
        return Relay(Reply(200, STREAM, _written(turn, begun, project, parts, stores), begun.reply.close))
    return JSONResponse(await unless_gone(request.receive, _whole(turn, begun, project, parts, stores)))


def _turn(body: ResponseCreate, project: str, parts: Parts) -> Turn:
    return Turn(body, parts.turns.history(project, body.previous_response_id), to_items(body.input))


async def _written(turn: Turn, begun: Begun, project: str, parts: Parts, stores: Stores) -> AsyncGenerator[bytes, None]:
    last: dict[str, Any] | None = None
    async for event in respond.events(begun, turn.asked, stores):
        if last is not None:
            yield sse.write(last)
        last = event
    # Stored before the client learns that it is done, so that the next turn can go on from it at once.
    await run_in_threadpool(_keep, turn, begun, project, parts)
    if last is not None:
        yield sse.write(last)


async def _whole(turn: Turn, begun: Begun, project: str, parts: Parts, stores: Stores) -> Any:
    async for _ in respond.events(begun, turn.asked, stores):
        pass
    response = begun.draft.response
    if response.error is not None:
        raise Unavailable(response.error.message)
    await run_in_threadpool(_keep, turn, begun, project, parts)
    return response.model_dump(mode="json")


def _keep(turn: Turn, begun: Begun, project: str, parts: Parts) -> None:
    if turn.asked.store:
        parts.turns.keep(project, begun.draft.response, turn.items)


@router.get("/{response_id}", response_model=Response)
def retrieve_response(response_id: str, project: ProjectDep, parts: PartsDep) -> Any:
    """Return a stored response as it was answered; what was not included then is not there now."""
    return JSONResponse(parts.turns.find(project, response_id).body)


@router.delete("/{response_id}")
def delete_response(response_id: str, project: ProjectDep, parts: PartsDep) -> Deleted:
    """Delete a stored response."""
    parts.turns.delete(project, response_id)
    return Deleted(id=response_id, object="response")


@router.get("/{response_id}/input_items")
def list_input_items(
    response_id: str,
    project: ProjectDep,
    parts: PartsDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Order = "desc",
    after: str | None = None,
) -> ItemPage:
    """List what was asked in the turn of a stored response, the last item first."""
    items = parts.turns.find(project, response_id).input
    return ItemPage.cut(items if order == "asc" else items[::-1], limit, after)

"""`/v1/responses`: answers as items, stored for the next turn, at once or in the background."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from fastapi.responses import Response as HttpResponse
from starlette.concurrency import run_in_threadpool

from services.generation.dependencies import BackgroundDep, Parts, PartsDep, ProjectDep
from services.generation.http import sse
from services.generation.http.relay import Chunks, Relay, Reply, unless_gone
from services.generation.responses import chat_call, respond
from services.generation.responses.items import to_items
from services.generation.responses.respond import Begun, Turn
from services.generation.responses.store import describe
from services.generation.responses.writer import Draft
from shared.contracts.responses import Include, InputTokenCount, InputTokens, ItemInclude, Response, ResponseCreate
from shared.contracts.wire import DeleteResponse, ItemPage, Order
from shared.errors import InvalidRequest, Unavailable

router = APIRouter(prefix="/v1/responses", tags=["answers"])
STREAM = [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache")]
STREAMED: dict[int | str, dict[str, Any]] = {200: {"model": Response, "content": {"text/event-stream": {"schema": {"type": "string"}}}}}
COUNTED = ("model", "messages", "tools")


async def _included(
    include: Annotated[list[Include] | None, Query()] = None,
    bracketed: Annotated[list[Include] | None, Query(alias="include[]", include_in_schema=False)] = None,
) -> list[Include]:
    """Return what is to be included. OpenAI's clients write lists with brackets; `include` alone is taken as well."""
    return [*(include or ()), *(bracketed or ())]


@router.post("", response_model=None, responses=STREAMED)
async def create_response(
    body: ResponseCreate, request: Request, project: ProjectDep, parts: PartsDep, background: BackgroundDep
) -> HttpResponse:
    """Answer, going on from an earlier response where `previous_response_id` names one; the tool `file_search` answers from documents.

    With `background` the answer is only begun: it goes on here, and is fetched, streamed or cancelled by its id.
    """
    sources = await parts.sources(project, body.model, request.headers)
    turn = await run_in_threadpool(_turn, body, project, parts)
    if body.background:
        response = await background.add(project, turn)
        return _streamed(background.follow(project, response.id, -1)) if body.stream else JSONResponse(response.model_dump(mode="json"))
    draft = Draft(respond.new(body), body.include)
    begun = await unless_gone(request.receive, respond.begin(turn, draft, sources))
    if body.stream:
        return Relay(Reply(200, STREAM, _written(begun, project, parts), begun.reply.close))
    return JSONResponse(await unless_gone(request.receive, _whole(begun, project, parts)))


@router.post("/input_tokens")
async def count_input_tokens(body: InputTokenCount, request: Request, project: ProjectDep, parts: PartsDep) -> InputTokens:
    """Count the tokens of the prompt that `POST /v1/responses` would make, without passages; nothing is answered or stored."""
    model = body.model or parts.models.trained
    served = await parts.serve(project, model, request.headers)
    history = await run_in_threadpool(parts.turns.history, project, body.previous_response_id)
    items = to_items(body.input) if body.input is not None else []
    fields = chat_call.conversation(body, model, [*history, *items])
    if not fields["messages"]:
        raise InvalidRequest("There is nothing to count: 'input', 'instructions' and 'previous_response_id' are missing.", param="input")
    count = await served.count({name: fields[name] for name in COUNTED if name in fields})
    return InputTokens(input_tokens=count.tokens)


@router.post("/compact", include_in_schema=False)
async def compact_response(_: ProjectDep) -> None:
    """Refuse OpenAI's compaction by what to do instead."""
    raise InvalidRequest("Conversations are not compacted here. Create the response with 'truncation': 'auto' to drop the oldest turns.")


def _turn(body: ResponseCreate, project: str, parts: Parts) -> Turn:
    return Turn(body, parts.turns.history(project, body.previous_response_id), to_items(body.input))


async def _written(begun: Begun, project: str, parts: Parts) -> AsyncGenerator[bytes, None]:
    last: dict[str, Any] | None = None
    async for event in respond.events(begun):
        if last is not None:
            yield sse.write(last)
        last = event
    # Stored before the client learns that it is done, so that the next turn can go on from it at once.
    await run_in_threadpool(_keep, begun, project, parts)
    if last is not None:
        yield sse.write(last)


async def _whole(begun: Begun, project: str, parts: Parts) -> Any:
    last: dict[str, Any] = {}
    async for event in respond.events(begun):
        last = event
    if begun.problem is not None:
        raise begun.problem if begun.problem.status < 500 else Unavailable(begun.problem.message)
    await run_in_threadpool(_keep, begun, project, parts)
    return last["response"]


def _keep(begun: Begun, project: str, parts: Parts) -> None:
    if begun.turn.asked.store:
        parts.turns.keep(project, begun.draft.response, begun.turn.items)


def _streamed(chunks: Chunks) -> Relay:
    async def close() -> None:
        await chunks.aclose()

    return Relay(Reply(200, STREAM, chunks, close))


@router.get("/{response_id}", response_model=None, responses=STREAMED)
async def retrieve_response(
    response_id: str,
    project: ProjectDep,
    parts: PartsDep,
    background: BackgroundDep,
    include: Annotated[list[Include], Depends(_included)],
    stream: bool = False,
    starting_after: Annotated[int | None, Query(ge=0)] = None,
    _: Annotated[bool, Query(alias="include_obfuscation")] = False,
) -> HttpResponse:
    """Return a stored response, with what `include` names of what was found and computed.

    `stream` tells the events of one that was created with `background` and `stream`: those behind the number `starting_after`, then
    what still comes. `include_obfuscation` has no effect.
    """
    if not stream and starting_after is not None:
        raise InvalidRequest(
            "'starting_after' needs 'stream': it is the number of the event after which the stream begins.", param="stream"
        )
    if stream:
        after = -1 if starting_after is None else starting_after
        await run_in_threadpool(background.check, project, response_id)
        return _streamed(background.follow(project, response_id, after))
    stored = await run_in_threadpool(parts.turns.find, project, response_id)
    return JSONResponse(describe(stored, include))


@router.post("/{response_id}/cancel", response_model=Response)
async def cancel_response(response_id: str, project: ProjectDep, background: BackgroundDep) -> Any:
    """Cancel a response in the background: the engine stops. One that has ended stays as it is."""
    return JSONResponse(describe(await background.cancel(project, response_id), ()))


@router.delete("/{response_id}")
async def delete_response(response_id: str, project: ProjectDep, parts: PartsDep, background: BackgroundDep) -> DeleteResponse:
    """Delete a stored response; one in the background ends."""
    await run_in_threadpool(parts.turns.delete, project, response_id)
    background.let_go(response_id)
    return DeleteResponse(id=response_id, object="response")


@router.get("/{response_id}/input_items")
def list_input_items(
    response_id: str,
    project: ProjectDep,
    parts: PartsDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    order: Order = "desc",
    after: str | None = None,
    _: Annotated[list[ItemInclude] | None, Query(alias="include")] = None,
    __: Annotated[list[ItemInclude] | None, Query(alias="include[]", include_in_schema=False)] = None,
) -> ItemPage:
    """List what was asked in the turn of a stored response, the last item first. Items are whole, so `include` adds nothing."""
    items = parts.turns.find(project, response_id).input
    return ItemPage.cut(items if order == "asc" else items[::-1], limit, after)

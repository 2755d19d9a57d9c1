"""`/v1/responses`: create a response, plain, streamed or in the background; retrieve, cancel and delete stored ones."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from fastapi.responses import Response as HttpResponse
from starlette.concurrency import run_in_threadpool

from services.generation.contracts.responses.response import (
    Include,
    Included,
    InputItemsQuery,
    InputTokenCount,
    InputTokens,
    Response,
    ResponseCreate,
    ResponseEvent,
)
from services.generation.dependencies import AnswersDep, BackgroundDep, ProjectDep, ResponseStoreDep
from services.generation.http import sse
from services.generation.http.relay import RelayResponse, run_until_disconnect
from services.generation.http.reply import Chunks, Reply
from services.generation.responses import deliver, respond
from services.generation.responses.chat_call import count_prompt
from services.generation.responses.items import Item, slice_items
from services.generation.responses.store import describe
from services.generation.responses.writer import Event, ResponseWriter, new_response
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.errors import InvalidRequest
from shared.validation.translate import parse
from shared.web.json_route import JsonRoute

router = APIRouter(prefix="/v1/responses", tags=["answers"], route_class=JsonRoute)
# The schema of a stream is that of one event's data, as in OpenAI's own document.
EVENTS = {"$ref": "#/components/schemas/ResponseEvent", "$defs": {"ResponseEvent": ResponseEvent.model_json_schema()}}
RESPONSES: dict[int | str, dict[str, Any]] = {200: {"model": Response, "content": {sse.CONTENT_TYPE: {"schema": EVENTS}}}}


async def _include(
    include: Annotated[list[Include] | None, Query()] = None,
    bracketed: Annotated[list[str] | None, Query(alias="include[]", include_in_schema=False)] = None,
) -> list[Include]:
    """Return what to include. OpenAI's clients write lists with brackets; `include` without them works too."""
    return parse(Included, {"include": [*(include or ()), *(bracketed or ())]}).include


@router.post("", response_model=None, responses=RESPONSES)
async def create_response(
    body: ResponseCreate,
    request: Request,
    project: ProjectDep,
    answers: AnswersDep,
    store: ResponseStoreDep,
    background: BackgroundDep,
) -> HttpResponse:
    """Create a response. `previous_response_id` continues a conversation, and the tool `file_search` answers from documents.

    With `background`, the call returns immediately. Retrieve, stream or cancel the response by its id.
    """
    backends = await answers.open_backends(project, body.model, request.headers)
    turn = await run_in_threadpool(store.read_turn, project, body)
    if body.background:
        queued = await background.submit(project, turn)
        if not body.stream:
            return JSONResponse(queued.model_dump(mode="json"))
        return _stream(await background.open_stream(project, queued.id))
    call = await run_until_disconnect(request.receive, respond.start(turn, backends))
    writer = ResponseWriter(new_response(body), body.include)
    answer, end = respond.answer(turn, call, backends, writer), deliver.store_turn(store, project, turn)
    if body.stream:
        return _stream(deliver.stream(answer, writer, end), call.reply)
    return JSONResponse(await run_until_disconnect(request.receive, deliver.deliver(answer, writer, end)))


def _stream(events: AsyncGenerator[Event, None], source: Reply | None = None) -> RelayResponse:
    """Return the events as they come. At the end `source` is closed too, in case the client leaves before the first event."""

    async def close() -> None:
        await events.aclose()
        if source is not None:
            await source.close()

    return RelayResponse(Reply(200, sse.HEADERS, _encode(events), close))


async def _encode(events: AsyncGenerator[Event, None]) -> Chunks:
    async with aclosing(events):
        async for event in events:
            yield sse.encode_named(event)


@router.post("/input_tokens")
async def count_input_tokens(
    body: InputTokenCount, request: Request, project: ProjectDep, answers: AnswersDep, store: ResponseStoreDep
) -> InputTokens:
    """Count the tokens of the prompt that `POST /v1/responses` would make, without passages. No answer is generated or stored."""
    name = body.model or answers.models.default
    model = await answers.open_model(project, name, request.headers)
    history = await run_in_threadpool(store.read_history, project, body.previous_response_id)
    return InputTokens(input_tokens=await count_prompt(body, name, history, model))


@router.post("/compact", include_in_schema=False)
async def compact_response(_: ProjectDep) -> None:
    """Refuse to compact a conversation, which OpenAI's API can, and say what to do instead."""
    raise InvalidRequest("Tandem does not compact conversations. Set 'truncation' to 'auto' to drop the oldest turns that do not fit.")


@router.get("/{response_id}", response_model=None, responses=RESPONSES)
async def retrieve_response(
    response_id: str,
    project: ProjectDep,
    store: ResponseStoreDep,
    background: BackgroundDep,
    include: Annotated[list[Include], Depends(_include)],
    stream: bool = False,
    starting_after: Annotated[int | None, Query(ge=0)] = None,
    _: Annotated[bool, Query(alias="include_obfuscation")] = False,
) -> HttpResponse:
    """Retrieve a stored response, with the search results, log probabilities or trace that `include` names.

    With `stream`, the result is the events of a response that was created with `background` and `stream`. They start after the event
    with the number `starting_after`. `include_obfuscation` has no effect.
    """
    if not stream and starting_after is not None:
        raise InvalidRequest("'starting_after' requires 'stream' to be true; it is the number of the last event received.", param="stream")
    if stream:
        return _stream(await background.open_stream(project, response_id, -1 if starting_after is None else starting_after))
    return JSONResponse(describe(await run_in_threadpool(store.find, project, response_id), include))


@router.post("/{response_id}/cancel", response_model=Response)
async def cancel_response(response_id: str, project: ProjectDep, background: BackgroundDep) -> Any:
    """Cancel a response in the background: the engine stops generating. A response that has ended does not change."""
    return JSONResponse(describe(await background.cancel(project, response_id), ()))


@router.delete("/{response_id}")
async def delete_response(response_id: str, project: ProjectDep, store: ResponseStoreDep, background: BackgroundDep) -> DeleteResponse:
    """Delete a stored response. If it is in progress in the background, it stops."""
    await run_in_threadpool(store.delete, project, response_id)
    background.stop(response_id)
    return DeleteResponse(id=response_id, object="response")


@router.get("/{response_id}/input_items")
def list_input_items(
    response_id: str,
    project: ProjectDep,
    store: ResponseStoreDep,
    query: Annotated[InputItemsQuery, Query()],
) -> Page[Item]:
    """List the input items of a stored response, last first. `include` has no effect: items are always complete."""
    items = store.find(project, response_id).input
    page_slice = slice_items(items, query.page_request())
    return Page[Item].of(list(page_slice.rows), page_slice.has_more)

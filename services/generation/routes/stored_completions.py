"""`/v1/chat/completions`, the stored ones: list, retrieve, update and delete them, and list the messages of their requests."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from services.generation.answers.stored.completions import ChatCompletionStore, CompletionFilter
from services.generation.answers.stored.describe import describe, describe_message
from services.generation.contracts.chat.completions import (
    StoredCompletion,
    StoredCompletionQuery,
    StoredCompletionUpdate,
    StoredMessage,
    StoredMessageQuery,
)
from services.generation.contracts.metadata_filter import describe_filter, read_metadata_filter
from services.generation.dependencies import AnswersDep, ProjectDep
from services.generation.grounding.request import CHAT
from shared.contracts.paging import Page
from shared.contracts.wire import DeleteResponse
from shared.web.json_route import JsonRoute

DELETED = "chat.completion.deleted"


async def _store(answers: AnswersDep) -> ChatCompletionStore:
    return ChatCompletionStore(answers.database)


StoreDep = Annotated[ChatCompletionStore, Depends(_store)]

router = APIRouter(prefix=CHAT, tags=["answers"], route_class=JsonRoute)


# The answers are the engine's: they are sent as they are, not as far as a schema describes them.
@router.get("", response_model=Page[StoredCompletion], openapi_extra={"parameters": [describe_filter("answers")]})
def list_stored_completions(
    request: Request, project: ProjectDep, store: StoreDep, query: Annotated[StoredCompletionQuery, Query()]
) -> Response:
    """List the stored chat completions, oldest first. `metadata` and `model` filter them."""
    wanted = CompletionFilter(query.model, read_metadata_filter(request.query_params.multi_items()))
    page_slice = store.list_completions(project, query.page_request(), wanted)
    return _page([describe(row) for row in page_slice.rows], page_slice.has_more)


@router.get("/{completion_id}", response_model=StoredCompletion)
def retrieve_stored_completion(completion_id: str, project: ProjectDep, store: StoreDep) -> Response:
    """Retrieve a stored chat completion."""
    return JSONResponse(describe(store.find(project, completion_id)))


@router.post("/{completion_id}", response_model=StoredCompletion)
async def update_stored_completion(completion_id: str, body: StoredCompletionUpdate, project: ProjectDep, store: StoreDep) -> Response:
    """Replace the metadata of a stored chat completion. Nothing else of it can be changed."""
    return JSONResponse(describe(await run_in_threadpool(store.update, project, completion_id, body.metadata)))


@router.delete("/{completion_id}")
def delete_stored_completion(completion_id: str, project: ProjectDep, store: StoreDep) -> DeleteResponse:
    """Delete a stored chat completion with its messages."""
    store.delete(project, completion_id)
    return DeleteResponse(id=completion_id, object=DELETED)


@router.get("/{completion_id}/messages", response_model=Page[StoredMessage])
def list_stored_messages(
    completion_id: str, project: ProjectDep, store: StoreDep, query: Annotated[StoredMessageQuery, Query()]
) -> Response:
    """List the messages of the request of a stored chat completion, in their order."""
    page_slice = store.list_messages(project, completion_id, query.page_request())
    return _page([describe_message(row) for row in page_slice.rows], page_slice.has_more)


def _page(data: list[dict[str, Any]], has_more: bool) -> Response:
    return JSONResponse(Page[dict[str, Any]].of(data, has_more).model_dump())

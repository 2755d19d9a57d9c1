"""`/v1/chat/completions` and `/v1/completions`: the engine's own API, with answers from documents if `retrieval` is set."""

from collections.abc import Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode

from services.generation.answers.answer import answer
from services.generation.answers.stored.completions import ChatCompletionStore
from services.generation.answers.stored.store_answer import store_answer
from services.generation.contracts.chat.completions import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionCreate,
    Completion,
    CompletionCreate,
)
from services.generation.dependencies import AnswersDep, AnswerServices, ProjectDep
from services.generation.grounding.request import CHAT, COMPLETIONS, GenerationRequest, read_request, refuse_harmful
from services.generation.http import sse
from services.generation.http.relay import RelayResponse, run_until_disconnect
from services.generation.http.reply import Reply
from shared.web.strict_route import StrictRoute

router = APIRouter(tags=["answers"], route_class=StrictRoute)
ANSWER = "The engine's answer, byte for byte. With `stream`, server-sent events: the data of each is a chunk, that of the last `[DONE]`."
SCHEMA = "#/components/schemas/{model}"


def _responses(model: type[BaseModel], chunk: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI of the answers. The schema of a stream is that of one event's data, as in OpenAI's own document."""
    events = {sse.CONTENT_TYPE: {"schema": _schema(chunk, "serialization")}}
    return {200: {"model": model, "description": ANSWER, "content": events}}


def _request_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return the OpenAPI of a body that the engine parses."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": _schema(model, "validation")}}}}


def _schema(model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    schema = model.model_json_schema(ref_template=SCHEMA, mode=mode)
    return {"$ref": SCHEMA.format(model=model.__name__), "$defs": {**schema.pop("$defs", {}), model.__name__: schema}}


CHAT_DOCS: dict[str, Any] = {
    "responses": _responses(ChatCompletion, ChatCompletionChunk),
    "openapi_extra": _request_body(ChatCompletionCreate),
}
COMPLETION_DOCS: dict[str, Any] = {
    "responses": _responses(Completion, Completion),
    "openapi_extra": _request_body(CompletionCreate),
}


@router.post(CHAT, response_class=Response, **CHAT_DOCS)
async def create_chat_completion(request: Request, project: ProjectDep, answers: AnswersDep) -> Response:
    """Create a chat completion. The request goes to the engine unchanged, unless the field `retrieval` adds documents.

    With `store`, the completion is stored before the end of the answer is sent.
    """
    return await _answer(CHAT, request, project, answers)


@router.post(COMPLETIONS, response_class=Response, **COMPLETION_DOCS)
async def create_completion(request: Request, project: ProjectDep, answers: AnswersDep) -> Response:
    """Create a completion. The request goes to the engine unchanged, unless the field `retrieval` adds documents."""
    return await _answer(COMPLETIONS, request, project, answers)


async def _answer(path: str, request: Request, project: str, answers: AnswerServices) -> RelayResponse:
    call = await read_request(request.stream(), path, answers.max_body_bytes)
    refuse_harmful(call.fields, is_chat=path == CHAT, allows_prompt_logprobs=answers.allows_prompt_logprobs)
    model = await answers.open_model(project, call.model, request.headers)

    def generate(call: GenerationRequest) -> Coroutine[Any, Any, Reply]:
        if options := call.retrieval:
            return answer(call, options, model, answers.open_retriever(request.headers), answers.defaults)
        return model.generate(path, call.body)

    stores = call.metadata is not None
    work = store_answer(call, generate, project, ChatCompletionStore(answers.database)) if stores else generate(call)
    return RelayResponse(await run_until_disconnect(request.receive, work))

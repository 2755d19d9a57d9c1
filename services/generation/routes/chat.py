"""`/v1/chat/completions` and `/v1/completions`: the engine's own API, with answers from documents if `retrieval` is set."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.generation.answers.answer import answer
from services.generation.contracts.grounding import Grounding
from services.generation.dependencies import AnswersDep, AnswerServices, ProjectDep
from services.generation.grounding.request import CHAT, COMPLETIONS, read_request
from services.generation.http import sse
from services.generation.http.relay import RelayResponse, run_until_disconnect
from shared.contracts.chat import RetrievalOptions

router = APIRouter(tags=["answers"])
ANSWER = (
    "The engine's answer, byte for byte. With `retrieval`, it also has these fields; in a stream, they are in one more chunk at the end."
)
INCLUDE = {
    "type": "array",
    "items": {"enum": ["trace"]},
    "description": "Extension, with `retrieval`: include a trace of how the answer was made.",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": Grounding, "description": ANSWER, "content": {sse.CONTENT_TYPE: {"schema": {"type": "string"}}}}
}


def _request_body(field: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI of a body: the fields that Tandem reads, and any other field that the engine accepts."""
    properties = {
        "model": {"type": "string", "description": "A model that /v1/models lists."},
        field: schema,
        "stream": {"type": "boolean", "default": False},
        "retrieval": {**RetrievalOptions.model_json_schema(), "description": "Extension: answer from these vector stores, with citations."},
        "include": INCLUDE,
    }
    body = {"type": "object", "required": ["model", field], "properties": properties, "additionalProperties": True}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}


CHAT_BODY = _request_body("messages", {"type": "array", "items": {"type": "object"}})
COMPLETION_BODY = _request_body("prompt", {"type": "string"})


@router.post(CHAT, response_class=Response, responses=RESPONSES, openapi_extra=CHAT_BODY)
async def create_chat_completion(request: Request, project: ProjectDep, answers: AnswersDep) -> Response:
    """Create a chat completion. The request goes to the engine unchanged, unless the field `retrieval` adds documents."""
    return await _answer(CHAT, request, project, answers)


@router.post(COMPLETIONS, response_class=Response, responses=RESPONSES, openapi_extra=COMPLETION_BODY)
async def create_completion(request: Request, project: ProjectDep, answers: AnswersDep) -> Response:
    """Create a completion. The request goes to the engine unchanged, unless the field `retrieval` adds documents."""
    return await _answer(COMPLETIONS, request, project, answers)


async def _answer(path: str, request: Request, project: str, answers: AnswerServices) -> RelayResponse:
    call = await read_request(request.stream(), path, answers.max_body_bytes)
    model = await answers.open_model(project, call.model, request.headers)
    if options := call.retrieval:
        work = answer(call, options, model, answers.open_retriever(request.headers), answers.defaults)
    else:
        work = model.generate(path, call.body)
    return RelayResponse(await run_until_disconnect(request.receive, work))

"""`/v1/chat/completions` and `/v1/completions`: the engine's own calls, with documents where `retrieval` is given."""

from collections.abc import Awaitable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.generation.answers.answer import answer
from services.generation.dependencies import Parts, PartsDep, ProjectDep, StoresDep
from services.generation.grounding.request import CHAT, COMPLETIONS, read
from services.generation.grounding.retrieve import Stores
from services.generation.http.relay import Relay, Reply, unless_gone, whole
from shared.contracts.chat import Grounding, RetrievalOptions

router = APIRouter(tags=["answers"])
ANSWER = "The engine's answer, byte for byte; with `retrieval` it has these fields, or a last chunk with them where streamed."
INCLUDE = {"type": "array", "items": {"enum": ["trace"]}, "description": "Extension, with `retrieval`: tell how the answer came about."}


ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Grounding, "description": ANSWER, "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


def _documented(field: str, shape: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI of an open body: what Tandem looks at, and room for everything the engine takes."""
    properties = {
        "model": {"type": "string", "description": "A model that /v1/models lists."},
        field: shape,
        "stream": {"type": "boolean", "default": False},
        "retrieval": {**RetrievalOptions.model_json_schema(), "description": "Extension: answer from these stores, and cite."},
        "include": INCLUDE,
    }
    body = {"type": "object", "required": ["model", field], "properties": properties, "additionalProperties": True}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}}


MESSAGES = _documented("messages", {"type": "array", "items": {"type": "object"}})
PROMPT = _documented("prompt", {"type": "string"})


@router.post(CHAT, response_class=Response, responses=ANSWERS, openapi_extra=MESSAGES)
async def create_chat_completion(request: Request, project: ProjectDep, parts: PartsDep, stores: StoresDep) -> Response:
    """Answer a chat. Everything the engine takes passes through as it is; the field `retrieval` adds documents."""
    return await _answered(CHAT, request, project, parts, stores)


@router.post(COMPLETIONS, response_class=Response, responses=ANSWERS, openapi_extra=PROMPT)
async def create_completion(request: Request, project: ProjectDep, parts: PartsDep, stores: StoresDep) -> Response:
    """Go on with a text. Everything the engine takes passes through as it is; the field `retrieval` adds documents."""
    return await _answered(COMPLETIONS, request, project, parts, stores)


async def _answered(path: str, request: Request, project: str, parts: Parts, stores: Stores) -> Relay:
    asked = await read(request, path, parts.max_body_bytes)
    served = await parts.serve(project, asked.model, request.headers)
    return Relay(await unless_gone(request.receive, _whole(answer(asked, served, stores, parts.house))))


async def _whole(answering: Awaitable[Reply]) -> Reply:
    return await whole(await answering)

"""The answer if the documents have none: a fixed text in the engine's formats, plain or streamed, without calling a model."""

import json
import time
from collections.abc import Iterator
from typing import Any

from services.generation.grounding.request import COMPLETIONS, GenerationRequest
from services.generation.http import sse
from services.generation.http.reply import Chunks, HeaderList, Reply
from shared.ids import new_id

MAX_CHOICES = 128
NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
JSON_HEADERS: HeaderList = [("content-type", "application/json")]


def abstain(request: GenerationRequest, text: str) -> Reply:
    """Return a reply in which every requested choice is `text`, with a usage of 0 tokens."""
    n = request.fields.get("n")
    choices = range(n if isinstance(n, int) and 0 < n <= MAX_CHOICES else 1)
    if request.fields.get("stream"):
        return Reply(200, sse.HEADERS, _chunks(_events(request, text, choices)))
    answers = [_choice(request, index, text, "stop", "message") for index in choices]
    body = {**_identity(request, "chat.completion"), "choices": answers, "usage": NO_USAGE}
    return Reply(200, JSON_HEADERS, json.dumps(body).encode())


def _events(request: GenerationRequest, text: str, choices: range) -> Iterator[bytes]:
    identity = _identity(request, "chat.completion.chunk")
    for delta, reason in ((text, None), ("", "stop")):
        for index in choices:
            yield sse.encode({**identity, "choices": [_choice(request, index, delta, reason, "delta")]})
    if (request.fields.get("stream_options") or {}).get("include_usage"):
        yield sse.encode({**identity, "choices": [], "usage": NO_USAGE})
    yield sse.DONE


def _identity(request: GenerationRequest, chat_object: str) -> dict[str, Any]:
    prefix, name = ("cmpl-", "text_completion") if request.path == COMPLETIONS else ("chatcmpl-", chat_object)
    return {"id": new_id(prefix), "object": name, "created": int(time.time()), "model": request.model}


def _choice(request: GenerationRequest, index: int, text: str, reason: str | None, field: str) -> dict[str, Any]:
    if request.path == COMPLETIONS:
        answer: dict[str, Any] = {"text": text}
    elif field == "message":
        answer = {field: {"role": "assistant", "content": text, "refusal": None}}
    else:
        answer = {field: {"role": "assistant", "content": text} if text else {}}
    return {"index": index, **answer, "logprobs": None, "finish_reason": reason}


async def _chunks(events: Iterator[bytes]) -> Chunks:
    for event in events:
        yield event

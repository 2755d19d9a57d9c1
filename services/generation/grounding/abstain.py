"""The answer where the documents have none: a fixed sentence in the engine's shapes, plain or streamed, without asking any model."""

import json
import time
from collections.abc import Iterator
from typing import Any

from services.generation.grounding.request import COMPLETIONS, Asked
from services.generation.http.relay import Chunks, Reply
from services.generation.http.sse import DATA, DONE, SEPARATOR
from shared.ids import new_id

NO_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
JSON = [("content-type", "application/json")]
STREAM = [("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache")]


def abstain(asked: Asked, sentence: str) -> Reply:
    """Return a reply that says `sentence` in every choice that was asked for, with a usage of nothing."""
    wanted = asked.fields.get("n")
    choices = range(wanted if isinstance(wanted, int) and 0 < wanted <= 128 else 1)
    if asked.fields.get("stream"):
        return Reply(200, STREAM, _all(_events(asked, sentence, choices)), _nothing)
    said = [_choice(asked, index, sentence, "stop", "message") for index in choices]
    body = {**_identity(asked, "chat.completion"), "choices": said, "usage": NO_USAGE}
    return Reply(200, JSON, _all(iter([json.dumps(body).encode()])), _nothing)


def _events(asked: Asked, sentence: str, choices: range) -> Iterator[bytes]:
    identity = _identity(asked, "chat.completion.chunk")
    for text, reason in ((sentence, None), ("", "stop")):
        for index in choices:
            yield _event({**identity, "choices": [_choice(asked, index, text, reason, "delta")]})
    if (asked.fields.get("stream_options") or {}).get("include_usage"):
        yield _event({**identity, "choices": [], "usage": NO_USAGE})
    yield DONE + SEPARATOR


def _identity(asked: Asked, kind: str) -> dict[str, Any]:
    prefix, kind = ("cmpl-", "text_completion") if asked.path == COMPLETIONS else ("chatcmpl-", kind)
    return {"id": new_id(prefix), "object": kind, "created": int(time.time()), "model": asked.model}


def _choice(asked: Asked, index: int, text: str, reason: str | None, name: str) -> dict[str, Any]:
    if asked.path == COMPLETIONS:
        said: dict[str, Any] = {"text": text}
    elif name == "message":
        said = {name: {"role": "assistant", "content": text, "refusal": None}}
    else:
        said = {name: {"role": "assistant", "content": text} if text else {}}
    return {"index": index, **said, "logprobs": None, "finish_reason": reason}


def _event(fields: dict[str, Any]) -> bytes:
    return DATA + json.dumps(fields).encode() + SEPARATOR


async def _all(pieces: Iterator[bytes]) -> Chunks:
    for piece in pieces:
        yield piece


async def _nothing() -> None:
    return None

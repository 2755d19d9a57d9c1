"""The flow of an answer that is stored: the engine's request ──▶ the answer ──▶ stored when it is complete ──▶ sent.

It is stored before the client gets the end of it, so that the client can use its id at once. If it cannot be stored, the client gets an
error, not an answer that is missing later. An answer that fails, or whose client disconnects, is not stored.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool

from services.generation.answers.stored.completions import ChatCompletionStore, CompletionRequest
from services.generation.answers.stored.stream import StreamedCompletion
from services.generation.grounding.request import GenerationRequest
from services.generation.http import sse
from services.generation.http.reply import Chunks, Reply
from shared.errors import TandemError
from shared.ids import new_id
from shared.log import get_logger
from shared.validation.off_loop import run_off_loop
from shared.validation.read_json import refuse_unstorable

OWN_FIELDS = ("store", "metadata")  # the engine has no use for them
MESSAGES, USAGE_OPTION = "messages", "include_usage"

Answer = Callable[[GenerationRequest], Awaitable[Reply]]
"""Answers a request."""

log = get_logger(__name__)


@dataclass(frozen=True)
class StoringRequest:
    """A request whose answer is stored: as the engine gets it, and what is stored of it.

    The engine always sends the usage at the end of a stream; `hides_usage` says that the client did not ask for it.
    """

    for_engine: GenerationRequest
    stored: CompletionRequest
    hides_usage: bool


@dataclass(frozen=True)
class Storage:
    """Where an answer is stored: as the completion `identity`, with its id and time, of a project."""

    store: ChatCompletionStore
    project: str
    request: StoringRequest
    identity: Mapping[str, Any]

    async def add(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Store an answer, and return it with its id. Raises DatabaseUnavailable if the database does not respond."""
        body = {**fields, **self.identity}
        await run_in_threadpool(self.store.add, self.project, self.request.stored, body)
        return body


async def store_answer(request: GenerationRequest, answer: Answer, project: str, store: ChatCompletionStore) -> Reply:
    """Return the answer to a request, which is stored. Its id is Tandem's: the engine's is made of the request's id, which may repeat.

    Raises:
        InvalidRequest: if the request cannot be stored.
        DatabaseUnavailable: if the database does not respond.
        TandemError: as `answer` does.
    """
    prepared = await run_off_loop(partial(prepare, request), len(request.body))
    reply = await answer(prepared.for_engine)
    storage = Storage(store, project, prepared, {"id": new_id("chatcmpl-"), "created": int(time.time())})
    headers = [(name, value) for name, value in reply.headers if name.lower() != "content-length"]
    if not isinstance(reply.body, bytes):
        return replace(reply, headers=headers, body=_store_stream(reply.body, storage))
    body = json.dumps(await storage.add(json.loads(reply.body))).encode()
    return replace(reply, headers=[*headers, ("content-length", str(len(body)))], body=body)


def prepare(request: GenerationRequest) -> StoringRequest:
    """Return a request as the engine gets it, with what is stored of it.

    Raises:
        InvalidRequest: if a string or a number in it cannot be stored.
    """
    refuse_unstorable(request.fields)
    fields = {name: value for name, value in request.fields.items() if name not in OWN_FIELDS}
    sent, hides_usage = _request_usage(fields)
    options = {name: value for name, value in fields.items() if name != MESSAGES}
    return StoringRequest(
        for_engine=replace(request, body=json.dumps(sent).encode(), fields=sent),
        stored=CompletionRequest(fields.get(MESSAGES, []), options, request.metadata or {}),
        hides_usage=hides_usage,
    )


def _request_usage(fields: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the fields with a request for the usage, if they ask for a stream, and whether it is a new one."""
    options = fields.get("stream_options") or {}
    if fields.get("stream") is not True or not isinstance(options, dict) or options.get(USAGE_OPTION):
        return fields, False
    return {**fields, "stream_options": {**options, USAGE_OPTION: True}}, True


async def _store_stream(chunks: Chunks, storage: Storage) -> Chunks:
    """Pass on the events with the id of the stored completion, which is stored before the last of them."""
    completion = StreamedCompletion()
    async for event in sse.split_events(chunks):
        if sse.is_done(event):
            yield await _add_streamed(completion, storage) + event
            continue
        chunk = sse.decode(event)
        completion.add(chunk)
        if not (storage.request.hides_usage and _has_only_usage(chunk)):
            yield sse.encode({**chunk, **storage.identity}) if isinstance(chunk, dict) and "id" in chunk else event


async def _add_streamed(completion: StreamedCompletion, storage: Storage) -> bytes:
    """Store a streamed answer if it is complete. Return an error event if it cannot be stored, and nothing otherwise."""
    if not completion.is_complete:
        log.warning("an answer was not stored, because it is not complete")
        return b""
    try:
        await storage.add(completion.fields())
    except TandemError as error:
        log.warning("an answer could not be stored", problem=error.message)
        return sse.encode_error(error)
    return b""


def _has_only_usage(chunk: Any) -> bool:
    return isinstance(chunk, dict) and not chunk.get("choices") and chunk.get("usage") is not None

"""A response (flow 2, as OpenAI's newer API has it): what was said before ──▶ search ──▶ context ──▶ prompt ──▶ engine ──▶ events.

Whether it is streamed or not, the same events are made; a plain answer is what they add up to. What can be refused is refused
before the first event, so that it has its HTTP status.
"""

import json
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.generation.asked import CHAT, TRACE, Asked
from services.generation.cite import grounding
from services.generation.draft import Draft, Event
from services.generation.ground import Answers, Ground, House, ask, ground
from services.generation.items import Item, Message, to_messages
from services.generation.relay import Reply
from services.generation.retrieve import Documents, Embeds
from services.generation.sse import data_of
from shared.contracts.chat import RetrievalOptions
from shared.contracts.responses import FileSearchTool, FunctionChoice, Response, ResponseCreate, TextFormat
from shared.errors import TandemError
from shared.ids import new_id
from shared.log import get_logger

LOGPROBS = "message.output_text.logprobs"
RESULTS = "file_search_call.results"
log = get_logger(__name__)


@dataclass(frozen=True)
class Turn:
    """What is answered: the request, what was said in earlier turns, and this turn's items."""

    asked: ResponseCreate
    history: Sequence[Item]
    items: Sequence[Item]


@dataclass(frozen=True)
class Begun:
    """A response whose answer is on its way: the draft, the engine's reply, and what the answer is built on, where from documents."""

    draft: Draft
    reply: Reply
    ground: Ground | None = None


async def begin(turn: Turn, engine: Answers, stores: Documents, house: House) -> Begun:
    """Search, choose the passages that fit, write the prompt, and ask the engine.

    Raises:
        InvalidRequest, ContextTooLong, NotFound, Unavailable, DeadlineExceeded: as the steps do.
    """
    options = _options(turn.asked.search)
    chat = Asked(CHAT, b"", _chat(turn), turn.asked.model, options, trace=TRACE in turn.asked.include)
    if options is None:
        return Begun(Draft(_new(turn.asked)), await engine.ask(CHAT, json.dumps(chat.fields).encode()))
    grounded = await ground(chat, options, engine, stores, house)
    reply = await ask(grounded, engine)
    return Begun(Draft(_new(turn.asked)), reply, grounded)


async def events(begun: Begun, asked: ResponseCreate, stores: Embeds) -> AsyncGenerator[Event, None]:
    """Yield every event of the response; afterwards `begun.draft.response` is whole."""
    draft = begun.draft
    for event in (*draft.begin(), *_searched(begun, RESULTS in asked.include)):
        yield event
    try:
        async for chunk in _sound(data_of(begun.reply.chunks)):
            for event in draft.take(chunk):
                yield event
        if begun.ground:
            draft.grounding = await grounding({0: draft.text}, begun.ground, stores)
        last = draft.finish()
    except TandemError as error:
        log.warning("a response broke off", problem=error.message)
        last = draft.fail("server_error", error.message)
    finally:
        await begun.reply.close()
    for event in last:
        yield event


def _searched(begun: Begun, show: bool) -> Iterator[Event]:
    if begun.ground:
        yield from begun.draft.searched([begun.ground.query.text], begun.ground.given, show)


async def _sound(chunks: AsyncGenerator[dict[str, Any], None]) -> AsyncGenerator[dict[str, Any], None]:
    """Pass chunks along. Raises TandemError where one of them is an error."""
    async for chunk in chunks:
        if error := chunk.get("error"):
            raise TandemError(str(error.get("message") or error))
        yield chunk


def _new(asked: ResponseCreate) -> Response:
    shown = set(Response.model_fields) & set(ResponseCreate.model_fields)
    given = {name: getattr(asked, name) for name in shown if getattr(asked, name) is not None}
    return Response(id=new_id("resp_"), created_at=int(time.time()), status="in_progress", **given)


def _options(tool: FileSearchTool | None) -> RetrievalOptions | None:
    if tool is None:
        return None
    return RetrievalOptions(**{name: getattr(tool, name) for name in type(tool).model_fields if name != "type"})


def _chat(turn: Turn) -> dict[str, Any]:
    """Return the engine's chat call."""
    asked = turn.asked
    told: list[Message] = [{"role": "system", "content": asked.instructions}] if asked.instructions else []
    fields: dict[str, Any] = {
        "model": asked.model,
        "messages": [*told, *to_messages([*turn.history, *turn.items])],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": asked.temperature,
        "top_p": asked.top_p,
        "max_completion_tokens": asked.max_output_tokens,
        "response_format": _format(asked.text.format),
    }
    if LOGPROBS in asked.include:
        fields |= {"logprobs": True, "top_logprobs": asked.top_logprobs or 0}
    if asked.functions:
        fields |= {"tools": _tools(asked), "tool_choice": _choice(asked), "parallel_tool_calls": asked.parallel_tool_calls}
    return {name: value for name, value in fields.items() if value is not None}


def _format(format: TextFormat) -> dict[str, Any] | None:
    if format.type == "text":
        return None
    given = format.model_dump(exclude_none=True)
    kind = given.pop("type")
    return {"type": kind, kind: given} if kind == "json_schema" else {"type": kind}


def _tools(asked: ResponseCreate) -> list[dict[str, Any]]:
    return [{"type": "function", "function": tool.model_dump(exclude_none=True, exclude={"type"})} for tool in asked.functions]


def _choice(asked: ResponseCreate) -> Any:
    choice = asked.tool_choice
    if isinstance(choice, FunctionChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return choice if isinstance(choice, str) else "auto"

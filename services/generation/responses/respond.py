"""A response (flow 2, as OpenAI's newer API has it): what was said before ──▶ search ──▶ context ──▶ prompt ──▶ engine ──▶ events.

Where the search is offered to the model, the engine comes first: it is asked again with what each search found, until it answers.
Whether it is streamed or not, the same events are made; a plain answer is what they add up to. What can be refused is refused
before the first event, so that it has its HTTP status.
"""

import json
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.generation.answers.cite import grounding
from services.generation.grounding import prompt
from services.generation.grounding.ground import Ground, ask, ground
from services.generation.grounding.request import CHAT, TRACE, Asked
from services.generation.http.relay import Reply
from services.generation.http.sse import data_of
from services.generation.responses import chat_call, search_tool, truncate
from services.generation.responses.items import Item
from services.generation.responses.search_round import Sources, consult
from services.generation.responses.writer import Draft, Event
from shared.contracts.chat import RetrievalOptions
from shared.contracts.responses import FileSearchTool, Response, ResponseCreate, Status
from shared.errors import InvalidRequest, TandemError, TooManyRequests
from shared.ids import new_id
from shared.log import get_logger

MOST_ROUNDS = 5  # of searching by the model, after which it must answer

log = get_logger(__name__)


@dataclass(frozen=True)
class Turn:
    """What is answered: the request, what was said in earlier turns, and this turn's items."""

    asked: ResponseCreate
    history: Sequence[Item]
    items: Sequence[Item]


@dataclass
class Begun:
    """A response whose answer is on its way: the draft, the engine's call and its reply, and what it is built on, where on documents.

    `asked` is the engine's call as it stands before passages are put into it. All of these change when the engine is asked again.
    `problem` is what broke it off.
    """

    turn: Turn
    draft: Draft
    sources: Sources
    asked: Asked
    reply: Reply
    ground: Ground | None = None
    problem: TandemError | None = None


def new(asked: ResponseCreate, status: Status = "in_progress") -> Response:
    """Return the response to `asked` before anything is said."""
    shown = (set(Response.model_fields) & set(ResponseCreate.model_fields)) - {"service_tier"}
    given = {name: getattr(asked, name) for name in shown}
    return Response(id=new_id("resp_"), created_at=int(time.time()), status=status, **given)


async def begin(turn: Turn, draft: Draft, sources: Sources) -> Begun:
    """Ask the engine: after searching, or with the search among its tools.

    Raises:
        InvalidRequest, ContextTooLong, NotFound, Unavailable, DeadlineExceeded: as the steps do.
    """
    if sources.offers.suits(turn.asked):
        try:
            return await _offer(turn, draft, sources)
        except InvalidRequest as error:
            if not sources.offers.is_refused(turn.asked, error):
                raise
    return await _search(turn, draft, sources)


async def _offer(turn: Turn, draft: Draft, sources: Sources) -> Begun:
    asked = turn.asked

    def write(items: Sequence[Item]) -> dict[str, Any]:
        return search_tool.offered(chat_call.chat(asked, items), asked)

    items = await truncate.to_window(asked, [*turn.history, *turn.items], write, sources.engine)
    chat = _chat(asked, write(items))
    reply = await sources.engine.ask(CHAT, json.dumps(chat.fields).encode())
    draft.is_offered = True
    return Begun(turn, draft, sources, chat, reply)


async def _search(turn: Turn, draft: Draft, sources: Sources) -> Begun:
    asked, said = turn.asked, [*turn.history, *turn.items]
    beside = asked.search.max_context_tokens if asked.search else 0
    items = await truncate.to_window(asked, said, lambda items: chat_call.chat(asked, items), sources.engine, beside)
    chat = _chat(asked, chat_call.chat(asked, items))
    if chat.retrieval is None:
        return Begun(turn, draft, sources, chat, await sources.engine.ask(CHAT, json.dumps(chat.fields).encode()))
    grounded = await ground(chat, chat.retrieval, sources.engine, sources.documents, sources.house)
    return Begun(turn, draft, sources, chat, await ask(grounded, sources.engine), grounded)


async def events(begun: Begun) -> AsyncGenerator[Event, None]:
    """Yield every event of the response that is still to come; afterwards `begun.draft.response` is whole."""
    draft = begun.draft
    for event in (*draft.begin(), *_searched(begun)):
        yield event
    try:
        async for event in _rounds(begun):
            yield event
        last = draft.finish()
    except TandemError as error:
        log.warning("a response broke off", problem=error.message)
        begun.problem = error
        last = draft.fail(failure_code(error), error.message)
    for event in last:
        yield event


def _searched(begun: Begun) -> Iterator[Event]:
    if begun.ground:
        yield from begun.draft.search([begun.ground.query.text])
        yield from begun.draft.found(begun.ground.given)


async def _rounds(begun: Begun) -> AsyncGenerator[Event, None]:
    """Yield what the engine says, and searches for, until it is done."""
    draft = begun.draft
    for number in range(1, MOST_ROUNDS + 1):
        async for event in _said(begun):
            yield event
        if begun.ground:
            draft.grounding = await grounding({0: draft.said}, begun.ground, begun.sources.documents)
        said, calls = draft.said, _admitted(begun)
        for event in draft.end_round():
            yield event
        if not calls:
            return
        async for event in _look_up(begun, said, calls):
            yield event
        await _ask_again(begun, is_last=number + 1 >= MOST_ROUNDS)


async def _look_up(begun: Begun, said: str, calls: Sequence[search_tool.Call]) -> AsyncGenerator[Event, None]:
    """Yield the events of the searches that the model asked for; what is found is told to it."""
    _tell(begun, search_tool.called(said, calls))
    for call in calls:
        queries = search_tool.queries_of(call, prompt.question(begun.asked))
        for event in begun.draft.search(queries):
            yield event
        found = await consult(queries, begun.asked, begun.ground, begun.sources)
        begun.ground = found.ground
        _tell(begun, search_tool.returned(call, found.text))
        for event in begun.draft.found(found.given):
            yield event


async def _said(begun: Begun) -> AsyncGenerator[Event, None]:
    try:
        async for chunk in _sound(data_of(begun.reply.chunks)):
            for event in begun.draft.take(chunk):
                yield event
    finally:
        await begun.reply.close()


def _admitted(begun: Begun) -> list[search_tool.Call]:
    """Return the calls of this round that `max_tool_calls` leaves; further ones are passed over, as OpenAI does."""
    most = begun.turn.asked.max_tool_calls
    return begun.draft.calls if most is None else begun.draft.calls[: max(most - begun.draft.searches, 0)]


def _tell(begun: Begun, message: dict[str, Any]) -> None:
    fields = begun.asked.fields
    begun.asked = replace(begun.asked, fields={**fields, "messages": [*fields["messages"], message]})


async def _ask_again(begun: Begun, *, is_last: bool) -> None:
    """Ask the engine again. The tools stay in its call even where none may be used any more: the prompt's beginning is cached."""
    most = begun.turn.asked.max_tool_calls
    is_over = is_last or (most is not None and begun.draft.searches >= most)
    begun.asked = replace(begun.asked, fields={**begun.asked.fields, "tool_choice": "none" if is_over else "auto"})
    body = json.dumps(begun.asked.fields).encode()
    if begun.ground:
        begun.ground = replace(begun.ground, asked=begun.asked, body=body)
    begun.reply = await begun.sources.engine.ask(CHAT, body)


async def _sound(chunks: AsyncGenerator[dict[str, Any], None]) -> AsyncGenerator[dict[str, Any], None]:
    """Pass chunks along. Raises TandemError where one of them is an error."""
    async for chunk in chunks:
        if error := chunk.get("error"):
            raise TandemError(str(error.get("message") or error))
        yield chunk


def failure_code(error: TandemError) -> str:
    """Return the code under which a response fails: one of those that OpenAI has."""
    if isinstance(error, TooManyRequests):
        return "rate_limit_exceeded"
    return "server_error" if error.status >= 500 else "invalid_prompt"


def _chat(asked: ResponseCreate, fields: dict[str, Any]) -> Asked:
    return Asked(CHAT, b"", fields, asked.model, _options(asked.search), trace=TRACE in asked.include)


def _options(tool: FileSearchTool | None) -> RetrievalOptions | None:
    if tool is None:
        return None
    return RetrievalOptions(**{name: getattr(tool, name) for name in type(tool).model_fields if name != "type"})

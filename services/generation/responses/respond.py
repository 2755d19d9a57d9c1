"""A response (flow 2, in the shape of OpenAI's Responses API): the conversation becomes events.

    truncate ──▶ search ──▶ prompt ──▶ the engine ──▶ cite          the stores are searched first
    truncate ──▶ the engine ──▶ search ──▶ the engine … ──▶ cite    the model decides about the search, for up to 5 rounds

A plain response is what the events of a streamed one add up to. Errors that `start` raises come before the first event, so that they
have their HTTP status.
"""

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from services.generation.answers.citations import ground_answer
from services.generation.contracts.grounding import Grounding
from services.generation.contracts.responses.response import ResponseCreate
from services.generation.contracts.responses.tools import FileSearchTool
from services.generation.grounding.ground import Abstention, GroundedPrompt, RetrievedContext, generate, ground
from services.generation.grounding.request import CHAT, TRACE, GenerationRequest, option_errors, question
from services.generation.grounding.template import read_template
from services.generation.http.reply import Reply
from services.generation.http.sse import read_events
from services.generation.responses import chat_call, search_round, search_tool
from services.generation.responses.items import Item
from services.generation.responses.search_tool import SearchCall
from services.generation.responses.truncate import BuildCall, truncate
from services.generation.responses.turn import Backends, Turn
from services.generation.responses.writer import Event, ResponseWriter
from shared.contracts.chat import RetrievalOptions
from shared.errors import ContextTooLong, InvalidRequest

MAX_ROUNDS = 5  # calls of the engine in one response; in the last the model must answer

Events = AsyncGenerator[Event, None]


@dataclass(frozen=True)
class EngineCall:
    """A call of the engine whose reply is still to be read.

    `request` has no passages in its messages but those that the model asked for. `grounded` is what the reply is based on, None without
    documents. `num_searches` counts the searches that the model asked for so far, and `number` the calls, from 1.
    """

    request: GenerationRequest
    reply: Reply
    grounded: GroundedPrompt | Abstention | None = None
    offers_search: bool = False
    num_searches: int = 0
    number: int = 1


async def check_turn(turn: Turn) -> None:
    """Raise InvalidRequest if the prompt is empty, or its template is not valid: a mistake that only a search would find."""
    request = turn.request
    chat_call.prompt_fields(request, request.model, [*turn.history, *turn.items])
    if request.search and request.search.prompt_template:
        with _search_errors(request):
            await read_template(request.search.prompt_template)


async def start(turn: Turn, backends: Backends) -> EngineCall:
    """Call the engine, either after a search or with the search among its tools.

    Raises:
        InvalidRequest: if an option or an item cannot be used.
        ContextTooLong: if the conversation or the passages do not fit.
        NotFound: if a vector store does not exist.
        Unavailable, DeadlineExceeded: if retrieval or the engine does not answer.
    """
    request = turn.request
    await check_turn(turn)
    with chat_call.engine_errors(request):
        if request.search and backends.search_policy.is_offered(request):
            try:
                return await _start_with_search_tool(turn, backends)
            except InvalidRequest as error:
                if not backends.search_policy.remember_rejection(request, error):
                    raise
        return await _start_after_search(turn, backends)


async def _start_with_search_tool(turn: Turn, backends: Backends) -> EngineCall:
    def build_call(items: Sequence[Item]) -> dict[str, Any]:
        return search_tool.add_search_tool(chat_call.build(turn.request, items), turn.request)

    chat = _chat_request(turn.request, await _build_in_window(turn, build_call, backends))
    return EngineCall(chat, await backends.model.generate(CHAT, chat.body), offers_search=True)


async def _start_after_search(turn: Turn, backends: Backends) -> EngineCall:
    request = turn.request
    passage_tokens = request.search.max_context_tokens if request.search else 0
    fields = await _build_in_window(turn, lambda items: chat_call.build(request, items), backends, passage_tokens)
    chat = _chat_request(request, fields)
    if chat.retrieval is None:
        return EngineCall(chat, await backends.model.generate(CHAT, chat.body))
    with _search_errors(request):
        grounded = await ground(chat, chat.retrieval, backends.model, backends.retriever, backends.defaults)
    return EngineCall(chat, await generate(grounded, backends.model), grounded)


async def _build_in_window(turn: Turn, build_call: BuildCall, backends: Backends, passage_tokens: int = 0) -> dict[str, Any]:
    items: Sequence[Item] = [*turn.history, *turn.items]
    if turn.request.truncation == "auto":
        items = await truncate(turn.request, items, build_call, backends.model, passage_tokens)
    return build_call(items)


@dataclass(frozen=True)
class RunContext:
    """What the rounds of one response share."""

    turn: Turn
    backends: Backends
    writer: ResponseWriter


async def answer(turn: Turn, call: EngineCall, backends: Backends, writer: ResponseWriter) -> Events:
    """Yield the events of the output: of the search before the first call, then of every round until the model has answered.

    Raises:
        TandemError: if the engine or a search fails.
    """
    if call.grounded:
        for event in (*writer.begin_search([call.grounded.context.query.text]), *writer.end_search(call.grounded.context.passages)):
            yield event
    with chat_call.engine_errors(turn.request):
        async with aclosing(_run_rounds(RunContext(turn, backends, writer), call)) as events:
            async for event in events:
                yield event


async def _run_rounds(run: RunContext, call: EngineCall) -> Events:
    """Yield the events of one reply of the engine and, if the model asks for searches in it, of the rounds after it."""
    async with aclosing(_read_reply(run, call)) as events:
        async for event in events:
            yield event
    text, calls = run.writer.text, _allowed_calls(run.turn.request, call, run.writer.search_calls)
    for event in run.writer.end_round(await _cite(run, text, call)):
        yield event
    if calls and (options := call.request.retrieval):
        async with aclosing(_search_and_call_again(run, call, options, text, calls)) as events:
            async for event in events:
                yield event


async def _read_reply(run: RunContext, call: EngineCall) -> Events:
    try:
        async with aclosing(read_events(call.reply.chunks)) as chunks:
            async for chunk in chunks:
                for event in run.writer.write(chunk, offers_search=call.offers_search):
                    yield event
    finally:
        await call.reply.close()


async def _cite(run: RunContext, text: str, call: EngineCall) -> Grounding | None:
    return await ground_answer({0: text}, call.grounded, run.backends.retriever) if call.grounded else None


async def _search_and_call_again(
    run: RunContext, call: EngineCall, options: RetrievalOptions, text: str, calls: Sequence[SearchCall]
) -> Events:
    """Yield the events of the searches that the model asks for, then those of the next round, in which it reads what they found."""
    request = _add_message(call.request, search_tool.assistant_message(text, calls))
    context = call.grounded.context if call.grounded else None
    for search_call in calls:
        with _search_errors(run.turn.request):
            queries = search_tool.parse_queries(search_call, question(request))
        for event in run.writer.begin_search(queries):
            yield event
        with _search_errors(run.turn.request):
            search = await search_round.search(queries, request, options, context, run.backends)
        request, context = _add_message(request, search_tool.tool_message(search_call, search.text)), search.context
        for event in run.writer.end_search(search.passages):
            yield event
    searched = replace(call, request=request, num_searches=call.num_searches + len(calls))
    async with aclosing(_run_rounds(run, await _call_again(run, searched, context))) as events:
        async for event in events:
            yield event


async def _call_again(run: RunContext, call: EngineCall, context: RetrievedContext | None) -> EngineCall:
    """Call the engine with what the searches found. The tools stay in the call even if none may be used: its beginning is in the cache."""
    is_last = call.number + 1 >= MAX_ROUNDS or _searches_left(run.turn.request, call) == 0
    chat = _chat_request(run.turn.request, {**call.request.fields, "tool_choice": "none" if is_last else "auto"})
    grounded = GroundedPrompt(replace(context, request=chat), chat.body) if context else None
    reply = await run.backends.model.generate(CHAT, chat.body)
    return replace(call, request=chat, reply=reply, grounded=grounded, number=call.number + 1)


@contextmanager
def _search_errors(request: ResponseCreate) -> Iterator[None]:
    """Name the fields in errors of a search as the client wrote them: the options of the tool, and `input` for the messages."""
    try:
        with option_errors(request.search_path):
            yield
    except InvalidRequest as error:
        if error.param == "messages" and not isinstance(error, ContextTooLong):
            raise InvalidRequest("With 'file_search', the last user message in 'input' must have text.", param="input") from error
        raise


def _allowed_calls(request: ResponseCreate, call: EngineCall, calls: list[SearchCall]) -> list[SearchCall]:
    """Return the calls that `max_tool_calls` allows. OpenAI ignores further ones too."""
    left = _searches_left(request, call)
    return [] if call.number >= MAX_ROUNDS else calls if left is None else calls[:left]


def _searches_left(request: ResponseCreate, call: EngineCall) -> int | None:
    return None if request.max_tool_calls is None else max(request.max_tool_calls - call.num_searches, 0)


def _chat_request(request: ResponseCreate, fields: dict[str, Any]) -> GenerationRequest:
    body = json.dumps(fields).encode()
    options = _retrieval_options(request.search) if request.search else None
    return GenerationRequest(CHAT, body, fields, request.model, options, trace=TRACE in request.include)


def _add_message(request: GenerationRequest, message: dict[str, Any]) -> GenerationRequest:
    return replace(request, fields={**request.fields, "messages": [*request.fields["messages"], message]})


def _retrieval_options(tool: FileSearchTool) -> RetrievalOptions:
    return RetrievalOptions(**{name: getattr(tool, name) for name in type(tool).model_fields if name != "type"})

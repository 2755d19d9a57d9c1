"""Runs the events of a response, stores the response, and ends it. The only place that does, for all three ways to get one.

- `deliver`: the client gets the whole response when it is done.
- `stream`: the client, or the queue of a response in the background, gets the events as they come.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from starlette.concurrency import run_in_threadpool

from services.generation.contracts.responses.response import Response
from services.generation.responses.store import ResponseStore
from services.generation.responses.turn import Turn
from services.generation.responses.writer import Event, ResponseWriter
from shared.errors import DatabaseUnavailable, TandemError, TooManyRequests, Unavailable
from shared.log import get_logger

INTERNAL_ERROR = "Something went wrong here."

End = Callable[[Response, Event], Awaitable[None]]
"""Stores a response that has ended, and its last event."""

log = get_logger(__name__)


def store_turn(store: ResponseStore, project: str, turn: Turn) -> End:
    """Return what stores the response of a turn, unless its request has `store: false`."""

    async def end(response: Response, _: Event) -> None:
        if turn.request.store:
            await run_in_threadpool(store.add, project, response, turn.items)

    return end


async def deliver(answer: AsyncGenerator[Event, None], writer: ResponseWriter, end: End) -> dict[str, Any]:
    """Return the response as it is sent, after it is stored.

    Raises:
        TandemError: if the answer fails; the response is not stored then.
    """
    try:
        async with aclosing(answer) as events:
            async for _ in events:
                pass
    except TandemError as error:
        log.warning("a response failed", problem=error.message)
        raise error if error.status < 500 else Unavailable(error.message) from error
    last = writer.finish()
    await end(writer.response, last)
    return dict(last["response"])


async def stream(answer: AsyncGenerator[Event, None], writer: ResponseWriter, end: End) -> AsyncGenerator[Event, None]:
    """Yield every event; if the answer fails, the last is `response.failed`.

    The response is stored before the last event, so that the next turn can continue from it as soon as the client has that event.

    Raises:
        DatabaseUnavailable: if the database does not answer.
    """
    for event in writer.begin():
        yield event
    try:
        async with aclosing(answer) as events:
            async for event in events:
                yield event
        last = writer.finish()
    except DatabaseUnavailable:
        raise
    except TandemError as error:
        log.warning("a response failed", problem=error.message)
        last = writer.fail(failure_code(error), error.message)
    except Exception:
        log.exception("a response failed")
        last = writer.fail("server_error", INTERNAL_ERROR)
    await end(writer.response, last)
    yield last


def failure_code(error: TandemError) -> str:
    """Return OpenAI's code for a response that failed with `error`."""
    if isinstance(error, TooManyRequests):
        return "rate_limit_exceeded"
    return "server_error" if error.status >= 500 else "invalid_prompt"

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from services.generation.contracts.responses.response import Response, ResponseCreate
from services.generation.responses import deliver
from services.generation.responses.writer import Event, ResponseWriter, new_response
from shared.errors import ContextTooLong, DatabaseUnavailable, DeadlineExceeded, TooManyRequests, Unavailable


class FakeStore:
    """Keeps the response that ended."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str]] = []

    async def end(self, response: Response, last: Event) -> None:
        self.ended.append((response.status, last["type"]))


def new_writer() -> ResponseWriter:
    return ResponseWriter(new_response(ResponseCreate(model="tiny", input="one")))


async def answer_with(writer: ResponseWriter, error: Exception | None = None) -> AsyncGenerator[Event, None]:
    for event in writer.write({"choices": [{"index": 0, "delta": {"content": "one"}, "finish_reason": "stop"}]}):
        yield event
    if error:
        raise error
    for event in writer.end_round():
        yield event


def run_stream(error: Exception | None = None) -> tuple[list[str], FakeStore]:
    """Return the types of the events, and `stored` before the last one."""
    writer, store, types = new_writer(), FakeStore(), list[str]()

    async def run() -> None:
        async for event in deliver.stream(answer_with(writer, error), writer, store.end):
            types.append(f"{event['type']}{' (stored)' if store.ended else ''}".removeprefix("response."))

    asyncio.run(run())
    return types, store


def test_a_response_is_stored_before_its_last_event() -> None:
    types, store = run_stream()
    assert types[:2] == ["created", "in_progress"]
    assert types[-2:] == ["output_item.done", "completed (stored)"]
    assert store.ended == [("completed", "response.completed")]


@pytest.mark.parametrize("error", [Unavailable("The engine died."), ZeroDivisionError("a bug")])
def test_a_stream_whose_answer_fails_ends_with_response_failed(error: Exception) -> None:
    types, store = run_stream(error)
    assert types[-1] == "failed (stored)"
    assert store.ended == [("failed", "response.failed")]


def test_a_stream_without_a_database_breaks_off() -> None:
    with pytest.raises(DatabaseUnavailable):
        run_stream(DatabaseUnavailable("The database is gone."))


def test_a_plain_response_is_stored_and_returned() -> None:
    writer, store = new_writer(), FakeStore()
    body: dict[str, Any] = asyncio.run(deliver.deliver(answer_with(writer), writer, store.end))
    assert (body["id"], body["status"], body["output"][0]["content"][0]["text"]) == (writer.response.id, "completed", "one")
    assert store.ended == [("completed", "response.completed")]


@pytest.mark.parametrize(("error", "kind"), [(ContextTooLong("Too long."), ContextTooLong), (DeadlineExceeded("Too slow."), Unavailable)])
def test_a_plain_response_that_fails_is_an_error_and_is_not_stored(error: Exception, kind: type[Exception]) -> None:
    writer, store = new_writer(), FakeStore()
    with pytest.raises(kind, match="Too"):
        asyncio.run(deliver.deliver(answer_with(writer, error), writer, store.end))
    assert store.ended == []


def test_a_failed_response_has_one_of_openais_codes() -> None:
    errors = (TooManyRequests("x"), Unavailable("x"), ContextTooLong("x"))
    assert [deliver.failure_code(error) for error in errors] == ["rate_limit_exceeded", "server_error", "invalid_prompt"]

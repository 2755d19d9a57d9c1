import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from services.generation.http import sse
from shared.errors import InvalidRequest, TandemError, TooManyRequests, Unavailable

pytestmark = pytest.mark.anyio
EVENTS = sse.encode({"text": "\u00e9"}) + sse.encode_named({"type": "response.created"}) + sse.DONE


async def cut(body: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


def test_events_are_written_as_openai_writes_them() -> None:
    assert sse.encode({"a": 1}) == b'data: {"a": 1}\n\n'
    assert sse.encode_named({"type": "x"}) == b'event: x\ndata: {"type": "x"}\n\n'
    assert sse.DONE == b"data: [DONE]\n\n"


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
async def test_events_are_whole_however_the_stream_was_cut(size: int) -> None:
    events = [event async for event in sse.split_events(cut(EVENTS, size))]
    assert b"".join(events) == EVENTS
    assert [sse.is_done(event) for event in events] == [False, False, True]
    assert sse.decode(events[0]) == {"text": "\u00e9"}
    assert sse.decode(events[2]) is None


async def test_an_unfinished_event_at_the_end_is_kept() -> None:
    assert [event async for event in sse.split_events(cut(b"data: 1\n\ndata: 2", 100))] == [b"data: 1\n\n", b"data: 2"]


async def test_the_data_of_events_ends_before_the_done_event() -> None:
    assert [data async for data in sse.read_events(cut(sse.encode({"a": 1}) + b": comment\n\n" + sse.DONE, 4))] == [{"a": 1}]


@pytest.mark.parametrize("data", [b"nonsense", b"[1]", b"\xff"])
async def test_data_that_is_not_an_object_is_an_error(data: bytes) -> None:
    with pytest.raises(Unavailable, match="not a JSON object"):
        [each async for each in sse.read_events(cut(b"data: " + data + b"\n\n", 100))]


def test_the_headers_of_a_stream_name_its_type() -> None:
    assert json.dumps(sse.HEADERS).startswith('[["content-type", "text/event-stream; charset=utf-8"]')


@pytest.mark.parametrize(
    ("error", "kind", "message"),
    [
        ({"message": "It is too long.", "type": "BadRequestError", "param": None, "code": 400}, InvalidRequest, "It is too long."),
        ({"message": "It is busy.", "code": 429}, TooManyRequests, "It is busy."),
        ({"message": "EngineCore died", "code": 500}, TandemError, "EngineCore died"),
        ({"message": "EngineCore died", "code": ["gone"]}, TandemError, "EngineCore died"),
        ({"message": None}, TandemError, "{'message': None}"),
        ("gone", TandemError, "gone"),
    ],
)
async def test_an_error_in_an_event_is_raised_with_its_status(error: Any, kind: type[TandemError], message: str) -> None:
    events = sse.read_events(cut(sse.encode({"a": 1}) + sse.encode({"error": error}) + sse.DONE, 1000))
    assert await anext(events) == {"a": 1}
    with pytest.raises(TandemError) as raised:
        await anext(events)
    assert (type(raised.value), raised.value.message) == (kind, message)

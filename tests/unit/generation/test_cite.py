import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from services.generation.cite import citations_of, cite
from services.generation.relay import Reply
from tests.fakes import make_hit

pytestmark = pytest.mark.anyio
HITS = [make_hit("first", 0.9, page=3), make_hit("second", 0.5, position=1)]
CHUNK = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "model": "tiny", "choices": [{"delta": {"content": "é"}}]}
EVENT = b"data: " + json.dumps(CHUNK, ensure_ascii=False).encode() + b"\n\n"
DONE = b"data: [DONE]\n\n"


class Closing:
    """Counts how often a reply was closed."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


async def pieces(whole: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def stream(whole: bytes, size: int = 1000) -> Reply:
    return Reply(200, [("content-type", "text/event-stream; charset=utf-8")], pieces(whole, size), Closing())


async def read(reply: Reply) -> bytes:
    return b"".join([chunk async for chunk in reply.chunks])


def test_citations_are_numbered_from_one_and_say_where_the_text_lies() -> None:
    first, second = citations_of(HITS)
    assert (first.index, second.index) == (1, 2)
    assert (first.file_id, first.text, first.score, first.chunk.page) == ("file-a", "first", 0.9, 3)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
async def test_the_stream_is_passed_along_with_one_chunk_before_its_end_however_it_was_cut(size: int) -> None:
    said = await read(await cite(stream(EVENT * 3 + DONE, size), HITS))
    assert said.startswith(EVENT * 3)
    assert said.endswith(DONE)
    extra: dict[str, Any] = json.loads(said[len(EVENT * 3) : -len(DONE)].removeprefix(b"data: "))
    assert (extra["id"], extra["object"], extra["created"], extra["model"]) == ("chatcmpl-1", "chat.completion.chunk", 5, "tiny")
    assert extra["choices"] == []
    assert [citation["index"] for citation in extra["citations"]] == [1, 2]


async def test_a_stream_that_ends_with_an_error_stays_well_formed() -> None:
    error = b'data: {"error": {"message": "gone", "type": "InternalServerError", "param": null, "code": 500}}\n\n'
    said = await read(await cite(stream(EVENT + error + DONE), HITS))
    events = said.removesuffix(b"\n\n").split(b"\n\n")
    assert events[:2] == [EVENT.strip(), error.strip()]
    assert json.loads(events[2].removeprefix(b"data: "))["citations"]
    assert events[3] == DONE.strip()


async def test_a_stream_of_nothing_but_an_error_gets_no_citations() -> None:
    error = b'data: {"error": {"message": "gone"}}\n\n'
    assert await read(await cite(stream(error + DONE), HITS)) == error + DONE


async def test_an_end_without_its_blank_line_still_has_the_citations_before_it() -> None:
    said = await read(await cite(stream(EVENT + b"data: [DONE]"), HITS))
    assert b'"citations"' in said
    assert said.endswith(b"data: [DONE]")


async def test_a_plain_answer_gets_a_field_and_its_new_length() -> None:
    closing = Closing()
    body = json.dumps({"id": "chatcmpl-1", "choices": [{"message": {"content": "é"}}]}).encode()
    headers = [("content-type", "application/json"), ("content-length", str(len(body)))]
    cited = await cite(Reply(200, headers, pieces(body, 5), closing), HITS[:1])
    said = await read(cited)
    assert dict(cited.headers)["content-length"] == str(len(said))
    assert json.loads(said)["choices"] == [{"message": {"content": "é"}}]
    assert json.loads(said)["citations"][0]["text"] == "first"
    assert closing.times == 1

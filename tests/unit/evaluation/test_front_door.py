"""The front door's HTTP is translated both ways."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
import pytest

from services.evaluation.front_door import Completion, HttpFrontDoor
from shared.errors import InvalidRequest, NotFound, TooManyRequests, Unavailable

T = TypeVar("T")
Answer = Callable[[httpx.Request], httpx.Response]


def call(answer: Answer, use: Callable[[HttpFrontDoor], Awaitable[T]]) -> T:
    async def run() -> T:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://door") as client:
            return await use(HttpFrontDoor(client))

    return asyncio.run(run())


def complete(answer: Answer) -> Completion:
    return call(answer, lambda door: door.complete({"model": "m"}))


def test_a_completion_gives_text_tokens_and_citations() -> None:
    body = {
        "choices": [{"message": {"content": "Sandpiper"}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
        "citations": [{"index": 1}],
    }
    assert complete(lambda _: httpx.Response(200, json=body)) == Completion("Sandpiper", 7, 2, [{"index": 1}])


def test_what_no_database_takes_is_replaced() -> None:
    body = b'{"choices": [{"message": {"content": "a\\u0000b\\ud800"}}], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}'
    assert complete(lambda _: httpx.Response(200, content=body)).text == "a\N{REPLACEMENT CHARACTER}b?"


@pytest.mark.parametrize("body", ["[]", "no json", '{"choices": []}', '{"choices": [{"message": null}], "usage": {}}'])
def test_an_answer_that_is_no_completion_is_a_neighbour_out_of_order(body: str) -> None:
    with pytest.raises(Unavailable, match="something else than a chat completion"):
        complete(lambda _: httpx.Response(200, text=body))


def test_errors_become_ours_with_the_front_doors_own_words() -> None:
    def refuse(status: int, message: str) -> Answer:
        return lambda _: httpx.Response(status, json={"error": {"message": message, "param": "model", "code": "c"}})

    for status, kind in ((400, InvalidRequest), (404, NotFound), (429, TooManyRequests), (503, Unavailable)):
        with pytest.raises(kind, match="No such model"):
            complete(refuse(status, "No such model."))
    with pytest.raises(Unavailable, match="The front door answered 502"):
        complete(lambda _: httpx.Response(502, text="<html>bad gateway</html>"))


def test_a_front_door_that_is_gone_is_unavailable() -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Unavailable, match="The front door cannot be reached"):
        complete(gone)


class Files:
    """Keeps files as the front door does."""

    def __init__(self, *stored: dict[str, Any]) -> None:
        self.stored = list(stored)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            assert request.url.params["purpose"] == "evals"
            return httpx.Response(200, json={"data": self.stored})
        assert b'name="purpose"\r\n\r\nevals' in request.content
        self.stored.append({"id": f"file-{len(self.stored)}", "filename": "cmp_1.json", "sha256": EMPTY})
        return httpx.Response(200, content=json.dumps(self.stored[-1]))


EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_report_that_is_already_stored_is_not_stored_twice() -> None:
    files = Files({"id": "file-other", "filename": "cmp_1.json", "sha256": "0" * 64})
    assert call(files, lambda door: door.keep_file("cmp_1.json", b"")) == "file-1"
    assert call(files, lambda door: door.keep_file("cmp_1.json", b"")) == "file-1"
    assert len(files.stored) == 2

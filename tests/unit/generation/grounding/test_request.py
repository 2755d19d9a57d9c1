import json

import anyio
import pytest
from starlette.requests import Request
from starlette.types import Message

from services.generation.grounding.request import CHAT, GenerationRequest, read
from shared.errors import InvalidRequest, TooLarge


def read_body(*pieces: bytes, limit: int = 1000) -> GenerationRequest:
    messages: list[Message] = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return messages.pop(0)

    async def run() -> GenerationRequest:
        return await read(Request({"type": "http", "method": "POST", "headers": []}, receive), CHAT, limit)

    return anyio.run(run)


def test_the_body_stays_as_it_came() -> None:
    asked = read_body(b'{"model" : "tiny",', b' "x": 1.50}')
    assert asked.body == b'{"model" : "tiny", "x": 1.50}'
    assert (asked.model, asked.retrieval, asked.path) == ("tiny", None, CHAT)


def test_the_retrieval_options_are_read() -> None:
    asked = read_body(b'{"model": "tiny", "retrieval": {"vector_store_ids": ["vs_1"], "max_num_results": 3}}')
    assert asked.retrieval is not None
    assert (asked.retrieval.vector_store_ids, asked.retrieval.max_num_results) == (["vs_1"], 3)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b'{"model": "tiny"', b"[]", b'"text"', b"\xff\xfe", b'{"a": "\xff"}', b"[" * 900, b'{"model": "\\ud800"}'],
)
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(body)
    assert raised.value.code == "invalid_json"


@pytest.mark.parametrize("body", [b"{}", b'{"model": null}', b'{"model": ""}', b'{"model": ["tiny"]}'])
def test_a_body_without_a_model_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(body)
    assert raised.value.param == "model"


@pytest.mark.parametrize(
    ("options", "param"),
    [
        (b"true", "retrieval"),
        (b"{}", "retrieval.vector_store_ids"),
        (b'{"vector_store_ids": []}', "retrieval.vector_store_ids"),
        (b'{"vector_store_ids": ["a"], "max_num_result": 3}', "retrieval.max_num_result"),
        (b'{"vector_store_ids": ["a"], "search_mode": "best"}', "retrieval.search_mode"),
    ],
)
def test_wrong_options_are_refused_with_their_path(options: bytes, param: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        read_body(b'{"model": "tiny", "retrieval": ' + options + b"}")
    assert raised.value.param == param


def test_a_body_over_the_limit_is_refused_before_it_is_whole() -> None:
    with pytest.raises(TooLarge):
        read_body(b"x" * 600, b"x" * 600, b"never read", limit=1000)


def test_of_a_name_given_twice_the_engine_and_we_see_the_same() -> None:
    body = b'{"model": "tiny", "mod\\u0065l": "../../other"}'
    assert read_body(body).model == json.loads(body)["model"] == "../../other"

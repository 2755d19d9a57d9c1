"""Everything that the engine accepts is passed through, and its responses come back byte for byte."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.scripted_engine import EVENTS, ScriptedEngine, scripted_engine
from tests.unit.generation.conftest import FrontDoor

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
TOOL = {"type": "function", "function": {"name": "weigh", "parameters": {"type": "object", "properties": {"of": {"type": "string"}}}}}
SCHEMA = {"name": "mass", "strict": True, "schema": {"type": "object", "properties": {"kg": {"type": "number"}}, "required": ["kg"]}}
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}}
SOUND = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
HELLO = {"role": "user", "content": "Hi"}
CALLED = {"id": "call_1", "type": "function", "function": {"name": "weigh", "arguments": '{"of": "it"}'}}
CHAT_FIELDS: dict[str, dict[str, Any]] = {
    "tools": {"tools": [TOOL], "tool_choice": "auto", "parallel_tool_calls": False},
    "a chosen tool": {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "weigh"}}},
    "answers of tools": {
        "messages": [
            {"role": "user", "content": "Mass?"},
            {"role": "assistant", "content": None, "tool_calls": [CALLED]},
            {"role": "tool", "tool_call_id": "call_1", "content": "3"},
        ]
    },
    "a schema": {"response_format": {"type": "json_schema", "json_schema": SCHEMA}},
    "vLLM's structures": {"structured_outputs": {"choice": ["yes", "no"]}, "guided_regex": "[a-z]+"},
    "logprobs": {"logprobs": True, "top_logprobs": 5, "prompt_logprobs": 1},
    "several answers": {"n": 3, "seed": 7, "stop": ["\n", "###"], "temperature": 0.1, "top_p": 1e-3},
    "a usage report": {"stream_options": {"include_usage": True, "continuous_usage_stats": True}},
    "a bias": {"logit_bias": {"50256": -100}, "presence_penalty": -2, "frequency_penalty": 2.0},
    "pictures and sound": {"messages": [{"role": "user", "content": [{"type": "text", "text": "What?"}, PICTURE, SOUND]}]},
    "vLLM's own": {
        "min_p": 0.05, "top_k": -1, "repetition_penalty": 1.1, "ignore_eos": True, "min_tokens": 3, "stop_token_ids": [2],
        "chat_template_kwargs": {"enable_thinking": False}, "add_generation_prompt": True, "priority": 5, "return_token_ids": True,
    },
    "fields of the future": {"reasoning_effort": "low", "user": "u", "invented_tomorrow": [None, True, 1.50]},
}  # fmt: skip
COMPLETION_FIELDS: dict[str, dict[str, Any]] = {
    "a text": {"prompt": "Once", "suffix": "end", "echo": True, "logprobs": 5, "best_of": 2},
    "several texts": {"prompt": ["Once", "Twice"]},
    "tokens": {"prompt": [1, 2, 3]},
    "lists of tokens": {"prompt": [[1, 2], [3]]},
    "no text at all": {"prompt": None, "prompt_embeds": "UklGRg=="},
}
STREAMS = {
    "events": [b'data: {"a": 1}\n\n', b'data: {"b": "caf\xc3\xa9"}\n\n', b"data: [DONE]\n\n"],
    "cut anywhere": [b'data: {"a": "caf\xc3', b'\xa9"}\n', b"\ndata: [DO", b"NE]\n\n"],
    "carriage returns": [b'data: {"a": 1}\r\n\r\n', b"data: [DONE]\r\n\r\n"],
    "comments and names": [b": ping\n\n", b"event: error\nid: 7\nretry: 5\ndata: {}\n\n", b"data: [DONE]\n\n"],
    "all at once": [b'data: {"a": 1}\n\ndata: {"b": 2}\n\ndata: [DONE]\n\n'],
    "an error of the engine's": [
        b'data: {"error": {"message": "KV cache", "type": "InternalServerError", "code": 500}}\n\ndata: [DONE]\n\n'
    ],
    "no end mark": [b'data: {"a": 1}\n\n'],
    "nothing": [],
}
PLAIN_BODIES = {
    "spaces": b'{ "choices" :\n[ ], "usage": null }\n',
    "numbers": b'{"choices":[{"logprobs":{"token_logprobs":[-1e-07,-0.000000100,-1.0]}}]}',
    "escapes": b'{"choices":[{"message":{"content":"caf\\u00e9 \xc3\xa9 \\/ \\ud83d\\ude00"}}]}',
    "empty": b"",
}
ERRORS = [
    (400, "BadRequestError", "invalid_request_error"),
    (401, "Unauthorized", "authentication_error"),
    (404, "NotFoundError", "invalid_request_error"),
    (422, "Unprocessable Entity", "invalid_request_error"),
    (429, "TooManyRequests", "rate_limit_error"),
    (500, "InternalServerError", "server_error"),
    (501, "NotImplementedError", "server_error"),
    (503, "Service Unavailable", "service_unavailable_error"),
]


@pytest.fixture(scope="module")
def served(open_front_door: FrontDoor) -> Iterator[tuple[ScriptedEngine, str]]:
    with scripted_engine() as engine, open_front_door(engine_url=engine.url, prompt_logprobs=True) as url:
        yield engine, url


@pytest.fixture
def scripted(served: tuple[ScriptedEngine, str]) -> ScriptedEngine:
    served[0].calls.clear()
    served[0].respond(b"{}")
    return served[0]


@pytest.fixture
def http(served: tuple[ScriptedEngine, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[1], timeout=20) as client:
        yield client


@pytest.mark.parametrize("fields", CHAT_FIELDS.values(), ids=CHAT_FIELDS)
@pytest.mark.parametrize("stream", [False, True])
def test_a_chat_reaches_the_engine_unchanged(http: httpx.Client, scripted: ScriptedEngine, fields: dict[str, Any], stream: bool) -> None:
    call = {"messages": [{"role": "user", "content": "Hi"}], **fields, "model": "tiny", "stream": stream}
    body = json.dumps(call, indent=1, ensure_ascii=False).encode()
    assert http.post(CHAT, content=body).status_code == 200
    assert scripted.calls == [(CHAT, body)]


@pytest.mark.parametrize("fields", COMPLETION_FIELDS.values(), ids=COMPLETION_FIELDS)
def test_a_completion_reaches_the_engine_unchanged(http: httpx.Client, scripted: ScriptedEngine, fields: dict[str, Any]) -> None:
    body = json.dumps({**fields, "model": "tiny"}).encode()
    assert http.post(COMPLETIONS, content=body).status_code == 200
    assert scripted.calls == [(COMPLETIONS, body)]


@pytest.mark.parametrize("content", PLAIN_BODIES.values(), ids=PLAIN_BODIES)
@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
def test_a_plain_response_of_the_engine_comes_back_unchanged(
    http: httpx.Client, scripted: ScriptedEngine, path: str, content: bytes
) -> None:
    scripted.respond(content, content_type="application/json; charset=latin-9")
    response = http.post(path, json={"model": "tiny", "messages": [HELLO], "prompt": "Hi"})
    assert (response.status_code, response.content) == (200, content)
    assert response.headers["content-type"] == "application/json; charset=latin-9"
    assert response.headers["content-length"] == str(len(content))


@pytest.mark.parametrize("parts", STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
def test_a_stream_of_the_engine_comes_back_unchanged(http: httpx.Client, scripted: ScriptedEngine, path: str, parts: list[bytes]) -> None:
    scripted.stream(*parts)
    response = http.post(path, json={"model": "tiny", "messages": [HELLO], "prompt": "Hi", "stream": True})
    assert (response.status_code, response.headers["content-type"]) == (200, EVENTS)
    assert response.content == b"".join(parts)


@pytest.mark.parametrize(("status", "engine_type", "openai_type"), ERRORS, ids=[str(error[0]) for error in ERRORS])
@pytest.mark.parametrize("stream", [False, True])
def test_an_error_of_the_engine_keeps_its_status_and_message(
    http: httpx.Client, scripted: ScriptedEngine, status: int, engine_type: str, openai_type: str, stream: bool
) -> None:
    error = {"message": "Not like this.", "type": engine_type, "param": "top_k", "code": status}
    scripted.respond(json.dumps({"error": error}).encode(), status)
    response = http.post(CHAT, json={"model": "tiny", "messages": [HELLO], "stream": stream})
    assert response.status_code == status
    actual = response.json()["error"]
    assert (actual["message"], actual["type"], actual["param"]) == ("Not like this.", openai_type, "top_k")
    assert actual["code"] is None or isinstance(actual["code"], str)


@pytest.mark.parametrize(
    "content", [b"Internal Server Error", b'{"detail": "x"}', b'{"error": "x"}', b'{"error": {}}', b"[]", b"\xff", b""]
)
def test_an_error_of_another_shape_is_an_openai_error(http: httpx.Client, scripted: ScriptedEngine, content: bytes) -> None:
    scripted.respond(content, 500, "text/plain")
    response = http.post(CHAT, json={"model": "tiny", "messages": [HELLO]})
    assert response.status_code == 500
    assert "GENERATION_ENGINE_URL" in response.json()["error"]["message"]


def test_the_last_of_two_models_counts_as_it_does_for_the_engine(http: httpx.Client, scripted: ScriptedEngine) -> None:
    body = b'{"model": "other", "messages": [{"role": "user"}], "model": "tiny"}'
    assert http.post(CHAT, content=body).status_code == 200
    assert scripted.calls == [(CHAT, body)]
    assert http.post(CHAT, content=b'{"model": "tiny", "messages": [{"role": "user"}], "model": "../other"}').status_code == 404
    assert len(scripted.calls) == 1


def test_a_plain_response_that_breaks_off_is_a_503(http: httpx.Client, scripted: ScriptedEngine) -> None:
    scripted.respond(b'{"choices": [', missing_bytes=10)
    response = http.post(CHAT, json={"model": "tiny", "messages": [HELLO]})
    assert response.status_code == 503
    assert "GENERATION_ENGINE_URL" in response.json()["error"]["message"]


def test_a_stream_that_breaks_off_within_an_event_ends_with_an_error_event(http: httpx.Client, scripted: ScriptedEngine) -> None:
    scripted.stream(b'data: {"a": 1}\n\n', b'data: {"b', ends=False)
    response = http.post(CHAT, json={"model": "tiny", "messages": [HELLO], "stream": True}).content
    passed, _, error = response.partition(b'data: {"error":')
    assert passed in (b"", b'data: {"a": 1}\n\n', b'data: {"a": 1}\n\ndata: {"b\n\n')  # what arrives with the break may go down with it
    assert error.endswith(b"\n\ndata: [DONE]\n\n")

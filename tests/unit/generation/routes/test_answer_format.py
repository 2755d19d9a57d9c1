"""A schema or a grammar that the engine cannot use is the caller's mistake: 400, plain and streamed, in a chat and in a response."""

import json
from typing import Any

import httpx
import pytest
from openai import OpenAI

from tests.fake_engine import FakeEngine
from tests.fake_retrieval import FakeRetrieval, make_hit
from tests.serving import wait_until
from tests.structured_outputs import LATE_GRAMMAR, LATE_SCHEMA

CHAT = "/v1/chat/completions"
NONSENSE = {"type": "nonsense"}
ONLY_ITSELF = {"$ref": "#"}
GOOD = {"type": "object", "properties": {"arms": {"type": "integer"}}, "required": ["arms"]}
NOT_VALID = "The schema or grammar in '{}' is not valid. Invalid type: nonsense."
NOT_COMPILED = "The engine cannot compile the schema or grammar in '{}'. Check that no rule and no '$ref' refers only to itself."


def chat_format(schema: dict[str, Any]) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}}


def text_format(schema: dict[str, Any]) -> dict[str, Any]:
    return {"text": {"format": {"type": "json_schema", "name": "answer", "schema": schema}}}


def refusal(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    assert error["type"] == "invalid_request_error"
    return response.status_code, error["param"], error["message"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("documents", [False, True])
@pytest.mark.parametrize(
    ("fields", "param", "message"),
    [
        (chat_format(NONSENSE), "response_format", NOT_VALID),
        (chat_format(ONLY_ITSELF), "response_format", NOT_COMPILED),
        ({"structured_outputs": {"grammar": "root ::= root"}}, "structured_outputs", NOT_COMPILED),
    ],
)
def test_a_chat_is_refused(
    http: httpx.Client, retrieval: FakeRetrieval, fields: dict[str, Any], param: str, message: str, documents: bool, stream: bool
) -> None:
    retrieval.add_store([make_hit("Arms: two.", 0.9)])
    body = {"model": "tiny", "messages": [{"role": "user", "content": "How many arms?"}], "stream": stream, **fields}
    response = http.post(CHAT, json={**body, "retrieval": {"vector_store_ids": ["vs_a"]}} if documents else body)
    assert refusal(response) == (400, param, message.format(param))


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("documents", [False, True])
@pytest.mark.parametrize(("schema", "message"), [(NONSENSE, NOT_VALID), (ONLY_ITSELF, NOT_COMPILED)])
def test_a_response_is_refused(
    http: httpx.Client, retrieval: FakeRetrieval, schema: dict[str, Any], message: str, documents: bool, stream: bool
) -> None:
    retrieval.add_store([make_hit("Arms: two.", 0.9)])
    tools = [{"type": "file_search", "vector_store_ids": ["vs_a"]}] if documents else []
    body = {"model": "tiny", "input": "How many arms?", "stream": stream, "tools": tools, **text_format(schema)}
    assert refusal(http.post("/v1/responses", json=body)) == (400, "text.format", message.format("text.format"))


def test_a_response_in_the_background_fails_as_an_invalid_prompt(sdk: OpenAI) -> None:
    response = sdk.responses.create(model="tiny", input="one", background=True, extra_body=text_format(ONLY_ITSELF))
    wait_until(lambda: sdk.responses.retrieve(response.id).status == "failed")
    done = sdk.responses.retrieve(response.id)
    assert done.error is not None
    assert (done.error.code, done.error.message) == ("invalid_prompt", NOT_COMPILED.format("text.format"))


@pytest.mark.parametrize("cut", [0, 1, 50])
def test_a_stream_with_a_good_schema_passes_through_byte_for_byte(http: httpx.Client, engine: FakeEngine, cut: int) -> None:
    engine.piece_bytes = cut
    body = {"model": "tiny", "messages": [{"role": "user", "content": "one two"}], "stream": True, **chat_format(GOOD)}
    assert http.post(CHAT, json=body).content == engine.sent


def test_an_engine_that_fails_later_is_not_the_schemas_fault(http: httpx.Client, engine: FakeEngine) -> None:
    engine.sends_error = True
    response = http.post("/v1/responses", json={"model": "tiny", "input": "one", **text_format(GOOD)})
    assert (response.status_code, response.json()["error"]["message"]) == (503, "EngineCore died")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fields", "param"),
    [(chat_format(LATE_SCHEMA), "response_format"), ({"structured_outputs": {"grammar": LATE_GRAMMAR}}, "structured_outputs")],
)
def test_a_chat_whose_answer_cannot_go_on_ends_with_the_callers_mistake(
    http: httpx.Client, fields: dict[str, Any], param: str, stream: bool
) -> None:
    body = {"model": "tiny", "messages": [{"role": "user", "content": "one two"}], "stream": stream, **fields}
    response = http.post(CHAT, json=body)
    if stream:
        *_, last, done = response.text.strip().split("\n\n")
        assert done == "data: [DONE]"
        error = json.loads(last.removeprefix("data: "))["error"]
        assert (error["type"], error["param"], error["message"]) == ("invalid_request_error", param, NOT_COMPILED.format(param))
    else:
        assert refusal(response) == (400, param, NOT_COMPILED.format(param))


def test_a_response_whose_answer_cannot_go_on_is_the_callers_mistake(http: httpx.Client) -> None:
    body = {"model": "tiny", "input": "one two", **text_format(LATE_SCHEMA)}
    message = NOT_COMPILED.format("text.format")
    assert refusal(http.post("/v1/responses", json=body)) == (400, "text.format", message)
    last = json.loads(http.post("/v1/responses", json={**body, "stream": True}).text.strip().split("data: ")[-1])
    assert last["type"] == "response.failed"
    assert last["response"]["error"] == {"code": "invalid_prompt", "message": message}


def test_a_function_whose_arguments_must_match_a_schema_that_nothing_matches_is_refused(http: httpx.Client, engine: FakeEngine) -> None:
    engine.supports_tools = True
    function = {"name": "weigh", "parameters": ONLY_ITSELF, "strict": True}
    body = {"model": "tiny", "messages": [{"role": "user", "content": "one"}], "tools": [{"type": "function", "function": function}]}
    for stream in (False, True):
        assert refusal(http.post(CHAT, json={**body, "stream": stream})) == (400, "tools", NOT_COMPILED.format("tools"))


@pytest.mark.parametrize("choice", ["required", "named"])
def test_a_function_that_must_be_called_with_parameters_that_no_call_can_have_is_refused(
    http: httpx.Client, engine: FakeEngine, choice: str
) -> None:
    engine.supports_tools = True
    function = {"name": "weigh", "parameters": ONLY_ITSELF}
    named: Any = {"type": "function", "function": {"name": "weigh"}}
    body = {"model": "tiny", "messages": [{"role": "user", "content": "one"}], "tools": [{"type": "function", "function": function}]}
    refused = http.post(CHAT, json={**body, "tool_choice": "required" if choice == "required" else named})
    assert refusal(refused) == (400, "tools", NOT_COMPILED.format("tools"))
    flat: Any = {"type": "function", "name": "weigh"}
    response = {"model": "tiny", "input": "one", "tools": [{"type": "function", **function}]}
    refused = http.post("/v1/responses", json={**response, "tool_choice": "required" if choice == "required" else flat})
    assert refusal(refused) == (400, "tools", NOT_COMPILED.format("tools"))


@pytest.mark.parametrize("choice", ["auto", "required"])
def test_a_function_whose_parameters_are_no_schema_is_refused_at_them(
    http: httpx.Client, engine: FakeEngine, retrieval: FakeRetrieval, choice: str
) -> None:
    engine.supports_tools = True
    retrieval.add_store([make_hit("Arms: two.", 0.9)])
    function = {"name": "weigh", "parameters": NONSENSE, "strict": True}
    types = "'string', 'number', 'integer', 'boolean', 'object', 'array', 'null'"
    body = {"model": "tiny", "messages": [{"role": "user", "content": "one"}], "tools": [{"type": "function", "function": function}]}
    param = "tools[0].function.parameters"
    problem = f"has the 'type' 'nonsense', but the types of JSON are {types}."
    assert refusal(http.post(CHAT, json={**body, "tool_choice": choice})) == (400, param, f"'{param}' {problem}")
    search = {"type": "file_search", "vector_store_ids": ["vs_a"]}
    response = {"model": "tiny", "input": "one", "tools": [search, {"type": "function", **function}], "tool_choice": choice}
    assert refusal(http.post("/v1/responses", json=response)) == (400, "tools[1].parameters", f"'tools[1].parameters' {problem}")

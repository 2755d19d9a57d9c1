"""The front door passes the real engine through: the same call to both is answered with the same bytes, but for ids and times.

In a stream, the values are the same, but not always the events that they come in.
"""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.e2e.stack import Stack

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
OWN = re.compile(rb'("(?:id|request_id)": ?"[^"]*"|"created": ?\d+)')
CHOICE = re.compile(rb'"choices": ?\[{"index": ?(\d+)')
LAST, DONE = 1_000, 1_001  # behind every choice: what is said of all of them, and the end
INDEXED = ("choices", "tool_calls")  # lists of parts with an index
TEXTS = ("content", "text", "arguments", "reasoning", "reasoning_content")
SCHEMA = {"name": "mass", "schema": {"type": "object", "properties": {"kg": {"type": "integer"}}, "required": ["kg"]}}
TOOL = {"type": "function", "function": {"name": "weigh", "parameters": {"type": "object", "properties": {}}}}
CHATS: dict[str, dict[str, Any]] = {
    "plain": {},
    "several, sampled with a seed": {"n": 2, "seed": 7, "temperature": 1, "top_p": 0.9},
    "logprobs": {"logprobs": True, "top_logprobs": 3},
    "stop": {"stop": [" ", "\n"], "include_stop_str_in_output": True},
    "a schema": {"response_format": {"type": "json_schema", "json_schema": SCHEMA}},
    "a choice": {"structured_outputs": {"choice": ["north", "south"]}},
    "a tool that it may use": {"tools": [TOOL], "tool_choice": "auto"},
    "a tool that it must use": {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "weigh"}}},
    "a bias": {"logit_bias": {"28": -100, "198": 5}},
    "parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": "What is a buoy?"}]}]},
    "vLLM's own": {"min_tokens": 4, "repetition_penalty": 1.1, "return_token_ids": True, "chat_template_kwargs": {"a": 1}},
}
PROMPTS: dict[str, dict[str, Any]] = {
    "a text": {"prompt": "A buoy is", "echo": True},
    "logprobs": {"prompt": "A buoy is", "logprobs": 2},
    "a list of texts": {"prompt": ["A buoy is"]},
    "tokens": {"prompt": [504, 253, 338]},
}
# A request that the engine refuses, and what the front door says if the engine's own words are not for users.
REFUSED: dict[str, tuple[dict[str, Any], str | None]] = {
    "a wrong type": ({"temperature": "hot"}, "'temperature' must be a number; got the string \"hot\"."),
    "out of range": ({"top_p": 7}, "'top_p' must be greater than 0 and at most 1; got 7."),
    "pictures to a model that reads": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]}]},
        None,
    ),
    "too long": ({"messages": [{"role": "user", "content": "word " * 5000}]}, None),
    "no schema": (
        {"response_format": {"type": "json_schema"}},
        "'response_format.json_schema' must be set if 'type' is 'json_schema'.",
    ),
}
# What vLLM appends: the field and its value, which are in 'param' and in the request.
APPENDED = re.compile(r" \(parameter=.*\)$", re.DOTALL)


def both(stack: Stack, path: str, call: dict[str, Any]) -> tuple[httpx.Response, httpx.Response]:
    """Return the engine's own answer and the front door's."""
    engine = f"http://127.0.0.1:{stack.environment['TANDEM_ENGINE_PORT']}"
    httpx.post(engine + path, json=call, timeout=120)  # so that both find the same in the engine's cache
    bare, door = (httpx.post(url + path, json=call, timeout=120) for url in (engine, stack.base_url.removesuffix("/v1")))
    return bare, door


def chat(base: str, **fields: Any) -> dict[str, Any]:
    asked = {"messages": [{"role": "user", "content": "What is a buoy?"}], "temperature": 0, "max_tokens": 8}
    return {"model": base, **asked, **fields}


def joined(body: bytes) -> list[Any]:
    """Return a stream's events, joined choice by choice: an engine that is busy sends several tokens at once, and choices in any order."""
    choices: dict[int, Any] = {}
    for event in filter(None, OWN.sub(b'"own":0', body).split(b"\n\n")):
        text, place = event.removeprefix(b"data: "), choice_of(event)
        value = text if place == DONE else json.loads(text)
        choices[place] = join(choices[place], value) if place in choices else value
    return [choices[place] for place in sorted(choices)]


def join(earlier: Any, later: Any, key: str = "") -> Any:
    """Return two events as one: texts and lists are appended to each other, other values are replaced unless the later one is null."""
    if isinstance(earlier, dict) and isinstance(later, dict):
        return {each: join(earlier.get(each), later.get(each), each) for each in {**earlier, **later}}
    if isinstance(earlier, list) and isinstance(later, list):
        if key in INDEXED and earlier and later and earlier[-1]["index"] == later[0]["index"]:
            return [*earlier[:-1], join(earlier[-1], later[0]), *later[1:]]
        return earlier + later
    if key in TEXTS and isinstance(earlier, str) and isinstance(later, str):
        return earlier + later
    return earlier if later is None else later


def choice_of(event: bytes) -> int:
    found = CHOICE.search(event)
    return int(found[1]) if found else DONE if b"[DONE]" in event else LAST


def assert_same(bare: httpx.Response, door: httpx.Response) -> None:
    assert bare.status_code == 200, bare.text
    assert (door.status_code, door.headers["content-type"]) == (200, bare.headers["content-type"])
    if bare.headers["content-type"].startswith("text/event-stream"):
        assert joined(door.content) == joined(bare.content)
    else:
        assert OWN.sub(b"", door.content) == OWN.sub(b"", bare.content)


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("fields", CHATS.values(), ids=CHATS)
def test_a_chat_is_answered_as_by_the_engine(stack: Stack, base: str, fields: dict[str, Any], stream: bool) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}} if stream else {}
    assert_same(*both(stack, CHAT, chat(base, **fields, **options)))


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("fields", PROMPTS.values(), ids=PROMPTS)
def test_a_completion_is_answered_as_by_the_engine(stack: Stack, base: str, fields: dict[str, Any], stream: bool) -> None:
    assert_same(*both(stack, COMPLETIONS, {"model": base, "temperature": 0, "max_tokens": 6, "stream": stream, **fields}))


@pytest.mark.parametrize(("fields", "message"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_has_the_engines_status_and_plain_words_in_openais_form(
    stack: Stack, base: str, fields: dict[str, Any], message: str | None
) -> None:
    bare, door = both(stack, CHAT, chat(base, **fields))
    assert bare.status_code >= 400
    assert door.status_code == bare.status_code
    error = door.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"] == (message or APPENDED.sub("", bare.json()["error"]["message"]))
    assert error["code"] is None or isinstance(error["code"], str)


UNUSABLE_SCHEMAS: dict[str, dict[str, Any]] = {
    "a type that does not exist": {"type": "nonsense"},
    "a reference to nothing": {"$ref": "#/$defs/A"},
    "a reference to itself": {"$ref": "#"},
    "a pattern that is not closed": {"type": "object", "properties": {"a": {"type": "string", "pattern": "(ab"}}, "required": ["a"]},
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("schema", UNUSABLE_SCHEMAS.values(), ids=UNUSABLE_SCHEMAS)
def test_a_schema_that_the_engine_cannot_use_is_a_400_that_names_it(
    http: httpx.Client, base: str, schema: dict[str, Any], stream: bool
) -> None:
    named = {"name": "answer", "schema": schema}
    call = chat(base, stream=stream, response_format={"type": "json_schema", "json_schema": named})
    response = {"model": base, "input": "What is a buoy?", "stream": stream, "text": {"format": {"type": "json_schema", **named}}}
    for path, body, param in ((CHAT, call, "response_format"), ("/v1/responses", response, "text.format")):
        refused = http.post(path.removeprefix("/v1"), json=body)
        assert refused.status_code == 400, refused.text
        assert refused.json()["error"]["param"] == param
        assert f"'{param}'" in refused.json()["error"]["message"]


def test_an_answer_that_cannot_go_on_is_the_callers_mistake(http: httpx.Client, base: str) -> None:
    body = chat(base, structured_outputs={"grammar": 'root ::= "a" x\nx ::= x'})
    refused = http.post(CHAT.removeprefix("/v1"), json=body)
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "structured_outputs"), refused.text
    *_, last = http.post(CHAT.removeprefix("/v1"), json={**body, "stream": True}).text.replace("data: [DONE]", "").strip().splitlines()
    assert "cannot compile the schema or grammar" in last


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("grammar", ["root ::= root", "root ::= ("])
def test_a_grammar_that_the_engine_cannot_use_is_a_400_that_names_it(http: httpx.Client, base: str, grammar: str, stream: bool) -> None:
    refused = http.post(CHAT.removeprefix("/v1"), json=chat(base, stream=stream, structured_outputs={"grammar": grammar}))
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "structured_outputs"), refused.text


def test_long_prompts_with_a_seed_and_a_temperature_at_the_same_time_do_not_end_the_engine(
    stack: Stack, http: httpx.Client, base: str
) -> None:
    """vLLM's CPU build ends if such a prompt is computed in chunks, as several long ones at the same time would be."""
    engine = stack.pid("engine")
    prompts = [f"{number} " + "buoy and anchor " * 350 for number in range(6)]
    bodies = [{"model": base, "prompt": prompt, "max_tokens": 2, "seed": 7, "temperature": 0.7} for prompt in prompts]
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: http.post("/completions", json=body, timeout=300), bodies))
    assert [answer.status_code for answer in answers] == [200] * len(bodies), [answer.text for answer in answers]
    assert stack.pid("engine") == engine

"""Fields that the engine would ignore are refused, so that nobody waits for what they ask for; so are those that could end it."""

from typing import Any

import httpx
import pytest

from tests.fake_engine import FakeEngine

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
BODY: dict[str, Any] = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("functions", [{"name": "weigh", "parameters": {}}], "use 'tools'."),
        ("function_call", "auto", "use 'tool_choice'."),
        ("web_search_options", {}, "use 'retrieval'"),
        ("audio", {"voice": "alloy", "format": "wav"}, "Tandem answers in text only."),
        ("modalities", ["text", "audio"], "must be ['text']"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
def test_a_field_that_the_engine_would_ignore_is_refused(
    http: httpx.Client, engine: FakeEngine, path: str, name: str, value: Any, advice: str, stream: bool
) -> None:
    response = http.post(path, json={**BODY, "prompt": "Hi", "stream": stream, name: value})
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, name, "unsupported_parameter")
    assert advice in error["message"] and f"'{name}'" in error["message"]
    assert engine.bodies == []


@pytest.mark.parametrize(
    ("fields", "param", "advice"),
    [
        ({"tools": [{"type": "function", "function": {"name": "weigh"}}]}, "tools", "Use POST /v1/chat/completions."),
        ({"tool_choice": "auto"}, "tool_choice", "Use POST /v1/chat/completions."),
        ({"max_completion_tokens": 500}, "max_completion_tokens", "Use 'max_tokens'."),
    ],
)
def test_a_field_that_the_engine_would_ignore_in_a_completion_is_refused(
    http: httpx.Client, engine: FakeEngine, fields: dict[str, Any], param: str, advice: str
) -> None:
    response = http.post(COMPLETIONS, json={"model": "tiny", "prompt": "Hi", **fields})
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, param, "unsupported_parameter")
    assert error["message"].startswith(f"'{param}' is not supported") and advice in error["message"]
    assert engine.bodies == []


@pytest.mark.parametrize(
    "fields",
    [{"functions": None}, {"functions": []}, {"function_call": "none"}, {"audio": None}, {"modalities": ["text"]}, {"modalities": None}],
)
def test_a_field_that_asks_for_nothing_else_than_text_is_accepted(http: httpx.Client, fields: dict[str, Any]) -> None:
    assert http.post(CHAT, json={**BODY, **fields}).status_code == 200


@pytest.mark.parametrize(
    ("path", "fields", "param"),
    [
        (CHAT, {"prompt_logprobs": 1}, "prompt_logprobs"),
        (CHAT, {"prompt_logprobs": 0, "stream": True}, "prompt_logprobs"),
        (CHAT, {"echo": True}, "echo"),
        (CHAT, {"echo": True, "retrieval": {"vector_store_ids": ["vs_1"]}}, "echo"),
        (COMPLETIONS, {"prompt_logprobs": -1}, "prompt_logprobs"),
        (COMPLETIONS, {"echo": True, "logprobs": 0}, "echo"),
    ],
)
def test_log_probabilities_of_a_prompt_which_can_end_the_engine_are_refused(
    http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any], param: str
) -> None:
    response = http.post(path, json={**BODY, "prompt": "Hi", **fields})
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, param, "unsupported_parameter")
    assert f"'{param}'" in error["message"] and "GENERATION_PROMPT_LOGPROBS" in error["message"]
    assert engine.bodies == []


@pytest.mark.parametrize(
    "fields", [{"logprobs": 1}, {"echo": True}, {"echo": False, "logprobs": 1}, {"prompt_logprobs": None, "echo": None}]
)
def test_other_log_probabilities_and_echoes_of_a_completion_are_accepted(http: httpx.Client, fields: dict[str, Any]) -> None:
    assert http.post(COMPLETIONS, json={"model": "tiny", "prompt": "Hi", **fields}).status_code == 200

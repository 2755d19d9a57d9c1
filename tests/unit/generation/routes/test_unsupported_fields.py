"""Fields of OpenAI's chat that the engine would ignore are refused, so that nobody waits for what they ask for."""

from typing import Any

import httpx
import pytest

from tests.fake_engine import FakeEngine

CHAT = "/v1/chat/completions"
BODY: dict[str, Any] = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("functions", [{"name": "weigh", "parameters": {}}], "Use 'tools'."),
        ("function_call", "auto", "Use 'tool_choice'."),
        ("web_search_options", {}, "use 'retrieval'"),
        ("audio", {"voice": "alloy", "format": "wav"}, "Tandem answers in text only."),
        ("modalities", ["text", "audio"], "must be ['text']"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_field_that_the_engine_would_ignore_is_refused(
    http: httpx.Client, engine: FakeEngine, name: str, value: Any, advice: str, stream: bool
) -> None:
    response = http.post(CHAT, json={**BODY, "stream": stream, name: value})
    error = response.json()["error"]
    assert (response.status_code, error["param"], error["code"]) == (400, name, "unsupported_parameter")
    assert advice in error["message"] and f"'{name}'" in error["message"]
    assert engine.bodies == []


@pytest.mark.parametrize("fields", [{"functions": None}, {"audio": None}, {"modalities": ["text"]}, {"modalities": None}])
def test_a_field_that_asks_for_nothing_else_than_text_is_accepted(http: httpx.Client, fields: dict[str, Any]) -> None:
    assert http.post(CHAT, json={**BODY, **fields}).status_code == 200

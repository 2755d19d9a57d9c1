"""The messages of a chat have OpenAI's types, and a mistake in one is at its field; what clients send back reaches the engine."""

import json
from typing import Any

import httpx
import pytest
from openai.types.chat import ChatCompletionMessage

from tests.fake_engine import FakeEngine

CHAT = "/v1/chat/completions"
HELLO: dict[str, Any] = {"role": "user", "content": "Hi"}
FUNCTION = {"name": "weigh", "arguments": "{}"}
CALL = {"id": "call_1", "type": "function", "function": FUNCTION}
CALLING: dict[str, Any] = {"role": "assistant", "content": None, "tool_calls": [CALL]}
ANSWER = {"role": "tool", "tool_call_id": "call_1", "content": "4 kg"}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}}
TEXT = {"type": "text", "text": "Hi"}


def send(http: httpx.Client, *messages: Any) -> httpx.Response:
    return http.post(CHAT, json={"model": "tiny", "messages": messages})


def refuse(http: httpx.Client, engine: FakeEngine, *messages: Any) -> tuple[str, str, str]:
    response = send(http, *messages)
    assert (response.status_code, engine.bodies) == (400, [])
    error = response.json()["error"]
    return error["param"], error["code"], error["message"]


@pytest.mark.parametrize(
    ("fields", "field", "code", "predicate"),
    [
        ({"tool_calls": "x"}, "tool_calls", "invalid_type", 'must be a list; got the string "x"'),
        ({"tool_calls": [5]}, "tool_calls[0]", "invalid_type", "must be an object; got the number 5"),
        ({"tool_calls": [CALL, {}]}, "tool_calls[1].id", "missing_required_parameter", "is required"),
        ({"tool_calls": [{**CALL, "type": "custom"}]}, "tool_calls[0].type", "invalid_value", "must be 'function'; got 'custom'"),
        (
            {"tool_calls": [{**CALL, "function": {"name": "weigh"}}]},
            "tool_calls[0].function.arguments",
            "missing_required_parameter",
            "is required",
        ),
        (
            {"tool_calls": [{**CALL, "function": {**FUNCTION, "arguments": {}}}]},
            "tool_calls[0].function.arguments",
            "invalid_type",
            "must be a string; got an object",
        ),
        ({"role": 5}, "role", "invalid_type", "must be a string; got the number 5"),
        ({"name": 5}, "name", "invalid_type", "must be a string; got the number 5"),
        ({"role": "tool", "content": "a", "tool_call_id": 5}, "tool_call_id", "invalid_type", "must be a string; got the number 5"),
        ({"content": 5}, "content", "invalid_type", "must be a string or a list; got the number 5"),
        ({"content": TEXT}, "content", "invalid_type", "must be a string or a list; got an object"),
        ({"content": [TEXT, "Hi"]}, "content[1]", "invalid_type", 'must be an object; got the string "Hi"'),
        ({"content": [{"type": "text"}]}, "content[0].text", "missing_required_parameter", "is required"),
        ({"content": [{**TEXT, "text": 5}]}, "content[0].text", "invalid_type", "must be a string; got the number 5"),
        ({"content": [{"type": "refusal"}]}, "content[0].refusal", "missing_required_parameter", "is required"),
        ({"content": [{**IMAGE, "image_url": "a"}]}, "content[0].image_url", "invalid_type", 'must be an object; got the string "a"'),
        ({"content": [{**IMAGE, "image_url": {}}]}, "content[0].image_url.url", "missing_required_parameter", "is required"),
        (
            {"content": [{"type": "input_audio", "input_audio": {"data": "a"}}]},
            "content[0].input_audio.format",
            "missing_required_parameter",
            "is required",
        ),
    ],
)
def test_a_mistake_in_a_message_is_at_its_field(
    http: httpx.Client, engine: FakeEngine, fields: dict[str, Any], field: str, code: str, predicate: str
) -> None:
    param = f"messages[1].{field}"
    assert refuse(http, engine, HELLO, {"role": "assistant", "content": None, **fields}) == (param, code, f"'{param}' {predicate}.")


@pytest.mark.parametrize("options", [{}, {"retrieval": {"vector_store_ids": ["vs_a"]}}])
@pytest.mark.parametrize(
    ("role", "field", "kind"),
    [
        *((role, "name", "a string") for role in ("user", "system", "developer", "assistant", "function", "critic")),
        *((role, "content", "a string or a list") for role in ("user", "system", "developer", "tool", "critic")),
    ],
)
def test_a_null_that_the_engine_refuses_is_refused_at_its_field(
    http: httpx.Client, engine: FakeEngine, role: str, field: str, kind: str, options: dict[str, Any]
) -> None:
    messages = [HELLO, {"role": role, "content": "Hi", field: None}]
    response = http.post(CHAT, json={"model": "tiny", "messages": messages, **options})
    error = response.json()["error"]
    param = f"messages[1].{field}"
    assert (response.status_code, error["param"], error["code"]) == (400, param, "invalid_type")
    assert error["message"] == f"'{param}' must be {kind}; got null."
    assert engine.bodies == []


@pytest.mark.parametrize(
    ("part", "code", "sent"),
    [
        ({"type": "nope"}, "invalid_value", "; got 'nope'."),
        ({"type": "file", "file": {"file_id": "file-1"}}, "invalid_value", "; got 'file'."),
        ({"type": "input_text", "text": "Hi"}, "invalid_value", "; got 'input_text'."),
        ({"type": "output_text", "text": "Hi"}, "invalid_value", "; got 'output_text'."),
        ({"text": "Hi"}, "missing_required_parameter", "."),
        ({}, "missing_required_parameter", "."),
    ],
)
def test_an_unknown_type_of_a_part_is_an_error_with_the_known_ones(
    http: httpx.Client, engine: FakeEngine, part: Any, code: str, sent: str
) -> None:
    param, actual, message = refuse(http, engine, {"role": "user", "content": [TEXT, part]})
    assert (param, actual) == ("messages[0].content[1].type", code)
    assert "must be one of 'text', 'refusal', 'thinking', 'image_url', 'input_audio', " in message
    assert message.endswith(f"'{sent}" if sent == "." else sent)


@pytest.mark.parametrize(
    ("messages", "param", "code"),
    [
        ([], "messages", "array_below_min_length"),
        ([5], "messages[0]", "invalid_type"),
        ([HELLO, {"content": "Hi"}], "messages[1].role", "missing_required_parameter"),
    ],
)
def test_messages_without_their_shape_are_refused(http: httpx.Client, engine: FakeEngine, messages: Any, param: str, code: str) -> None:
    assert refuse(http, engine, *messages)[:2] == (param, code)


def test_a_second_answer_to_a_call_is_refused(http: httpx.Client, engine: FakeEngine) -> None:
    param = "messages[3].tool_call_id"
    message = f"'{param}' is 'call_1', but this call has an answer already. Send one answer for each call."
    assert refuse(http, engine, HELLO, CALLING, ANSWER, ANSWER) == (param, "invalid_value", message)
    assert refuse(http, engine, HELLO, CALLING, ANSWER, HELLO, ANSWER)[0] == "messages[4].tool_call_id"


@pytest.mark.parametrize(
    "messages",
    [
        [HELLO, CALLING, ANSWER, CALLING, ANSWER],  # some models count the ids of their calls from the start in every message
        [HELLO, {**CALLING, "tool_calls": [CALL, CALL]}, ANSWER, ANSWER],
        [HELLO, {**CALLING, "tool_calls": [{**CALL, "index": 0}]}, {**ANSWER, "name": "weigh"}],
        [HELLO, ANSWER, CALLING, ANSWER],
        [{"role": "tool", "content": "a"}, {"role": "tool", "content": "b", "tool_call_id": None, "name": None}, HELLO],
        [HELLO, ANSWER, ANSWER],  # the call was left out
        [{"role": "critic", "content": "Hi"}, {"role": "developer", "content": [TEXT]}, {"role": "assistant", "content": None}, HELLO],
        [{"role": "user", "content": [TEXT, IMAGE, {"type": "input_audio", "input_audio": {"data": "a", "format": "wav"}}]}],
        [{"role": "user", "content": [{**TEXT, "cache_control": {"type": "ephemeral"}}, {"image_url": "data:,x"}]}],
        [{"role": "user", "content": [{"type": "image_url", "image_url": None, "uuid": "a"}, {"type": None, "video_url": "data:,x"}]}],
        [{"role": "user", "content": [{"type": "image_embeds", "image_embeds": "a"}, {"type": "video_url", "video_url": {"url": "a"}}]}],
        [HELLO, {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}, HELLO],
        [HELLO, {"role": "assistant", "content": "Ho", "reasoning_content": "Hm.", "reasoning": "Hm.", "tool_calls": []}, HELLO],
    ],
)
def test_messages_of_clients_of_openai_and_vllm_reach_the_engine_unchanged(
    http: httpx.Client, engine: FakeEngine, messages: list[Any]
) -> None:
    assert send(http, *messages).status_code == 200
    assert json.loads(engine.bodies[-1])["messages"] == messages


@pytest.mark.parametrize("tool_calls", [None, [CALL]])
def test_a_message_of_the_package_can_be_sent_back_as_it_writes_it(http: httpx.Client, tool_calls: Any) -> None:
    message = ChatCompletionMessage.model_validate({"role": "assistant", "content": None if tool_calls else "Ho", "tool_calls": tool_calls})
    written = message.model_dump()
    assert written["function_call"] is written["audio"] is written["refusal"] is None
    assert send(http, HELLO, written, ANSWER).status_code == 200


def test_a_long_chat_with_a_mistake_at_its_end_is_refused_there(http: httpx.Client, engine: FakeEngine) -> None:
    messages = [{"role": "user", "content": "é" * 300}] * 20_000
    assert refuse(http, engine, *messages, {"role": "user", "content": [{}]})[0] == "messages[20000].content[0].type"


def test_the_answer_of_a_function_may_be_null(http: httpx.Client, engine: FakeEngine) -> None:
    message = {"role": "function", "name": "weigh", "content": None}
    assert http.post(CHAT, json={"model": "tiny", "messages": [HELLO, message]}).status_code == 200

from typing import Any

import pytest

from services.evaluation.datasets.distillation.chat_messages import list_functions, to_messages, to_reply
from tests.unit.evaluation.datasets.distillation.turns import say, search

CALL = {"type": "function_call", "call_id": "call_1", "name": "weigh", "arguments": '{"part": "crane"}'}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "12 kg"}
WEIGH = {"type": "function", "name": "weigh", "description": None, "parameters": {"type": "object"}}
SEARCH_TOOL = {"type": "file_search", "vector_store_ids": ["vs_1"]}


def test_developer_messages_are_of_the_system_and_parts_are_joined() -> None:
    parts = [{"type": "input_text", "text": "one"}, {"type": "input_text", "text": "zwei \U0001f600"}]
    items = [say("Be short.", "developer"), {"type": "message", "role": "user", "content": parts}]
    assert to_messages(items) == [{"role": "system", "content": "Be short."}, {"role": "user", "content": "one\nzwei \U0001f600"}]


def test_calls_that_follow_each_other_are_one_message_and_searches_none() -> None:
    calls = to_messages([search("a"), CALL, {**CALL, "call_id": "call_2"}, OUTPUT])
    assert [len(message.get("tool_calls", ())) for message in calls] == [2, 0]
    assert calls[1] == {"role": "tool", "tool_call_id": "call_1", "content": "12 kg"}


def test_an_image_stays_visible_without_its_bytes() -> None:
    image = {"type": "input_image", "image_url": "data:image/png;base64,AAAA"}
    (message,) = to_messages([{"type": "message", "role": "user", "content": [image]}])
    assert message["content"] == [{"type": "image_url"}]


def test_the_reply_is_what_was_written_after_the_last_search() -> None:
    output = [say("Let me look.", "assistant"), search("a"), say("It weighs 12 kg.", "assistant"), CALL]
    reply = to_reply(output)
    assert reply is not None
    assert (reply["content"], [call["id"] for call in reply["tool_calls"]]) == ("It weighs 12 kg.", ["call_1"])


@pytest.mark.parametrize("output", [[], [search("a")], [say("", "assistant")], [say("Let me look.", "assistant"), search()]])
def test_a_response_may_have_no_reply(output: list[Any]) -> None:
    assert to_reply(output) is None


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ("auto", ["weigh", "stop"]),
        ("none", ["weigh", "stop"]),
        ({"type": "function", "name": "stop"}, ["stop"]),
        ({"type": "file_search"}, []),
        ({"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "weigh"}, {"type": "file_search"}]}, ["weigh"]),
    ],
)
def test_a_model_sees_the_functions_that_the_tool_choice_allows(choice: Any, names: list[str]) -> None:
    functions = list_functions({"tools": [SEARCH_TOOL, WEIGH, {**WEIGH, "name": "stop"}], "tool_choice": choice})
    assert [each["function"]["name"] for each in functions] == names
    assert all("description" not in each["function"] for each in functions)

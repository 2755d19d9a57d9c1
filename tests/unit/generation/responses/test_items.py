from typing import Any

import pytest

from services.generation.responses.items import LOGPROBS, RESULTS, shown, to_items, to_messages
from shared.errors import InvalidRequest


def test_a_text_is_a_message_of_the_user() -> None:
    (item,) = to_items("hello")
    assert item["id"].startswith("msg_")
    assert to_messages([item]) == [{"role": "user", "content": "hello"}]


def test_items_become_the_chat_they_stand_for() -> None:
    call = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}
    items = to_items(
        [
            {"role": "developer", "content": "Be short."},
            {"role": "user", "content": [{"type": "input_text", "text": "Look"}, {"type": "input_image", "image_url": "data:,x"}]},
            {"type": "reasoning", "summary": []},
            call,
            {**call, "call_id": "call_2"},
            {"type": "function_call_output", "call_id": "call_1", "output": "a cat"},
            {
                "type": "function_call_output",
                "call_id": "call_2",
                "output": [{"type": "input_text", "text": each} for each in ("a", "dog")],
            },
        ]
    )
    system, user, calls, result, other = to_messages(items)
    assert other == {"role": "tool", "tool_call_id": "call_2", "content": "a\ndog"}
    assert system == {"role": "system", "content": "Be short."}
    assert user["content"] == [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "data:,x"}}]
    assert [made["id"] for made in calls["tool_calls"]] == ["call_1", "call_2"]
    assert result == {"role": "tool", "tool_call_id": "call_1", "content": "a cat"}


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ([], "input"),
        (["hello"], "input[0]"),
        ([{"type": ["message"], "role": "user", "content": "a"}], "input[0]"),
        ([{"id": 5, "role": "user", "content": "a"}], "input[0].id"),
        ([{"type": "computer_call"}], "input[0]"),
        ([{"role": "judge", "content": "x"}], "input[0].role"),
        ([{"role": "user"}], "input[0].content"),
        ([{"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]}], "input[0].content[0]"),
        ([{"type": "function_call", "call_id": "c", "name": "f"}], "input[0].arguments"),
        ([{"type": "function_call_output", "call_id": "c", "output": 3}], "input[0].output"),
    ],
)
def test_what_is_no_item_is_refused_by_its_place(given: list[Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        to_items(given)
    assert raised.value.param == param


def test_an_item_is_told_with_what_was_asked_for() -> None:
    part = {"type": "output_text", "text": "one", "annotations": [], "logprobs": [{"token": "one", "logprob": -0.1}]}
    message = {"type": "message", "role": "assistant", "content": [part, {"type": "refusal", "refusal": "No."}]}
    search = {"type": "file_search_call", "queries": ["one"], "results": [{"text": "found"}]}
    assert shown(message, [LOGPROBS]) == message
    assert shown(message, [RESULTS])["content"][0]["logprobs"] == []
    assert shown(search, [RESULTS]) == search
    assert shown(search, [])["results"] is None
    assert part["logprobs"], "what is stored stays whole"

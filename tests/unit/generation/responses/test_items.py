from typing import Any

import pytest

from services.generation.responses.items import LOGPROBS, RESULTS, apply_include, check_outputs, parse_items, slice_items, to_messages
from shared.contracts.paging import PageRequest
from shared.errors import InvalidRequest

IMAGE = {"type": "input_image", "image_url": "data:,x"}


def test_a_string_is_a_user_message() -> None:
    (item,) = parse_items("hello")
    assert item["id"].startswith("msg_")
    assert to_messages([item]) == [{"role": "user", "content": "hello"}]


def test_items_become_chat_messages() -> None:
    call = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}
    items = parse_items(
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
    system, user, calls, first, second = to_messages(items)
    assert second == {"role": "tool", "tool_call_id": "call_2", "content": "a\ndog"}
    assert system == {"role": "system", "content": "Be short."}
    assert user["content"] == [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": "data:,x"}}]
    assert [call["id"] for call in calls["tool_calls"]] == ["call_1", "call_2"]
    assert first == {"role": "tool", "tool_call_id": "call_1", "content": "a cat"}


@pytest.mark.parametrize(
    ("items", "param"),
    [
        ([], "input"),
        (["hello"], "input[0]"),
        ([{"type": ["message"], "role": "user", "content": "a"}], "input[0].type"),
        ([{"type": 5, "role": "user", "content": "a"}], "input[0].type"),
        ([{"id": 5, "role": "user", "content": "a"}], "input[0].id"),
        ([{"type": "computer_call"}], "input[0].type"),
        ([{"role": "judge", "content": "x"}], "input[0].role"),
        ([{"role": "user"}], "input[0].content"),
        ([{"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]}], "input[0].content[0].type"),
        ([{"role": "user", "content": "a"}, {"role": "user", "content": ["a"]}], "input[1].content[0]"),
        ([{"role": "user", "content": [{"type": "input_text", "text": "a"}, {"type": "input_text"}]}], "input[0].content[1].text"),
        ([{"role": "assistant", "content": [{"type": "refusal", "text": "No."}]}], "input[0].content[0].refusal"),
        ([{"role": "user", "content": [{"type": "input_image", "file_id": "file-1"}]}], "input[0].content[0].image_url"),
        ([{"type": "function_call", "call_id": "c", "name": "f"}], "input[0].arguments"),
        ([{"type": "function_call_output", "call_id": "c", "output": 3}], "input[0].output"),
        ([{"type": "function_call_output", "call_id": "c", "output": [IMAGE]}], "input[0].output[0].type"),
        ([{"role": "user", "content": "a", "status": 5}], "input[0].status"),
        ([{"role": "user", "content": [{"type": "input_text", "text": "a", "annotations": 5}]}], "input[0].content[0].annotations"),
        ([{"type": "file_search_call", "queries": 5}], "input[0].queries"),
        ([{"type": "file_search_call", "queries": [5]}], "input[0].queries[0]"),
        ([{"type": "file_search_call", "results": 5}], "input[0].results"),
        ([{"type": "reasoning", "summary": 5}], "input[0].summary"),
    ],
)
def test_an_item_with_a_wrong_shape_is_an_error_at_its_path(items: list[Any], param: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        parse_items(items)
    assert raised.value.param == param


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"type": "function_call", "call_id": "c", "name": "f"}, "missing_required_parameter"),
        ({"type": "function_call", "call_id": "c", "name": "f", "arguments": {}}, "invalid_type"),
        ({"content": "a"}, "missing_required_parameter"),
        ({"role": 5, "content": "a"}, "invalid_type"),
        ({"role": "judge", "content": "a"}, "invalid_value"),
        ({"role": "user"}, "missing_required_parameter"),
        ({"role": "user", "content": 5}, "invalid_type"),
        ({"role": "user", "content": []}, "array_below_min_length"),
        ({"role": "user", "content": None}, "invalid_type"),
        ({"role": None, "content": "a"}, "invalid_type"),
        ({"type": "function_call", "call_id": "c", "name": None, "arguments": "{}"}, "invalid_type"),
        ({"role": "user", "content": [5]}, "invalid_type"),
        ({"role": "user", "content": [{"type": "input_text", "text": 5}]}, "invalid_type"),
        ({"role": "user", "content": [{"type": "input_text"}]}, "missing_required_parameter"),
        ({"role": "user", "content": [{"text": "a"}]}, "missing_required_parameter"),
        ({"role": "user", "content": [{"type": "input_video"}]}, "invalid_value"),
        ({"role": "user", "content": "a", "status": "done"}, "invalid_value"),
        ({"type": "computer_call"}, "invalid_value"),
        (5, "invalid_type"),
        ({"id": 5, "role": "user", "content": "a"}, "invalid_type"),
    ],
)
def test_a_mistake_in_an_item_has_the_code_that_it_has_elsewhere(item: Any, code: str) -> None:
    with pytest.raises(InvalidRequest) as raised:
        parse_items([item])
    assert raised.value.code == code


def test_a_message_says_what_is_wrong_with_the_part_itself() -> None:
    parts = [{"type": "refusal", "refusal": 5}, {"type": "input_file", "file_id": "file-1"}]
    messages = []
    for part in parts:
        with pytest.raises(InvalidRequest) as raised:
            parse_items([{"role": "user", "content": [part]}])
        messages.append(raised.value.message)
    assert messages[0] == "'input[0].content[0].refusal' must be a string; got the number 5."
    assert messages[1].endswith("got 'input_file'. To use a file, add it to a vector store and search it with the tool 'file_search'.")


def test_null_means_that_the_type_id_and_status_of_an_item_were_not_sent() -> None:
    (item,) = parse_items([{"type": None, "id": None, "status": None, "role": "user", "content": "a"}])
    assert (item["type"], item["id"][:4], item["status"]) == ("message", "msg_", "completed")


CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c", "output": "4 kg"}


@pytest.mark.parametrize(
    ("history", "items", "number"),
    [
        ([], [CALL, OUTPUT, OUTPUT], 2),
        ([CALL], [OUTPUT, OUTPUT], 1),
        ([CALL, OUTPUT], [OUTPUT], 0),
        ([CALL, OUTPUT, CALL], [OUTPUT, OUTPUT], 1),
    ],
)
def test_a_second_output_of_a_call_is_refused(history: list[Any], items: list[Any], number: int) -> None:
    with pytest.raises(InvalidRequest) as raised:
        check_outputs(items, history)
    param = f"input[{number}].call_id"
    message = f"'{param}' is 'c', but this call has an output already. Send one output for each call."
    assert (raised.value.message, raised.value.param) == (message, param)


@pytest.mark.parametrize(
    ("history", "items"),
    [([CALL], [OUTPUT]), ([CALL, OUTPUT], [CALL, OUTPUT]), ([], [CALL, CALL, OUTPUT, OUTPUT]), ([CALL, OUTPUT, OUTPUT], [])],
)
def test_a_call_may_have_the_id_of_an_earlier_one(history: list[Any], items: list[Any]) -> None:
    check_outputs(items, history)


def test_an_item_shows_what_include_names() -> None:
    part = {"type": "output_text", "text": "one", "annotations": [], "logprobs": [{"token": "one", "logprob": -0.1}]}
    message = {"type": "message", "role": "assistant", "content": [part, {"type": "refusal", "refusal": "No."}]}
    search = {"type": "file_search_call", "queries": ["one"], "results": [{"text": "found"}]}
    assert apply_include(message, [LOGPROBS]) == message
    assert apply_include(message, [RESULTS])["content"][0]["logprobs"] == []
    assert apply_include(search, [RESULTS]) == search
    assert apply_include(search, [])["results"] is None
    assert part["logprobs"], "the stored item must not change"


ITEMS = [{"id": "msg_1"}, {"id": "msg_2"}, {"id": "msg_3"}]


def test_a_page_of_items_follows_its_cursor() -> None:
    part = slice_items(ITEMS, PageRequest(1, "asc", after="msg_1"))
    assert (list(part.rows), part.has_more) == ([{"id": "msg_2"}], True)
    newest = slice_items(ITEMS, PageRequest(2, "desc"))
    assert (list(newest.rows), newest.has_more) == ([{"id": "msg_3"}, {"id": "msg_2"}], True)
    assert list(slice_items(ITEMS, PageRequest(5, "asc", after="msg_3")).rows) == []


def test_a_page_of_items_precedes_its_cursor() -> None:
    part = slice_items(ITEMS, PageRequest(1, "asc", before="msg_3"))
    assert (list(part.rows), part.has_more) == ([{"id": "msg_2"}], True)
    between = slice_items(ITEMS, PageRequest(5, "asc", after="msg_1", before="msg_3"))
    assert (list(between.rows), between.has_more) == ([{"id": "msg_2"}], False)


def test_an_unknown_cursor_is_an_error() -> None:
    with pytest.raises(InvalidRequest, match="'after' names 'msg_9', which is not in this list") as raised:
        slice_items(ITEMS, PageRequest(1, after="msg_9"))
    assert raised.value.param == "after"

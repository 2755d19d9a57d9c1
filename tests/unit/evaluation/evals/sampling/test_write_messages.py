from typing import Any

import pytest
from pydantic import TypeAdapter

from services.evaluation.evals.sampling.write_messages import write_messages
from shared.contracts.evals.data_sources import InputMessages
from shared.graders.outcome import GradingFailed

ADAPTER: TypeAdapter[InputMessages] = TypeAdapter(InputMessages)


def template(*messages: dict[str, Any]) -> InputMessages:
    return ADAPTER.validate_python({"type": "template", "template": list(messages)})


def refer(name: str, value: Any) -> list[dict[str, Any]]:
    source: InputMessages = ADAPTER.validate_python({"type": "item_reference", "item_reference": name})
    return write_messages(source, {"chat": value})


def test_texts_are_rendered_objects_become_json_and_roles_stay() -> None:
    source = template(
        {"role": "developer", "content": "Be {{ item.tone }}."},
        {"role": "user", "content": {"type": "input_text", "text": "{{item.facts}}"}},
        {"role": "assistant", "content": [{"type": "output_text", "text": "é"}, "{{item.facts.list[1]}}"]},
    )
    assert write_messages(source, {"tone": "kind", "facts": {"list": [1, "zwei"]}}) == [
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": '{"list": [1, "zwei"]}'},
        {"role": "assistant", "content": "é\nzwei"},
    ]


@pytest.mark.parametrize(
    "text",
    ["{% for x in ().__class__ %}", "{{ item.__class__.__mro__ }} {{", "{{7*7}}", "{{ cycler.__init__.__globals__ }}", "{# a #}",
     "{{'a'.upper()}}", "{{item.x|safe}}", "{{{item.name}}", "${item.name}", "{{item['name']}}"],
)  # fmt: skip
def test_nothing_in_a_template_runs(text: str) -> None:
    item = {"name": "{{item.secret}}", "secret": "shown"}
    try:
        (message,) = write_messages(template({"role": "user", "content": text}), item)
    except GradingFailed as error:
        assert error.kind == "invalid_variable_error"  # a path that the item does not have
    else:
        assert message["content"] in (text, "{{{item.secret}}")


def test_what_is_put_in_is_not_read_as_a_template() -> None:
    item = {"a": "{{item.b}}", "b": "secret"}
    (message,) = write_messages(template({"role": "user", "content": "{{item.a}}"}), item)
    assert message["content"] == "{{item.b}}"
    assert refer("item.chat", "{{item.chat}}") == [{"role": "user", "content": "{{item.chat}}"}]


def test_an_image_stays_a_part() -> None:
    content = ["What is this?", {"type": "input_image", "image_url": "data:{{item.image}}", "detail": "low"}]
    (message,) = write_messages(template({"role": "user", "content": content}), {"image": "abc"})
    assert message["content"] == [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": "data:abc", "detail": "low"}},
    ]


@pytest.mark.parametrize("name", ["item.chat", " item.chat ", "{{item.chat}}", "{{ item.chat }}"])
def test_a_reference_may_be_written_with_braces(name: str) -> None:
    assert refer(name, [{"role": "user", "content": "Hi"}]) == [{"role": "user", "content": "Hi"}]


def test_the_messages_of_a_row_may_be_written_for_either_api() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    chat = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "input_text", "text": "b"}]},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"type": "function_call", "call_id": "call_2", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_2", "output": "seen"},
        {"role": "tool", "tool_call_id": "call_1", "content": {"any": 1}},
        {"role": "user", "content": [{"type": "input_image", "image_url": "data:x"}]},
    ]
    assert refer("item.chat", chat) == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "a\nb"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "assistant", "content": None, "tool_calls": [{**call, "id": "call_2"}]},
        {"role": "tool", "tool_call_id": "call_2", "content": "seen"},
        {"role": "tool", "content": '{"any": 1}', "tool_call_id": "call_1"},
        {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:x"}}]},
    ]


@pytest.mark.parametrize(
    ("value", "problem"),
    [([], "has no messages"), ([{"content": "x"}], r"'item\.chat\[0\]' must be a message"), ([{"role": "robot", "content": "x"}], "must"),
     (7, "must be a message"), ([["x"]], "must be a message"), ([{"type": "function_call"}], "is not a function call")],
)  # fmt: skip
def test_what_is_no_message_is_named(value: Any, problem: str) -> None:
    with pytest.raises(GradingFailed, match=problem):
        refer("item.chat", value)


@pytest.mark.parametrize("name", ["item", "item.none", "chat", "item chat", "sample.output_text.x"])
def test_a_reference_must_name_a_field_with_messages(name: str) -> None:
    with pytest.raises(GradingFailed):
        refer(name, "x")

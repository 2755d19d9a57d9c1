import time
from typing import Any

import pytest

from shared.graders.outcome import GradingFailed
from shared.graders.sample import Sample, read_sample
from shared.graders.template import Scope, render, resolve

ITEM: dict[str, Any] = {
    "x": "text", "n": 5, "f": 1.0, "yes": True, "none": None, "list": ["a", {"b": "c"}], "o": {"p": {"q": "deep"}}, "with space": "s",
    "a.b": "dotted", "\u540d": "\u5024", "braces": "{{item.x}}", "empty": "", "quote": 'say "\u00fc"',
}  # fmt: skip
COMPLETION = {
    "id": "chatcmpl-1", "model": "m", "usage": {"total_tokens": 7},
    "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": '{"city": "Paris", "n": [1, 2]}',
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "find", "arguments": '{"x": {"y": 1}}'}}]}}],
}  # fmt: skip
SCOPE = Scope(ITEM, read_sample(COMPLETION))


@pytest.mark.parametrize(
    ("text", "rendered"),
    [("{{item.x}}", "text"), ("{{ item.x }}", "text"), ("{{item.x }}-{{  item.n}}", "text-5"),
     ("{{item.f}} {{item.yes}} {{item.none}}", "1.0 true null"),
     ("{{item.list}}", '["a", {"b": "c"}]'), ("{{item.list[0]}}", "a"), ("{{item.list[1].b}}", "c"), ("{{item.o.p.q}}", "deep"),
     ("{{item.o}}", '{"p": {"q": "deep"}}'),
     ("{{item.with space}}", "s"), ('{{item["a.b"]}}', "dotted"), ("{{item.\u540d}}", "\u5024"), ("{{item.braces}}", "{{item.x}}"),
     ("[{{item.empty}}]", "[]"),
     ("{{sample.output_text}}", '{"city": "Paris", "n": [1, 2]}'), ("{{sample.output_json.city}}", "Paris"),
     ("{{sample.output_json.n[1]}}", "2"),
     ("{{sample.output_tools[0].function.name}}", "find"), ("{{sample.output_tools[0].function.arguments.x}}", '{"y": 1}'),
     ("{{sample.output_tools[0].function.arguments}}", '{"x": {"y": 1}}'), ("{{sample.choices[0].message.role}}", "assistant"),
     ("{{sample.choices[0].finish_reason}} {{sample.finish_reason}}", "tool_calls tool_calls"),
     ("{{sample.usage.total_tokens}}", "7"), ("{{item.quote}}", 'say "\u00fc"')],
)  # fmt: skip
def test_a_placeholder_is_replaced_by_what_it_names(text: str, rendered: str) -> None:
    assert render(text, SCOPE) == rendered


@pytest.mark.parametrize(
    "text",
    ["", "{{", "}}", "{item.x}", "{{item.x}", "{ {item.x} }", "{{}}", "{{ }}", "{{item.}}", "{{item..x}}", "{{1+1}}", "{{item.x",
     "{% for a in b %}",
     "{{item.x}|upper}}", "{{item.list[-1]}}", "{{item.list[x]}}", "{{ 'a' }}", "{{item()}}", "\\frac{{1}}{2}",
     "{{item.x\n}}", "{{some words}}"],
)  # fmt: skip
def test_broken_braces_stay_as_they_are(text: str) -> None:
    assert render(text, SCOPE) == text


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [("{{item.y}}", "invalid_variable_error", "'{{item.y}}': the item has no 'y'."),
     ("{{item.o.p.z}}", "invalid_variable_error", "'{{item.o.p.z}}': the item has no 'o.p.z'."),
     ("{{item.list[2]}}", "invalid_variable_error", "'{{item.list[2]}}': the item has no 'list[2]'."),
     ("{{item.x.y}}", "invalid_variable_error", "'{{item.x.y}}': the item has no 'x.y'."),
     ("{{item.x[0]}}", "invalid_variable_error", "'{{item.x[0]}}': the item has no 'x[0]'."),
     ("{{question}}", "invalid_variable_error", "'{{question}}' must begin with 'item' or 'sample'."),
     ("{{item.__class__}}", "invalid_variable_error", "'{{item.__class__}}': the item has no '__class__'."),
     ("{{sample.nothing}}", "invalid_variable_error", "'{{sample.nothing}}': the sample has no 'nothing'."),
     ("{{sample.output_json.town}}", "sample_parse_error", "'{{sample.output_json.town}}': 'sample.output_json' has no 'town'."),
     ("{{sample.output_tools[1].id}}", "sample_parse_error", "'{{sample.output_tools[1].id}}': 'sample.output_tools' has no '[1]'.")],
)  # fmt: skip
def test_what_is_not_there_is_named(text: str, kind: str, message: str) -> None:
    with pytest.raises(GradingFailed) as failure:
        render(text, SCOPE)
    assert (failure.value.kind, failure.value.message) == (kind, message)


def test_a_text_of_one_placeholder_is_the_value_itself() -> None:
    assert resolve(" {{item.list}} ", SCOPE) == ITEM["list"]
    assert resolve("{{item.n}}", SCOPE) == 5
    assert resolve("{{item.list}} {{item.n}}", SCOPE) == '["a", {"b": "c"}] 5'


def test_an_answer_that_is_not_json_has_no_fields() -> None:
    for text in ("", "Paris", "{", "[1", '{"a": NaN}', "[" * 200_000):
        with pytest.raises(GradingFailed, match="The answer is not valid JSON") as failure:
            render("{{sample.output_json.a}}", Scope({}, Sample(text)))
        assert failure.value.kind == "sample_parse_error"


def test_what_is_wrong_with_an_answer_that_is_not_json_is_told_in_plain_words() -> None:
    with pytest.raises(GradingFailed) as failure:
        render("{{sample.output_json.a}}", Scope({}, Sample('{\n"a" 1}')))
    assert failure.value.message == "The answer is not valid JSON: a colon is missing after a key (line 2, column 5)."


def test_an_item_may_be_anything() -> None:
    assert render("{{item}}", Scope(None, Sample())) == "null"
    assert render("{{item[0]}}", Scope(["a"], Sample())) == "a"
    with pytest.raises(GradingFailed, match="the item has no 'x'"):
        render("{{item.x}}", Scope("text", Sample()))


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def test_an_item_that_is_nested_too_deeply_or_too_large_is_an_error() -> None:
    with pytest.raises(GradingFailed, match="nested too deeply"):
        render("{{item}}", Scope(nested(100_000), Sample()))
    with pytest.raises(GradingFailed, match="more than 20,000,000 characters"):
        render("{{item.x}}" * 30, Scope({"x": "y" * 1_000_000}, Sample()))


@pytest.mark.parametrize(
    "text",
    ["{{" * 100_000, "{{item" + " " * 200_000, "{{item.x" + "y" * 200_000, "{{item" + ".a" * 100_000, "{{ item." * 50_000, "[0]" * 100_000],
)
def test_long_text_is_searched_in_linear_time(text: str) -> None:
    started = time.process_time()
    assert render(text, SCOPE) == text
    assert time.process_time() - started < 5


def test_a_sample_can_be_a_completion_or_a_row_that_has_the_output() -> None:
    assert SCOPE.sample.output_text == '{"city": "Paris", "n": [1, 2]}'
    assert read_sample({"output_text": "hi", "model": "m"}).read("model") == "m"
    assert read_sample({"output_json": {"a": 1}}).output_text == '{"a": 1}'
    parts = {"choices": [{"message": {"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}}]}
    assert read_sample(parts).output_text == "ab"
    odd: list[dict[str, Any]] = [{}, {"choices": []}, {"choices": None}, {"choices": ["x"]}, {"choices": [{"message": None}]}]
    assert [read_sample(each).output_text for each in odd] == [""] * 5

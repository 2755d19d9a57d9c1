from typing import Any

import pytest

from services.evaluation.evals.sampling.describe_sample import describe_sample
from services.evaluation.evals.sampling.shapes import read_shape
from shared.graders.sample import read_sample
from shared.graders.template import Scope, render
from tests.unit.evaluation.evals.cases import complete, respond

CALL = {"id": "call_1", "type": "function", "function": {"name": "buy", "arguments": '{"shares": 3}'}}
RESPONSE_CALL = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "buy", "arguments": '{"shares": 3}'}
WITH_CALL = {"role": "assistant", "content": None, "tool_calls": [CALL]}
CALLED: list[dict[str, Any]] = [
    complete("", choices=[{"index": 0, "finish_reason": "tool_calls", "message": WITH_CALL}]),
    {**respond(""), "output": [RESPONSE_CALL]},
    {"output_tools": [CALL]},
    {"output": [{"role": "assistant", "content": None, "tool_calls": [CALL]}]},
    {"choices": [{"message": WITH_CALL}]},
]
ANSWERED: list[dict[str, Any]] = [
    complete('{"city": "Paris"}'),
    respond('{"city": "Paris"}'),
    {"output_text": '{"city": "Paris"}'},
    {"output_json": {"city": "Paris"}},
    {"output": [{"role": "assistant", "content": '{"city": "Paris"}'}], "input": [], "model": "m"},
    {"object": "response", "output": [{"type": "message", "content": [{"type": "output_text", "text": '{"city": "Paris"}'}]}]},
]


def fill(template: str, value: dict[str, Any]) -> str:
    return render(template, Scope({}, read_sample(read_shape(value))))


@pytest.mark.parametrize("value", ANSWERED)
def test_the_text_is_found_in_each_shape_of_an_answer(value: dict[str, Any]) -> None:
    assert fill("{{sample.output_text}}", value) == '{"city": "Paris"}'
    assert fill("{{sample.output_json.city}}", value) == "Paris"
    assert fill("{{sample.choices[0].message.content}}", value) == '{"city": "Paris"}'
    assert fill("{{sample.output_tools}}", value) == "[]"
    shown = describe_sample(read_shape(value), {})
    assert [message.model_dump() for message in shown.output] == [{"role": "assistant", "content": '{"city": "Paris"}'}]


@pytest.mark.parametrize("value", CALLED)
def test_the_calls_of_tools_are_found_in_each_shape_of_an_answer(value: dict[str, Any]) -> None:
    assert fill("{{sample.output_tools[0].function.name}}", value) == "buy"
    assert fill("{{sample.output_tools[0].function.arguments.shares}}", value) == "3"
    assert fill("{{sample.choices[0].message.tool_calls[0].function.arguments}}", value) == '{"shares": 3}'
    assert fill("{{sample.output_text}}", value) == ""
    (message,) = describe_sample(read_shape(value), {}).output
    assert (message.model_dump()["tool_calls"][0]["function"]["name"], message.content) == ("buy", None)


def test_the_usage_and_parameters_of_both_apis_are_shown_alike() -> None:
    chat = describe_sample(read_shape(complete("a")), {"temperature": 0.5, "seed": 3, "max_completion_tokens": 9, "model": "asked"})
    assert chat.usage is not None
    assert chat.usage.model_dump() == {"total_tokens": 12, "completion_tokens": 2, "prompt_tokens": 10, "cached_tokens": 4}
    assert (chat.temperature, chat.top_p, chat.seed, chat.max_completion_tokens, chat.model) == (0.5, None, 3, 9, "asked")
    response = describe_sample(read_shape(respond("a", temperature=1.0, top_p=0.9, max_output_tokens=5)), {})
    assert response.usage is not None
    assert response.usage.model_dump() == {"total_tokens": 23, "completion_tokens": 3, "prompt_tokens": 20, "cached_tokens": 7}
    assert (response.temperature, response.top_p, response.max_completion_tokens, response.finish_reason) == (1.0, 0.9, 5, "stop")


@pytest.mark.parametrize(
    "value",
    [{}, {"choices": []}, {"choices": ["x"]}, {"choices": [{"message": "x"}]}, {"output": []}, {"output": ["x", None, {"content": 3}]},
     {"output_text": 7, "usage": "none", "input": 3, "finish_reason": 4}, {"output": {"a": 1}},
     {"choices": {"a": 1}, "usage": {"prompt_tokens": "x"}},
     {"object": "response", "output": [{"type": "file_search_call", "results": None}]},
     {"input": [1, {"content": [2, {"type": "image_url"}]}]},
     {"choices": [{"message": {"content": None}}], "model": None, "output_tools": "x"}],
)  # fmt: skip
def test_an_answer_of_any_form_can_be_read_and_shown(value: dict[str, Any]) -> None:
    shape = read_shape(value)
    describe_sample(shape, {})
    assert isinstance(read_sample(shape).output_text, str)


def test_the_passages_of_a_search_are_shown() -> None:
    found = {"file_id": "file-1", "filename": "a.md", "score": 0.5, "text": "Paris is the capital."}
    response = respond("Paris", {"type": "file_search_call", "id": "fs_1", "results": [found], "queries": ["q"], "status": "completed"})
    assert describe_sample(read_shape(response), {}).retrieved == [found]
    hit = {"index": 1, "file_id": "file-1", "filename": "a.md", "score": 0.5}
    chat = complete("Paris", citations=[{"index": 1, "text": "Paris is the capital."}], trace={"hits": [hit]})
    assert describe_sample(read_shape(chat), {}).retrieved == [{**found, "in_prompt": True}]

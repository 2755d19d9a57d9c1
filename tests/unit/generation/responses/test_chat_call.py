import asyncio
from typing import Any

import pytest

from services.generation.contracts.responses.response import InputTokenCount, ResponseCreate
from services.generation.responses.chat_call import build, count_prompt, engine_errors
from services.generation.responses.items import parse_items
from services.generation.serving.tokens import TokenCount
from shared.errors import InvalidRequest

LOOK: dict[str, Any] = {"type": "function", "name": "look", "description": None, "parameters": {"type": "object"}}


class FakeCounter:
    """Counts messages instead of tokens."""

    async def count(self, fields: dict[str, Any]) -> TokenCount:
        return TokenCount(len(fields["messages"]), 100)


def build_call(**fields: Any) -> dict[str, Any]:
    request = ResponseCreate.model_validate({"model": "tiny", "input": "one", **fields})
    return build(request, parse_items(request.input))


def test_a_request_becomes_a_streamed_chat_call() -> None:
    call = build_call(instructions="Be short.", max_output_tokens=9, temperature=0)
    assert [message["role"] for message in call["messages"]] == ["system", "user"]
    assert (call["model"], call["stream"], call["max_completion_tokens"], call["temperature"]) == ("tiny", True, 9, 0)
    assert not {"tools", "response_format", "logprobs"} & set(call)


def test_the_effort_of_reasoning_and_the_seed_are_those_of_the_chat_call() -> None:
    call = build_call(reasoning={"effort": "low"}, seed=7)
    assert (call["reasoning_effort"], call["seed"]) == ("low", 7)
    for request in (build_call(), build_call(reasoning={})):
        assert not {"reasoning_effort", "seed"} & set(request)


def test_log_probabilities_are_requested_if_include_names_them() -> None:
    call = build_call(include=["message.output_text.logprobs"], top_logprobs=3)
    assert (call["logprobs"], call["top_logprobs"]) == (True, 3)


def test_functions_and_the_choice_of_one_are_translated() -> None:
    call = build_call(tools=[LOOK], tool_choice={"type": "function", "name": "look"})
    assert call["tools"] == [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
    assert call["tool_choice"] == {"type": "function", "function": {"name": "look"}}


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ({"type": "json_object"}, {"type": "json_object"}),
        (
            {"type": "json_schema", "name": "it", "schema": {"type": "object"}},
            {"type": "json_schema", "json_schema": {"name": "it", "schema": {"type": "object"}}},
        ),
    ],
)
def test_the_text_format_becomes_a_response_format(format: dict[str, Any], expected: dict[str, Any]) -> None:
    assert build_call(text={"format": format})["response_format"] == expected


def test_the_prompt_is_counted_with_its_history() -> None:
    history = parse_items("before")
    assert asyncio.run(count_prompt(InputTokenCount(input="one"), "tiny", history, FakeCounter())) == 2


def test_an_empty_prompt_is_an_error() -> None:
    with pytest.raises(InvalidRequest, match="The prompt is empty"):
        asyncio.run(count_prompt(InputTokenCount(), "tiny", [], FakeCounter()))


def test_items_that_the_prompt_does_not_have_are_no_prompt() -> None:
    with pytest.raises(InvalidRequest, match="The prompt is empty") as raised:
        build_call(input=[{"type": "reasoning", "summary": []}])
    assert raised.value.param == "input"
    assert len(build_call(input=[{"type": "reasoning", "summary": []}], instructions="Be short.")["messages"]) == 1


SEARCH = {"type": "file_search", "vector_store_ids": ["vs_a"]}


@pytest.mark.parametrize(
    ("engine_name", "written"),
    [
        ("tools[1].function.parameters", "tools[2].parameters"),
        ("tools[0].function", "tools[0]"),
        ("response_format.json_schema.schema", "text.format.schema"),
        ("response_format", "text.format"),
        ("max_completion_tokens", "max_output_tokens"),
        ("reasoning_effort", "reasoning.effort"),
        ("messages[3].content", "input"),
        ("top_p", "top_p"),
    ],
)
def test_a_refusal_of_the_engine_names_the_field_as_the_response_does(engine_name: str, written: str) -> None:
    tools = [LOOK, SEARCH, {"type": "function", "name": "find"}]
    request = ResponseCreate.model_validate({"model": "tiny", "input": "one", "tools": tools})
    with pytest.raises(InvalidRequest) as raised, engine_errors(request):
        raise InvalidRequest(f"'{engine_name}' is wrong.", param=engine_name, code="wrong")
    assert (raised.value.message, raised.value.param, raised.value.code) == (f"'{written}' is wrong.", written, "wrong")

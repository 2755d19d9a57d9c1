"""Function calling on the default stack: the real engine with its parser and the chat template that shows tools."""

import json
from typing import Any

import httpx
import pytest
from openai import BadRequestError, OpenAI

WEIGH = {
    "name": "weigh",
    "description": "Returns the weight of an item.",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"item": {"type": "string", "enum": ["anchor", "buoy"]}},
        "required": ["item"],
        "additionalProperties": False,
    },
}
LOOK = {
    "name": "look",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"where": {"type": "string", "enum": ["north", "south"]}},
        "required": ["where"],
        "additionalProperties": False,
    },
}
TOOLS: Any = [{"type": "function", "function": each} for each in (WEIGH, LOOK)]
FLAT_TOOLS: Any = [{"type": "function", **each} for each in (WEIGH, LOOK)]
NAMED: Any = {"type": "function", "function": {"name": "weigh"}}
QUESTION: Any = [{"role": "user", "content": "How heavy is the anchor?"}]
ONLY_ITSELF = {"$ref": "#"}


def options(base: str) -> Any:
    return {"model": base, "messages": QUESTION, "temperature": 0, "max_tokens": 100}


def test_a_model_that_may_call_functions_sees_them_and_answers(client: OpenAI, base: str) -> None:
    without = client.chat.completions.create(**options(base))
    answer = client.chat.completions.create(**options(base), tools=TOOLS, tool_choice="auto")
    assert answer.choices[0].finish_reason in ("stop", "length", "tool_calls")
    assert answer.usage and without.usage
    assert answer.usage.prompt_tokens > without.usage.prompt_tokens + 100


@pytest.mark.parametrize("choice", ["required", NAMED], ids=["required", "named"])
def test_a_function_that_must_be_called_is_called_with_arguments_that_fit(client: OpenAI, base: str, choice: Any) -> None:
    answer = client.chat.completions.create(**options(base), tools=TOOLS, tool_choice=choice, parallel_tool_calls=False)
    calls: Any = answer.choices[0].message.tool_calls
    assert_fits(calls[0].function.name, calls[0].function.arguments, choice)


@pytest.mark.parametrize("choice", ["required", NAMED], ids=["required", "named"])
def test_a_streamed_call_is_the_same(client: OpenAI, base: str, choice: Any) -> None:
    name = arguments = ""
    with client.chat.completions.create(**options(base), tools=TOOLS, tool_choice=choice, parallel_tool_calls=False, stream=True) as stream:
        for chunk in stream:
            for call in chunk.choices[0].delta.tool_calls or () if chunk.choices else ():
                if call.index == 0 and call.function:
                    name += call.function.name or ""
                    arguments += call.function.arguments or ""
    assert_fits(name, arguments, choice)


def assert_fits(name: str, arguments: str, choice: Any) -> None:
    assert name in ({"weigh", "look"} if choice == "required" else {"weigh"})
    values = json.loads(arguments)
    allowed = {"item": ("anchor", "buoy")} if name == "weigh" else {"where": ("north", "south")}
    assert set(values) == set(allowed)
    assert all(value in allowed[key] for key, value in values.items())


@pytest.mark.parametrize("choice", ["auto", "required", {"type": "function", "name": "weigh"}], ids=["auto", "required", "named"])
def test_a_response_calls_a_function_and_goes_on_with_its_output(client: OpenAI, base: str, choice: Any) -> None:
    ask: Any = {"model": base, "max_output_tokens": 60, "temperature": 0}
    first = client.responses.create(**ask, input=QUESTION, tools=FLAT_TOOLS, tool_choice=choice, parallel_tool_calls=False)
    calls = [item for item in first.output if item.type == "function_call"]
    if choice == "auto" and not calls:
        assert first.output_text
        return
    assert_fits(calls[0].name, calls[0].arguments, "required" if choice == "required" else NAMED)
    outputs: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "40 kg"} for call in calls]
    second = client.responses.create(**ask, input=outputs, previous_response_id=first.id, tools=FLAT_TOOLS, tool_choice="none")
    assert second.output_text


def test_the_output_of_no_call_is_refused(client: OpenAI, base: str) -> None:
    output: Any = {"type": "function_call_output", "call_id": "call_x", "output": "40 kg"}
    with pytest.raises(BadRequestError, match="no earlier function call in 'input' or in the previous response has this id"):
        client.responses.create(model=base, input=[output])


def test_vector_stores_are_searched_although_the_model_could_call_tools(client: OpenAI, base: str, store: str) -> None:
    tools: Any = [{"type": "file_search", "vector_store_ids": [store], "max_num_results": 2}]
    response = client.responses.create(model=base, input="How many arms does the Lumen have?", tools=tools, max_output_tokens=20)
    assert [item.type for item in response.output] == ["file_search_call", "message"]


@pytest.mark.parametrize("choice", ["required", NAMED], ids=["required", "named"])
@pytest.mark.parametrize("stream", [False, True])
def test_parameters_that_no_call_can_have_are_the_callers_mistake(http: httpx.Client, base: str, choice: Any, stream: bool) -> None:
    tools = [{"type": "function", "function": {"name": "weigh", "parameters": ONLY_ITSELF, "strict": True}}]
    response = http.post("/chat/completions", json={**options(base), "tools": tools, "tool_choice": choice, "stream": stream})
    error = json.loads(response.text.replace("data: [DONE]", "").strip().splitlines()[-1].removeprefix("data: "))["error"]
    # The engine finds out after the name of the function, which may be in the stream already.
    assert response.status_code == 400 or stream
    assert (error["type"], error["param"]) == ("invalid_request_error", "tools")

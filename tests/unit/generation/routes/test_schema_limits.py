"""A schema that would keep the engine busy for long is refused before it gets there, in a chat, a completion and a response."""

import json
from typing import Any

import httpx
import pytest

from tests.fake_engine import FakeEngine

CHAT, COMPLETIONS, RESPONSES = "/v1/chat/completions", "/v1/completions", "/v1/responses"
PROMPTS: dict[str, dict[str, Any]] = {
    CHAT: {"messages": [{"role": "user", "content": "Hi"}]},
    COMPLETIONS: {"prompt": "Hi"},
    RESPONSES: {"input": "Hi"},
}
REQUIRED = "properties that are not in 'required'"
LETTERS = "characters in names of properties and definitions and in values of 'enum' and 'const'"


def post(http: httpx.Client, path: str, fields: dict[str, Any]) -> httpx.Response:
    return http.post(path, json={"model": "tiny", **PROMPTS[path], **fields})


def refuse(http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any]) -> tuple[str, str, str]:
    response = post(http, path, fields)
    assert (response.status_code, engine.bodies) == (400, [])
    error = response.json()["error"]
    return error["param"], error["code"], error["message"]


def of_properties(count: int, required: int = 0) -> dict[str, Any]:
    names = [f"p{number}" for number in range(count)]
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": names[:required]}


def chat_format(schema: Any) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}}


def function(parameters: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "weigh", "parameters": parameters, **fields}}


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        (of_properties(1_001), f"1,000 {REQUIRED} in all; got 1,001"),
        ({"$defs": {str(number): of_properties(250) for number in range(5)}}, f"1,000 {REQUIRED} in all; got 1,250"),
        ({"anyOf": [of_properties(600), {"items": of_properties(600)}]}, f"1,000 {REQUIRED} in all; got 1,200"),
        (of_properties(5_001, required=5_001), "5,000 properties in all; got 5,001"),
        ({"enum": list(range(5_001))}, "5,000 values of 'enum' in all; got 5,001"),
        ({"anyOf": [{"enum": list(range(3_000))}] * 2}, "5,000 values of 'enum' in all; got 6,000"),
        ({"const": "x" * 120_001}, f"120,000 {LETTERS} in all; got 120,001"),
        ({"enum": ["x" * 60_000, "y" * 60_001]}, f"120,000 {LETTERS} in all; got 120,001"),
    ],
)
@pytest.mark.parametrize(
    ("path", "place"), [(CHAT, "response_format"), (COMPLETIONS, "structured_outputs"), (CHAT, "tools"), (RESPONSES, "text")]
)
def test_a_schema_that_is_too_large_is_refused(
    http: httpx.Client, engine: FakeEngine, path: str, place: str, schema: Any, problem: str
) -> None:
    fields, param = {
        "response_format": (chat_format(schema), "response_format.json_schema.schema"),
        "structured_outputs": ({"structured_outputs": {"json": schema}}, "structured_outputs.json"),
        "tools": ({"tools": [function(schema, strict=True)]}, "tools[0].function.parameters"),
        "text": ({"text": {"format": {"type": "json_schema", "name": "answer", "schema": schema}}}, "text.format.schema"),
    }[place]
    assert refuse(http, engine, path, fields) == (param, "invalid_value", f"'{param}' must have at most {problem}.")


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"structured_outputs": {"json": json.dumps(of_properties(1_001))}}, "structured_outputs.json"),
        (
            {"structured_outputs": {"structural_tag": json.dumps({"structures": [{"schema": of_properties(1_001)}]})}},
            "structured_outputs.structural_tag",
        ),
        ({"response_format": {"type": "structural_tag", "structures": [{"schema": of_properties(1_001)}]}}, "response_format"),
    ],
)
def test_a_schema_in_another_form_has_the_same_limits(
    http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any], param: str
) -> None:
    assert refuse(http, engine, path, fields)[0] == param


def test_choices_are_limited(http: httpx.Client, engine: FakeEngine) -> None:
    fields = {"structured_outputs": {"choice": [str(number) for number in range(5_001)]}}
    message = "'structured_outputs.choice' must have 1 to 5000 items; got 5001."
    assert refuse(http, engine, CHAT, fields) == ("structured_outputs.choice", "array_above_max_length", message)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "weigh"}}])
def test_the_parameters_of_a_function_that_must_be_called_are_limited(http: httpx.Client, engine: FakeEngine, choice: Any) -> None:
    fields = {"tools": [function(of_properties(1_001))], "tool_choice": choice}
    assert refuse(http, engine, CHAT, fields)[0] == "tools[0].function.parameters"


def test_functions_are_limited_together(http: httpx.Client, engine: FakeEngine) -> None:
    message = "'tools' must have at most 5,000 properties in the parameters of its functions; got 5,400."
    fields = {"tools": [function(of_properties(900), strict=True)] * 6}
    assert refuse(http, engine, CHAT, fields) == ("tools", "invalid_value", message)
    flat = [{"type": "function", "name": f"f{number}", "strict": True, "parameters": of_properties(900)} for number in range(6)]
    assert refuse(http, engine, RESPONSES, {"tools": flat}) == ("tools", "invalid_value", message)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "weigh"}])
def test_the_parameters_of_a_responses_functions_are_limited(http: httpx.Client, engine: FakeEngine, choice: Any) -> None:
    search = {"type": "file_search", "vector_store_ids": ["vs_a"]}
    tool = {"type": "function", "name": "weigh", "parameters": of_properties(1_001)}
    fields: dict[str, Any] = {"tools": [search, tool], "tool_choice": choice}
    assert refuse(http, engine, RESPONSES, fields)[0] == "tools[1].parameters"
    assert refuse(http, engine, RESPONSES, {"tools": [{**tool, "strict": True}]})[0] == "tools[0].parameters"


@pytest.mark.parametrize(
    "fields",
    [
        chat_format(of_properties(6_000, required=5_000)["properties"]),  # names of no keywords
        chat_format(of_properties(5_000, required=4_000)),
        chat_format({"enum": [str(number) for number in range(5_000)]}),
        chat_format({"default": of_properties(1_001), "examples": [of_properties(1_001)]}),
        chat_format({"type": "object", "properties": {"properties": {"enum": ["a"]}, "enum": {"type": "string"}}, "required": [{}, 5]}),
        {"structured_outputs": {"json": "no JSON"}},
        {"tools": [function(of_properties(1_001))]},
        {"tools": [function(of_properties(1_001), strict=True)], "tool_choice": "none"},
        {
            "tools": [function(of_properties(1_001)), {"type": "function", "function": {"name": "sum"}}],
            "tool_choice": {"type": "function", "function": {"name": "sum"}},
        },
        {"n": 128},
    ],
)
def test_what_costs_the_engine_little_reaches_it(http: httpx.Client, engine: FakeEngine, fields: dict[str, Any]) -> None:
    engine.supports_tools = True
    assert post(http, CHAT, fields).status_code == 200
    assert len(engine.bodies) == 1

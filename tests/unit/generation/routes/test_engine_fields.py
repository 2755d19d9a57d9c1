"""The fields that the engine reads have OpenAI's types: another type is refused before the engine converts it, at the field as written."""

import json
from typing import Any

import httpx
import pytest

from tests.fake_engine import FakeEngine

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
HELLO: dict[str, Any] = {"role": "user", "content": "Hi"}
CALL = {"id": "call_1", "type": "function", "function": {"name": "weigh", "arguments": "{}"}}
TOOL = {"type": "function", "function": {"name": "weigh", "parameters": {"type": "object"}}}
SCHEMA = {"name": "weight", "schema": {"type": "object"}}


def post(http: httpx.Client, path: str, fields: dict[str, Any]) -> httpx.Response:
    given = {"messages": [HELLO]} if path == CHAT else {"prompt": "Hi"}
    return http.post(path, json={"model": "tiny", **given, **fields})


def refuse(http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any]) -> tuple[str, str, str]:
    """Return the param, code and message of a refusal that the engine has not seen."""
    response = post(http, path, fields)
    assert (response.status_code, engine.bodies) == (400, [])
    error = response.json()["error"]
    return error["param"], error["code"], error["message"]


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize(
    ("fields", "param", "predicate"),
    [
        ({"logit_bias": {"1": "x"}}, "logit_bias.1", 'must be a number; got the string "x"'),
        ({"logit_bias": {"1": "5"}}, "logit_bias.1", 'must be a number; got the string "5"'),
        ({"logit_bias": {"1": 2, "7": True}}, "logit_bias.7", "must be a number; got true"),
        ({"logit_bias": {"1": None}}, "logit_bias.1", "must be a number; got null"),
        ({"logit_bias": [1]}, "logit_bias", "must be an object; got a list"),
        ({"stream": True, "stream_options": {"include_usage": "yes"}}, "stream_options.include_usage", 'a boolean; got the string "yes"'),
        ({"stream_options": True}, "stream_options", "must be an object; got true"),
        ({"stop": [5]}, "stop[0]", "must be a string; got the number 5"),
        ({"stop": 5}, "stop", "must be a string or a list; got the number 5"),
        ({"user": 5}, "user", "must be a string; got the number 5"),
        ({"response_format": "json"}, "response_format", 'must be an object; got the string "json"'),
        (
            {"response_format": {"type": "json_schema", "json_schema": {**SCHEMA, "strict": "yes"}}},
            "response_format.json_schema.strict",
            'must be a boolean; got the string "yes"',
        ),
        ({"structured_outputs": {"json_object": "yes"}}, "structured_outputs.json_object", 'must be a boolean; got the string "yes"'),
        ({"top_k": True}, "top_k", "must be an integer; got true"),
        ({"min_p": "0.1"}, "min_p", 'must be a number; got the string "0.1"'),
        ({"repetition_penalty": "1"}, "repetition_penalty", 'must be a number; got the string "1"'),
        ({"ignore_eos": "yes"}, "ignore_eos", 'must be a boolean; got the string "yes"'),
        ({"stop_token_ids": [1, "5"]}, "stop_token_ids[1]", 'must be an integer; got the string "5"'),
        ({"echo": "true"}, "echo", 'must be a boolean; got the string "true"'),
        ({"prompt_logprobs": "1"}, "prompt_logprobs", 'must be an integer; got the string "1"'),
    ],
)
def test_a_field_of_another_type_is_refused(
    http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any], param: str, predicate: str
) -> None:
    refused = refuse(http, engine, path, fields)
    assert refused[:2] == (param, "invalid_type")
    assert refused[2].startswith(f"'{param}' must be ") and refused[2].endswith(f"{predicate}.")


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize("token", ["Hi", "", "-1", "1.5"])
def test_a_bias_is_that_of_a_token(http: httpx.Client, engine: FakeEngine, path: str, token: str) -> None:
    message = f"'logit_bias' must have token ids as keys, such as '50256'; got '{token}'."
    assert refuse(http, engine, path, {"logit_bias": {"1": 1, token: 1}}) == ("logit_bias", "invalid_value", message)


@pytest.mark.parametrize(
    ("path", "name", "value", "kind"),
    [
        (CHAT, "logprobs", "yes", "a boolean"),
        (CHAT, "logprobs", 1, "a boolean"),
        (CHAT, "top_logprobs", True, "an integer"),
        (CHAT, "parallel_tool_calls", "yes", "a boolean"),
        (CHAT, "store", "yes", "a boolean"),
        (CHAT, "reasoning_effort", 5, "a string"),
        (CHAT, "safety_identifier", 5, "a string"),
        (CHAT, "tools", {}, "a list"),
        (CHAT, "add_generation_prompt", "yes", "a boolean"),
        (COMPLETIONS, "logprobs", True, "an integer"),
        (COMPLETIONS, "suffix", 5, "a string"),
        (COMPLETIONS, "best_of", True, "an integer"),
        (COMPLETIONS, "prompt", 5, "a string or a list"),
        (COMPLETIONS, "prompt", {}, "a string or a list"),
    ],
)
def test_a_field_of_one_endpoint_has_its_type_too(
    http: httpx.Client, engine: FakeEngine, path: str, name: str, value: Any, kind: str
) -> None:
    param, code, message = refuse(http, engine, path, {name: value})
    assert (param, code) == (name, "invalid_type")
    assert message.startswith(f"'{name}' must be {kind}; got ")


@pytest.mark.parametrize(
    ("prompt", "param", "message"),
    [
        ([True], "prompt[0]", "'prompt[0]' must be a string, an integer, or a list; got true."),
        (["a", 5], "prompt[1]", "'prompt[1]' must be a string; got the number 5."),
        ([[1], ["a"]], "prompt[1][0]", "'prompt[1][0]' must be an integer; got the string \"a\"."),
    ],
)
def test_a_prompt_of_a_mixed_kind_is_refused(http: httpx.Client, engine: FakeEngine, prompt: Any, param: str, message: str) -> None:
    assert refuse(http, engine, COMPLETIONS, {"prompt": prompt}) == (param, "invalid_type", message)


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize(
    ("constraint", "got"),
    [
        ({}, "none of them"),
        ({"json": None}, "none of them"),
        ({"whitespace_pattern": " "}, "none of them"),
        ({"schema": {}}, "none of them"),
        ({"json": {}, "regex": "a"}, "'json' and 'regex'"),
    ],
)
def test_structured_outputs_need_one_constraint(
    http: httpx.Client, engine: FakeEngine, path: str, constraint: dict[str, Any], got: str
) -> None:
    choices = "'json', 'regex', 'choice', 'grammar', 'json_object' and 'structural_tag'"
    message = f"'structured_outputs' must have exactly one of {choices}; got {got}."
    assert refuse(http, engine, path, {"structured_outputs": constraint}) == ("structured_outputs", "invalid_value", message)


@pytest.mark.parametrize(
    ("format", "param", "code"),
    [
        ({}, "type", "missing_required_parameter"),
        ({"type": "xml"}, "type", "invalid_value"),
        ({"type": "json_schema"}, "json_schema", "invalid_value"),
        ({"type": "json_schema", "json_schema": {"name": "a"}}, "json_schema.schema", "missing_required_parameter"),
        ({"type": "json_schema", "json_schema": {"schema": {}}}, "json_schema.name", "missing_required_parameter"),
    ],
)
def test_a_response_format_that_is_not_complete_is_refused(
    http: httpx.Client, engine: FakeEngine, format: dict[str, Any], param: str, code: str
) -> None:
    assert refuse(http, engine, CHAT, {"response_format": format})[:2] == (f"response_format.{param}", code)


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"tools": [{"type": "custom", "custom": {"name": "a"}}]}, "tools[0].type", "invalid_value"),
        ({"tools": [TOOL, {"type": "function"}]}, "tools[1].function", "missing_required_parameter"),
        ({"tools": [{"type": "function", "function": {"name": 5}}]}, "tools[0].function.name", "invalid_type"),
        ({"tools": [{"type": "function", "function": {"name": "a", "strict": "yes"}}]}, "tools[0].function.strict", "invalid_type"),
        ({"tools": [{"type": "function"}], "tool_choice": CALL}, "tools[0].function", "missing_required_parameter"),
        ({"tools": [TOOL], "tool_choice": "maybe"}, "tool_choice", "invalid_value"),
        ({"tools": [TOOL], "tool_choice": {"type": "function", "name": "weigh"}}, "tool_choice.function", "missing_required_parameter"),
        ({"tools": [TOOL], "tool_choice": {"type": "allowed_tools", "allowed_tools": {}}}, "tool_choice.type", "invalid_value"),
    ],
)
def test_a_tool_that_the_engine_cannot_use_is_refused(
    http: httpx.Client, engine: FakeEngine, fields: dict[str, Any], param: str, code: str
) -> None:
    assert refuse(http, engine, CHAT, fields)[:2] == (param, code)


@pytest.mark.parametrize(
    "fields",
    [
        dict.fromkeys(("stop", "logit_bias", "seed", "user", "stream_options", "tools", "tool_choice", "response_format", "top_k")),
        {"temperature": 1, "top_p": 1, "logit_bias": {"1": 5, "2": -0.5}, "max_tokens": 5.0, "top_logprobs": 2, "logprobs": True},
        {"stop": ["a", "b"], "stream_options": {"include_usage": None}},
        {"tools": [{"function": {"name": "weigh"}}], "tool_choice": {"type": "function", "function": {"name": "weigh"}}},
        {"tools": [{"type": "function", "function": {"name": "weigh", "description": None, "parameters": None, "strict": None}}]},
        {"response_format": {"type": "json_schema", "json_schema": {**SCHEMA, "strict": None, "description": None}}},
        {"response_format": {"type": "structural_tag", "format": {}}},
        {"structured_outputs": {"choice": ["a"], "json": None}},
        {"structured_outputs": {"json": '{"type": "object"}', "whitespace_pattern": " "}},
        {"chat_template_kwargs": {"enable_thinking": False}, "vllm_xargs": {"a": 1}, "unknown": [1, "a", {}], "min_p": 0},
    ],
)
def test_what_clients_of_openai_and_vllm_send_reaches_the_engine_unchanged(
    http: httpx.Client, engine: FakeEngine, fields: dict[str, Any]
) -> None:
    body = {"model": "tiny", "messages": [HELLO], **fields}
    assert http.post(CHAT, json=body).status_code == 200
    assert json.loads(engine.bodies[-1]) == body


@pytest.mark.parametrize("prompt", ["Hi", ["Hi", "Ho"], [1, 2], [[1, 2], [3]], [""], [1.0], [[1, 2.0]]])
def test_every_kind_of_prompt_reaches_the_engine(http: httpx.Client, engine: FakeEngine, prompt: Any) -> None:
    assert post(http, COMPLETIONS, {"prompt": prompt, "best_of": 2, "n": 2, "logprobs": 1}).status_code == 200
    assert json.loads(engine.bodies[-1])["prompt"] == prompt


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (COMPLETIONS, {"max_tokens": 0, "echo": True}),
        (COMPLETIONS, {"logprobs": -1, "min_tokens": 30}),
        (CHAT, {"stop_token_ids": [1, 2.0]}),
        (CHAT, {"temperature": 0, "top_p": 1e-6, "min_p": 1, "top_k": -1, "presence_penalty": -2, "frequency_penalty": 2}),
        (CHAT, {"min_tokens": 5, "max_completion_tokens": 5, "max_tokens": 1, "truncate_prompt_tokens": -1, "top_logprobs": -1}),
        (CHAT, {"min_tokens": 5, "max_tokens": 1, "use_beam_search": True}),
        (CHAT, {"repetition_detection": {"max_pattern_size": 4, "min_count": 2}, "thinking_token_budget": -1}),
        (CHAT, {"repetition_detection": {"max_pattern_size": 2.0, "min_count": 2}}),
        (CHAT, {"repetition_detection": {}, "stop": [], "bad_words": [], "structured_outputs": {"json_object": True}}),
    ],
)
def test_values_within_the_limits_reach_the_engine(http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any]) -> None:
    assert post(http, path, fields).status_code == 200
    assert fields.items() <= json.loads(engine.bodies[-1]).items()


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize(
    ("fields", "param", "code", "predicate"),
    [
        ({"presence_penalty": 3}, "presence_penalty", "decimal_above_max_value", "between -2 and 2; got 3"),
        ({"frequency_penalty": -3}, "frequency_penalty", "decimal_below_min_value", "between -2 and 2; got -3"),
        ({"temperature": 3}, "temperature", "decimal_above_max_value", "between 0 and 2; got 3"),
        ({"temperature": -0.5}, "temperature", "decimal_below_min_value", "between 0 and 2; got -0.5"),
        ({"top_p": 0}, "top_p", "decimal_below_min_value", "greater than 0 and at most 1; got 0"),
        ({"min_p": 2}, "min_p", "decimal_above_max_value", "between 0 and 1; got 2"),
        ({"repetition_penalty": 0}, "repetition_penalty", "decimal_below_min_value", "greater than 0; got 0"),
        ({"n": 0}, "n", "integer_below_min_value", "between 1 and 128; got 0"),
        ({"n": 129}, "n", "integer_above_max_value", "between 1 and 128; got 129"),
        ({"top_k": -2}, "top_k", "integer_below_min_value", "at least -1; got -2"),
        ({"min_tokens": -1}, "min_tokens", "integer_below_min_value", "at least 0; got -1"),
        ({"min_tokens": 9, "max_tokens": 8}, "min_tokens", "integer_above_max_value", "at most 8; got 9"),
        ({"max_tokens": 0}, "max_tokens", "integer_below_min_value", "at least 1; got 0"),
        ({"truncate_prompt_tokens": 0}, "truncate_prompt_tokens", "invalid_value", "-1 or at least 1; got 0"),
        ({"truncate_prompt_tokens": -2}, "truncate_prompt_tokens", "integer_below_min_value", "at least -1; got -2"),
        ({"thinking_token_budget": -2}, "thinking_token_budget", "integer_below_min_value", "at least -1; got -2"),
        ({"structured_outputs": {"json_object": False}}, "structured_outputs.json_object", "invalid_value", "true or left out; got false"),
        ({"repetition_detection": 5}, "repetition_detection", "invalid_type", "an object; got the number 5"),
        (
            {"repetition_detection": {"max_pattern_size": -5}},
            "repetition_detection.max_pattern_size",
            "integer_below_min_value",
            "at least 0; got -5",
        ),
        (
            {"repetition_detection": {"min_pattern_size": 2, "max_pattern_size": 1}},
            "repetition_detection.min_pattern_size",
            "integer_above_max_value",
            "at most 1; got 2",
        ),
        (
            {"repetition_detection": {"max_pattern_size": 1}},
            "repetition_detection.min_count",
            "invalid_value",
            "at least 2 if 'max_pattern_size' is not 0; got 0",
        ),
    ],
)
def test_a_value_beyond_its_limit_is_refused(
    http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any], param: str, code: str, predicate: str
) -> None:
    assert refuse(http, engine, path, fields) == (param, code, f"'{param}' must be {predicate}.")


@pytest.mark.parametrize("path", [CHAT, COMPLETIONS])
@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"stop": ""}, "stop", "string_below_min_length"),
        ({"stop": ["a", ""]}, "stop[1]", "string_below_min_length"),
        ({"bad_words": [""]}, "bad_words[0]", "string_below_min_length"),
        ({"allowed_token_ids": []}, "allowed_token_ids", "array_below_min_length"),
        ({"structured_outputs": {"choice": []}}, "structured_outputs.choice", "array_below_min_length"),
    ],
)
def test_a_value_that_must_not_be_empty_is_refused(
    http: httpx.Client, engine: FakeEngine, path: str, fields: dict[str, Any], param: str, code: str
) -> None:
    assert refuse(http, engine, path, fields) == (param, code, f"'{param}' must not be empty.")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"max_completion_tokens": 0}, "max_completion_tokens"),
        ({"top_logprobs": -2}, "top_logprobs"),
    ],
)
def test_a_value_below_the_limit_of_a_chat_is_refused(http: httpx.Client, engine: FakeEngine, fields: dict[str, Any], param: str) -> None:
    assert refuse(http, engine, CHAT, fields)[:2] == (param, "integer_below_min_value")


@pytest.mark.parametrize(
    ("fields", "param", "code", "predicate"),
    [
        ({}, "prompt", "missing_required_parameter", "is required"),
        ({"prompt": None}, "prompt", "invalid_type", "must be a string or a list; got null"),
        ({"prompt": ""}, "prompt", "string_below_min_length", "must not be empty"),
        ({"prompt": []}, "prompt", "array_below_min_length", "must not be empty"),
        ({"prompt": [[1], []]}, "prompt[1]", "array_below_min_length", "must not be empty"),
        ({"prompt": [], "prompt_embeds": []}, "prompt", "array_below_min_length", "must not be empty"),
    ],
)
def test_a_completion_without_a_prompt_is_refused(
    http: httpx.Client, engine: FakeEngine, fields: dict[str, Any], param: str, code: str, predicate: str
) -> None:
    response = http.post(COMPLETIONS, json={"model": "tiny", **fields})
    error = response.json()["error"]
    assert (error["param"], error["code"], error["message"]) == (param, code, f"'{param}' {predicate}.")
    assert engine.bodies == []

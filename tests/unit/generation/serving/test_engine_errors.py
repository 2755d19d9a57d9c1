import json
from typing import Any

import pytest

from services.generation.serving import engine_errors
from services.generation.serving.engine_errors import read_error, read_event_error, reword

MISSING_ROLE = """11 validation errors:
  {'type': 'missing', 'loc': 'body.messages.0.ChatCompletionUserMessageParam.role', 'msg': 'Field required', 'input': '<dict of 1 items>'}
  {'type': 'missing', 'loc': 'body.messages.0.ChatCompletionToolMessageParam.tool_call_id', 'msg': 'Field required', 'input': '<dict>'}
  ...and 9 more errors"""
NO_OBJECT = """2 validation errors:
  {'type': 'dict_type', 'loc': 'body.messages.0.ChatCompletionUserMessageParam', 'msg': 'Input should be a valid dictionary', 'input': '1'}
  {'type': 'model_attributes_type', 'loc': 'body.messages.0.Message', 'msg': 'Input should be a valid dictionary', 'input': '1'}"""
UNION = """2 validation errors:
  {'type': 'string_type', 'loc': 'body.stop', 'msg': 'Input should be a valid string', 'input': '3'}
  {'type': 'list_type', 'loc': 'body.stop', 'msg': 'Input should be a valid list', 'input': '3'}"""
CHOICE = """1 validation error:
  {'type': 'literal_error', 'loc': 'body.mode', 'msg': "Input should be 'a' or 'b'", 'input': 'z', 'ctx': {'expected': "'a' or 'b'"}}"""
LIMIT = """1 validation error:
  {'type': 'greater_than_equal', 'loc': 'body.n', 'msg': 'Input should be greater than or equal to 1', 'input': '0', 'ctx': {'ge': 1}}"""
CHECK = """1 validation error:
  {'type': 'value_error', 'loc': 'body', 'msg': 'Value error, Set `logprobs` too', 'input': '<dict>', 'ctx': {'error': ValueError('x')}}"""


@pytest.mark.parametrize(
    ("message", "fields", "expected"),
    [
        (
            MISSING_ROLE,
            {"messages": [{"content": "a"}]},
            ("'messages[0].role' is required.", "messages[0].role", "missing_required_parameter"),
        ),
        (NO_OBJECT, {"messages": [1]}, ("'messages[0]' must be an object; got the number 1.", "messages[0]", "invalid_type")),
        (UNION, {"stop": 3}, ("'stop' must be a string or a list; got the number 3.", "stop", "invalid_type")),
        (CHOICE, {"mode": "z"}, ("'mode' must be 'a' or 'b'; got 'z'.", "mode", "invalid_value")),
        (LIMIT, {"n": 0}, ("'n' must be at least 1; got 0.", "n", "integer_below_min_value")),
        (CHECK, {}, ("Set `logprobs` too.", None, None)),
        ("1 validation error:\n  {'type': 'int_type', 'loc': 'bo", {}, ("The engine cannot read the request.", None, None)),
    ],
)
def test_pydantics_words_and_the_names_of_classes_are_left_out(
    message: str, fields: object, expected: tuple[str, str | None, str | None]
) -> None:
    assert reword(message, "body", json.dumps(fields).encode()) == expected


def test_the_forms_of_a_messages_part_are_not_listed() -> None:
    message = "2 validation errors for ValidatorIterator\n0.ChatCompletionContentPartTextParam.text\n  Field required [type=missing]"
    reworded, param, _ = reword(message, None, b"{}")
    assert (reworded.startswith("A part of a message's 'content' is not valid"), param) == (True, "messages")


def test_a_form_is_named_once() -> None:
    message = CHOICE.replace("1 validation error", "2 validation errors") + "\n" + CHOICE.splitlines()[1]
    assert reword(message, "body.mode", b'{"mode": "z"}') == ("'mode' must be 'a' or 'b'; got 'z'.", "mode", "invalid_value")


def test_a_message_does_not_repeat_the_field_and_its_value() -> None:
    message = "logit_bias has a key that is no token: ['x'] (parameter=logit_bias, value=['x'])"
    assert reword(message, "logit_bias", b"{}") == ("logit_bias has a key that is no token: ['x']", "logit_bias", None)


@pytest.mark.parametrize(("fields", "param"), [({"messages": []}, "messages"), ({"prompt": "a"}, "prompt")])
def test_a_prompt_that_is_too_long_is_about_the_field_with_the_prompt(fields: dict[str, Any], param: str) -> None:
    message = "This model's maximum context length is 8 tokens. (parameter=input_tokens, value=9)"
    reworded, named, _ = reword(message, "input_tokens", json.dumps(fields).encode())
    assert (reworded, named) == ("This model's maximum context length is 8 tokens.", param)


@pytest.mark.parametrize(
    ("param", "fields", "written"),
    [
        ("body.messages", {}, "messages"),
        ("body.messages.0.role", {"messages": [{}]}, "messages[0].role"),
        ("body.tools.0.type", {"tools": [{"type": "x"}]}, "tools[0].type"),
        ("body.tools.1.FunctionTool.function.name", {"tools": [{}, {"function": {"name": 1}}]}, "tools[1].function.name"),
        ("tool_choice.function.name", {"tool_choice": {"function": {}}}, "tool_choice.function.name"),
        ("top_p", {}, "top_p"),
        ("body", {}, None),
        (None, {}, None),
    ],
)
def test_a_field_is_named_as_the_caller_wrote_it(param: str | None, fields: dict[str, Any], written: str | None) -> None:
    body = json.dumps(fields).encode()
    assert reword("It is wrong.", param, body)[1] == written
    unworded = "1 validation error:\n  {'type': 'value_error', 'loc': 'body.x', 'msg': 'Value error, It is wrong', 'input': 1}"
    assert reword(unworded, param, body)[:2] == ("It is wrong.", written)


FORMAT = {"response_format": {"type": "json_schema"}}
CHOICES: dict[str, Any] = {"structured_outputs": {"choice": []}}
REGEX = (
    'Grammar error: at 1(8): invalid regex "(ab" (in regex): regex parse error:\n    (ab\n    ^\nerror: unclosed group\n   1 | start: /(ab/'
)
LARK = "Invalid grammar specification: Failed to convert the grammar from GBNF to Lark: Expected ')' at line 1, 'root ::= (' ^ ''"
NO_SCHEMA = "You must use one kind of structured outputs constraint but none are specified: {'json': None, 'regex': None}"
DEEP = "The JSON schema is nested too deeply: objects and arrays may nest at most 64 levels"


@pytest.mark.parametrize(
    ("message", "fields", "detail"),
    [
        ("Grammar error: Pointer '/$defs/A' does not exist", FORMAT, "Pointer '/$defs/A' does not exist."),
        (REGEX, FORMAT, 'At 1(8): invalid regex "(ab" (in regex): regex parse error: unclosed group.'),
        (LARK, CHOICES, "Failed to convert the grammar from GBNF to Lark: Expected ')' at line 1, 'root ::= (' ^ ''."),
        ("Choice '[]' cannot be an empty list", CHOICES, "Choice '[]' cannot be an empty list."),
        (NO_SCHEMA, FORMAT, "You must use one kind of structured outputs constraint but none are specified."),
        (DEEP, FORMAT, f"{DEEP}."),
    ],
)
def test_a_refusal_of_a_schema_or_grammar_names_its_field(message: str, fields: dict[str, Any], detail: str) -> None:
    error = read_error({"message": message, "type": "BadRequestError", "param": None, "code": 400}, 400, json.dumps(fields).encode())
    [field] = fields
    assert (error.status, error.param, error.message) == (400, field, f"The schema or grammar in '{field}' is not valid. {detail}")


def test_an_engine_that_has_ended_is_unavailable() -> None:
    message = "EngineCore encountered an issue. See stack trace (above) for the root cause."
    error = read_error({"message": message, "type": "InternalServerError", "code": 500}, 500, b"{}")
    assert (error.status, error.message) == (503, "The engine stopped while it worked on this request. Try again.")


@pytest.mark.parametrize("fields", [{}, {"response_format": None}, {"messages": ["response_format"]}])
def test_an_internal_error_without_a_schema_is_the_engines(fields: dict[str, Any]) -> None:
    error = read_error({"message": "Internal server error", "code": 500}, 500, json.dumps(fields).encode())
    assert (error.status, error.param, error.message) == (500, None, "Internal server error")


def test_another_refusal_of_a_request_with_a_schema_is_not_about_the_schema() -> None:
    error = read_error({"message": "top_p must be in (0, 1], got 7.", "param": "top_p", "code": 400}, 400, json.dumps(FORMAT).encode())
    assert (error.status, error.param) == (400, "top_p")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        ({"message": "It is too long.", "code": 400}, 400, "It is too long."),
        ({"message": "EngineCore died", "code": 0}, 500, "EngineCore died"),
        ({"message": "EngineCore died", "code": "gone"}, 500, "EngineCore died"),
        ({"message": None}, 500, "{'message': None}"),
        ("gone", 500, "gone"),
    ],
)
def test_an_event_of_a_stream_has_its_status_as_code(error: Any, status: int, message: str) -> None:
    read = read_event_error(error, b"{}")
    assert (read.status, read.message) == (status, message)


def strict_functions(*schemas: Any) -> dict[str, Any]:
    functions = [{"name": f"f{number}", "parameters": schema, "strict": True} for number, schema in enumerate(schemas)]
    return {"tools": [{"type": "function", "function": function} for function in functions]}


@pytest.mark.parametrize(
    ("fields", "param", "message"),
    [
        (strict_functions({}, {"enum": []}), "tools[1].function.parameters", "'{}' has an 'enum' without values."),
        (
            strict_functions({"properties": {"a": {"minimum": 2, "maximum": 1}}}),
            "tools[0].function.parameters",
            "'{}' has a 'minimum' above its 'maximum'.",
        ),
        (strict_functions({"$ref": "#/$defs/a"}), "tools[0].function.parameters", "'{}' refers to '#/$defs/a', which it does not have."),
        (
            strict_functions({"pattern": "("}),
            "tools[0].function.parameters",
            "'{}' must have only valid patterns of at most 1000 characters; got '('.",
        ),
        (strict_functions({"type": "string"}), "tools[0].function.parameters", "The schema in '{}' is not valid."),
        (
            strict_functions({"allOf": [{"minLength": 1}], "$ref": "#/allOf/" + "9" * 5000}),
            "tools[0].function.parameters",
            "'{}' refers to '#/allOf/" + "9" * 72 + "', which it does not have.",
        ),
        (strict_functions({"type": "string"}, {}), "tools", "The schema or grammar in '{}' is not valid."),
    ],
)
def test_a_schema_of_a_function_that_vllm_refuses_without_a_reason_is_found(fields: dict[str, Any], param: str, message: str) -> None:
    error = read_error({"message": "Grammar error: 'triggers'", "param": None, "code": 400}, 400, json.dumps(fields).encode())
    assert (error.param, error.message) == (param, message.format(param))


def test_a_reason_of_vllm_is_kept_even_if_a_schema_looks_wrong() -> None:
    body = json.dumps(strict_functions({"x-ui": {"type": "slider"}}, {"type": "string"})).encode()
    error = read_error({"message": "Grammar error: The schema is nested too deeply.", "code": 400}, 400, body)
    assert (error.param, error.message) == ("tools", "The schema or grammar in 'tools' is not valid. The schema is nested too deeply.")


def test_a_long_schema_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_errors, "find_schema_problem", None)
    fields = strict_functions({"allOf": [{"minLength": 1}] * 1000})
    error = read_error({"message": "Grammar error: 'triggers'", "code": 400}, 400, json.dumps(fields).encode())
    assert error.message == "The schema in 'tools[0].function.parameters' is not valid."


def test_parameters_that_no_call_must_match_are_not_blamed() -> None:
    tools = [{"type": "function", "function": {"name": name, "parameters": {"enum": []}}} for name in ("a", "b")]
    fields = {"tools": tools, "tool_choice": {"type": "function", "function": {"name": "b"}}}
    error = read_error({"message": "Grammar error: 'triggers'", "code": 400}, 400, json.dumps(fields).encode())
    assert error.param == "tools[1].function.parameters"


CHAT: dict[str, Any] = {"messages": []}
COMPLETION = {"prompt": "a"}
LOGPROBS = "Requested sample logprobs of 49152, which is greater than max allowed: 20"


@pytest.mark.parametrize(
    ("message", "param", "fields", "expected"),
    [
        (LOGPROBS, "logprobs", {**CHAT, "top_logprobs": 21}, ("top_logprobs", "'top_logprobs' must be at most 20; got 21.")),
        (
            LOGPROBS,
            "logprobs",
            {**CHAT, "top_logprobs": -1},
            ("top_logprobs", "'top_logprobs' must be at most 20; -1 means all tokens of the model."),
        ),
        (LOGPROBS, "logprobs", {**COMPLETION, "logprobs": 21}, ("logprobs", "'logprobs' must be at most 20; got 21.")),
        (
            LOGPROBS,
            "logprobs",
            {**CHAT, "n": 100, "use_beam_search": True},
            ("n", "With 'use_beam_search', 'n' must be at most 10; got 100."),
        ),
        ("n must be 1 when using greedy sampling, got 2.", None, {"n": 2}, ("n", "'n' must be 1 if 'temperature' is 0; got 2.")),
        (
            "n must be at most 64, got 100. To increase this limit, set the VLLM_MAX_N_SEQUENCES environment variable.",
            None,
            {"n": 100},
            ("n", "'n' must be at most 64; got 100."),
        ),
        (
            "min_tokens must be less than or equal to max_tokens=16, got 20.",
            None,
            {"min_tokens": 20},
            ("min_tokens", "'min_tokens' must be at most 16, the most tokens that the answer may have; got 20."),
        ),
    ],
)
def test_a_limit_of_the_engines_settings_is_at_its_field(
    message: str, param: str | None, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    error = read_error({"message": message, "param": param, "code": 400}, 400, json.dumps(fields).encode())
    assert (error.status, error.param, error.message, error.code) == (400, *expected, "integer_above_max_value")


TEMPLATE = (
    "Chat template is passed with request, but --trust-request-chat-template is not set. Refused request with untrusted chat template."
)
BOTH = "continue_final_message and add_generation_prompt are not compatible. Use continue_final_message when you want to"


@pytest.mark.parametrize(
    ("message", "fields", "param", "reworded"),
    [
        (TEMPLATE, {"chat_template": "a"}, "chat_template", "'chat_template' must not have a template: the engine uses that of its model."),
        (
            TEMPLATE,
            {"chat_template_kwargs": {"chat_template": "a"}},
            "chat_template_kwargs",
            "'chat_template_kwargs' must not have a template: the engine uses that of its model.",
        ),
        (
            BOTH,
            {"continue_final_message": True},
            "continue_final_message",
            "'continue_final_message' requires 'add_generation_prompt' to be false.",
        ),
        (
            "thinking_token_budget is set but reasoning_config is not configured.",
            {"thinking_token_budget": 5},
            "thinking_token_budget",
            "'thinking_token_budget' is not supported: the engine is not configured for reasoning.",
        ),
        ("The decoder prompt cannot be empty", {"prompt": [""]}, "prompt", "'prompt' must make a prompt of at least one token."),
        ("The decoder prompt cannot be empty", CHAT, "messages", "'messages' must make a prompt of at least one token."),
        (
            "allowed_token_ids contains out-of-vocab token id!",
            {"allowed_token_ids": [99]},
            "allowed_token_ids",
            "'allowed_token_ids' has a token that the model does not have.",
        ),
        (
            "Stream options can only be defined when `stream=True`.",
            {"stream_options": {"include_usage": True}},
            "stream_options",
            "'stream_options' requires 'stream' to be true.",
        ),
        (
            "jinja2.environment.Template.render() got multiple values for keyword argument 'messages'",
            {"chat_template_kwargs": {"messages": 5}},
            "chat_template_kwargs",
            "'chat_template_kwargs' must not have 'messages'.",
        ),
        (
            "safe_apply_chat_template() got multiple values for argument 'conversation'",
            {"chat_template_kwargs": {"conversation": []}},
            "chat_template_kwargs",
            "'chat_template_kwargs' must not have 'conversation'.",
        ),
        (
            "'int' object is not iterable",
            {"chat_template_kwargs": {"tools": 5}},
            "chat_template_kwargs",
            "The chat template cannot use the values in 'chat_template_kwargs'.",
        ),
        ("top_k must be 0 (disable), or at least 1, got -2.", {"top_k": -2}, "top_k", "top_k must be 0 (disable), or at least 1, got -2."),
        (
            "`thinking_token_budget` must be small.",
            {"thinking_token_budget": 5},
            "thinking_token_budget",
            "`thinking_token_budget` must be small.",
        ),
        ("The engine is full.", {"n": 1}, None, "The engine is full."),
    ],
)
def test_a_message_in_pythons_words_or_without_its_field_gets_both(
    message: str, fields: dict[str, Any], param: str | None, reworded: str
) -> None:
    error = read_error({"message": message, "param": None, "code": 400}, 400, json.dumps(fields).encode())
    assert (error.status, error.param, error.message) == (400, param, reworded)

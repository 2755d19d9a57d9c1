import json

import pytest

from services.generation.serving.engine_errors import reword

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
        (MISSING_ROLE, {"messages": [{"content": "a"}]}, ("'messages[0].role' is required.", "messages[0].role")),
        (NO_OBJECT, {"messages": [1]}, ("'messages[0]' must be an object; got the number 1.", "messages[0]")),
        (UNION, {"stop": 3}, ("'stop' must be a string or a list; got the number 3.", "stop")),
        (CHOICE, {"mode": "z"}, ("'mode' must be 'a' or 'b'; got 'z'.", "mode")),
        (LIMIT, {"n": 0}, ("'n' must be at least 1; got 0.", "n")),
        (CHECK, {}, ("Set `logprobs` too.", None)),
        ("1 validation error:\n  {'type': 'int_type', 'loc': 'bo", {}, ("The engine cannot read the request.", None)),
    ],
)
def test_pydantics_words_and_the_names_of_classes_are_left_out(message: str, fields: object, expected: tuple[str, str | None]) -> None:
    assert reword(message, "body", json.dumps(fields).encode()) == expected


def test_the_forms_of_a_messages_part_are_not_listed() -> None:
    message = "2 validation errors for ValidatorIterator\n0.ChatCompletionContentPartTextParam.text\n  Field required [type=missing]"
    reworded, param = reword(message, None, b"{}")
    assert (reworded.startswith("A part of a message's 'content' is not valid"), param) == (True, "messages")


def test_a_form_is_named_once() -> None:
    message = CHOICE.replace("1 validation error", "2 validation errors") + "\n" + CHOICE.splitlines()[1]
    assert reword(message, "body.mode", b'{"mode": "z"}') == ("'mode' must be 'a' or 'b'; got 'z'.", "mode")


def test_a_message_does_not_repeat_the_field_and_its_value() -> None:
    message = "logit_bias has a key that is no token: ['x'] (parameter=logit_bias, value=['x'])"
    assert reword(message, "logit_bias", b"{}") == ("logit_bias has a key that is no token: ['x']", "logit_bias")


def test_a_prompt_that_is_too_long_is_about_no_field() -> None:
    message = "This model's maximum context length is 8 tokens. (parameter=input_tokens, value=9)"
    assert reword(message, "input_tokens", b"{}") == ("This model's maximum context length is 8 tokens.", None)

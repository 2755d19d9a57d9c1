"""Errors of `/v1/embeddings` name the input as the caller wrote it."""

from typing import Any

import openai
import pytest
from openai import OpenAI

HUGE = 10**30


@pytest.mark.parametrize(
    ("value", "path", "code"),
    [
        ([HUGE], "input[0]", "invalid_value"),
        ([5, HUGE], "input[1]", "invalid_value"),
        ([[5], [5, HUGE]], "input[1][1]", "invalid_value"),
        ([-1], "input[0]", "integer_below_min_value"),
        ([5, -1], "input[1]", "integer_below_min_value"),
        ([[5], [5, -1]], "input[1][1]", "integer_below_min_value"),
        ("a " * 65, "input", "context_length_exceeded"),
        (["a", "a " * 65], "input[1]", "context_length_exceeded"),
        (["a", "a " * 9000], "input[1]", "context_length_exceeded"),
        ([5] * 65, "input", "context_length_exceeded"),
        ([[5], [5] * 65], "input[1]", "context_length_exceeded"),
        ("", "input", "string_below_min_length"),
        (["a", ""], "input[1]", "string_below_min_length"),
        ([[5], []], "input[1]", "array_below_min_length"),
    ],
)
def test_an_error_names_the_input_in_its_message_and_in_param(client: OpenAI, value: Any, path: str, code: str) -> None:
    with pytest.raises(openai.BadRequestError, match=f"'{path}' must ".replace("[", r"\[")) as refused:
        client.embeddings.create(model="words", input=value)
    assert (refused.value.param, refused.value.code) == (path, code)


def test_inputs_of_every_form_are_embedded(client: OpenAI) -> None:
    counts = [len(client.embeddings.create(model="words", input=value).data) for value in ("a", ["a", "b"], [5], [[5], [6, 7]])]
    assert counts == [1, 2, 1, 2]

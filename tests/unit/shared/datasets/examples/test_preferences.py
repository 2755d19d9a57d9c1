from typing import Any

import pytest

from shared.datasets.examples.example import Preference
from tests.unit.shared.datasets.examples.lines import ANSWER, USER, entries, problems

OTHER = {"role": "assistant", "content": "I do not know."}
PAIR: dict[str, Any] = {
    "input": {"messages": [USER], "tools": [], "parallel_tool_calls": True},
    "preferred_output": [ANSWER],
    "non_preferred_output": [OTHER],
}


def test_a_pair_is_read_with_its_prompt_and_both_answers() -> None:
    [entry] = entries(PAIR)
    assert isinstance(entry.example, Preference)
    assert entry.format == "preference"
    assert [message.model_dump() for message in entry.example.messages] == [USER]
    assert (entry.example.preferred, entry.example.rejected) == ("K-17", "I do not know.")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"input": 1}, "input", "'input' must be an object with 'messages'; got 1."),
        ({"input": {}}, "input.messages", "'input.messages' must be a list of messages; got null."),
        (
            {"input": {"messages": [USER, ANSWER]}},
            "input.messages",
            "the last of 'input.messages' must have the role 'user' or 'tool'; got 'assistant'. "
            "The answers belong in 'preferred_output' and 'non_preferred_output'.",
        ),
        ({"input": {"messages": [USER], "x": 1}}, "input.x", "'input.x' is not a field of 'input'; delete it."),
        ({"prompt": "x"}, "prompt", "'prompt' is not a field of a preference pair; delete it."),
        (
            {"preferred_output": [ANSWER, OTHER]},
            "preferred_output",
            "'preferred_output' must be a list with exactly one message, of the assistant; got a list of 2; "
            'write [{"role": "assistant", "content": "…"}].',
        ),
        ({"preferred_output": [USER]}, "preferred_output[0].role", "'preferred_output[0].role' must be 'assistant'; got 'user'."),
        (
            {"non_preferred_output": [ANSWER]},
            "non_preferred_output",
            "'non_preferred_output' must differ from 'preferred_output'; otherwise there is nothing to prefer.",
        ),
        (
            {"preferred_output": [{"role": "assistant", "content": ""}]},
            "preferred_output[0].content",
            "'preferred_output[0].content' must not be blank; write the text, or delete the message.",
        ),
    ],
)
def test_a_problem_is_named_with_its_field_and_its_remedy(changes: dict[str, Any], field: str, message: str) -> None:
    assert problems({**PAIR, **changes}) == [(field, message, "invalid_value")]


def test_a_missing_field_is_required() -> None:
    assert [field for field, _, _ in problems({"preferred_output": [ANSWER]})] == ["input", "non_preferred_output"]


def test_an_answer_that_calls_a_tool_is_not_supported() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    [(field, _, code)] = problems({**PAIR, "preferred_output": [{"role": "assistant", "tool_calls": [call]}]})
    assert (field, code) == ("preferred_output[0].tool_calls", "not_supported")

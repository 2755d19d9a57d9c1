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
            {"input": {"messages": []}},
            "input.messages",
            "'input.messages' must not be empty; add the user's message that both answers reply to.",
        ),
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


TOOLS = [{"type": "function", "function": {"name": "find", "parameters": {"type": "object", "properties": {"key": {"type": "string"}}}}}]
CALL = {"id": "a", "type": "function", "function": {"name": "find", "arguments": '{"key": "K"}'}}
RESULT = {"role": "tool", "tool_call_id": "a", "content": "17"}


def with_input(*messages: dict[str, Any], tools: Any = TOOLS, **fields: Any) -> dict[str, Any]:
    return {**PAIR, "input": {"messages": [USER, *messages], "tools": tools, **fields}}


def test_a_pair_keeps_the_tools_of_its_prompt_with_their_calls_and_results() -> None:
    [entry] = entries(with_input({"role": "assistant", "content": None, "tool_calls": [CALL]}, RESULT))
    assert isinstance(entry.example, Preference)
    chat = entry.example.complete(entry.example.preferred)
    assert chat.tools == TOOLS
    assert [message.role for message in chat.messages] == ["user", "assistant", "tool", "assistant"]
    assert (chat.messages[1].tool_calls[0].model_dump(), chat.messages[2].tool_call_id) == (CALL, "a")
    assert [message.is_learned for message in chat.messages] == [False, False, False, True]


def test_tools_alone_may_be_shown_to_both_answers() -> None:
    [entry] = entries(with_input())
    assert isinstance(entry.example, Preference)
    assert (entry.example.tools, entry.example.list_texts()[0][0]) == (TOOLS, "tools")


def test_calls_and_results_of_a_prompt_must_match_its_tools() -> None:
    calls = {"role": "assistant", "tool_calls": [CALL]}
    [(field, _, _)] = problems(with_input(calls, RESULT, tools=None))
    assert field == "input.messages[1].tool_calls[0].function.name"
    assert [field for field, _, _ in problems(with_input(calls, USER))] == ["input.messages[1].tool_calls[0]"]
    twice = {"role": "assistant", "tool_calls": [CALL, {**CALL, "id": "b"}]}
    found = problems(with_input(twice, RESULT, {**RESULT, "tool_call_id": "b"}, parallel_tool_calls=False))
    assert [field for field, _, _ in found] == ["input.messages[1].tool_calls"]


def test_an_answer_that_calls_a_tool_is_not_supported() -> None:
    call = {"id": "a", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    [(field, _, code)] = problems({**PAIR, "preferred_output": [{"role": "assistant", "tool_calls": [call]}]})
    assert (field, code) == ("preferred_output[0].tool_calls", "not_supported")

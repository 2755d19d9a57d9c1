"""OpenAI's chat format: every problem has its field and its remedy, and what OpenAI accepts is trained or refused as not supported."""

from typing import Any

import pytest

from shared.datasets import Example
from tests.unit.shared.datasets.examples.lines import ANSWER, USER, chat, entries, problems

CALL = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": '{"part": "K"}'}}
CALLS = {"role": "assistant", "tool_calls": [CALL]}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "K-17"}
PART = {"type": "object", "properties": {"part": {"type": "string"}}, "required": ["part"], "additionalProperties": False}
TOOL = {"type": "function", "function": {"name": "find", "description": "Finds a part.", "parameters": PART}}
LISTED = "'system', 'developer', 'user', 'assistant', 'tool'"


def say(content: Any, **fields: Any) -> dict[str, Any]:
    return {"role": "user", "content": content, **fields}


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        (chat(USER), "messages", "the last of 'messages' must have the role 'assistant'; add the answer that the model should learn."),
        (chat(ANSWER), "messages", "'messages' must have a message with the role 'user'; add what the assistant answers."),
        (chat("x", ANSWER), "messages[0]", "'messages[0]' must be an object with 'role' and 'content'; got 'x'."),
        ({"messages": {}}, "messages", "'messages' must be a list of messages; got an object."),
        (chat(USER, ANSWER, extra=1), "extra", "'extra' is not a field of an example; delete it."),
        (chat({"content": "x"}, ANSWER), "messages[0].role", f"'messages[0].role' is required; write one of {LISTED}."),
        (chat({"role": "robot"}, ANSWER), "messages[0].role", f"'messages[0].role' must be one of {LISTED}; got 'robot'."),
        (chat({"role": []}, ANSWER), "messages[0].role", f"'messages[0].role' must be one of {LISTED}; got a list."),
        (
            chat({"role": "function"}, ANSWER),
            "messages[0].role",
            "'messages[0].role' must not be 'function', which OpenAI replaced; write 'tool', with 'tool_call_id'.",
        ),
        (chat(say(""), ANSWER), "messages[0].content", "'messages[0].content' must not be blank; write the text, or delete the message."),
        (chat(say(None), ANSWER), "messages[0].content", "'messages[0].content' must not be null; write the text of the message."),
        (
            chat(USER, {"role": "assistant"}),
            "messages[1].content",
            "'messages[1].content' is required; write the text of the message.",
        ),
        (chat(say(5), ANSWER), "messages[0].content", "'messages[0].content' must be a string or a list of content parts; got 5."),
        (chat(say([]), ANSWER), "messages[0].content", "'messages[0].content' must not be blank; write the text, or delete the message."),
        (
            chat(say(["x"]), ANSWER),
            "messages[0].content[0]",
            """'messages[0].content[0]' must be an object, such as {"type": "text", "text": "…"}; got 'x'.""",
        ),
        (
            chat(say([{"type": "refusal", "refusal": "No."}]), ANSWER),
            "messages[0].content[0].type",
            "'messages[0].content[0].type' must be 'text'; got 'refusal'.",
        ),
        (
            chat(say([{"type": "text"}]), ANSWER),
            "messages[0].content[0].text",
            "'messages[0].content[0].text' is required; write the text of the part.",
        ),
        (chat(say("x", weight=0), ANSWER), "messages[0].weight", "'messages[0].weight' is only for messages of the assistant; delete it."),
        (chat(USER, {**ANSWER, "weight": 0.5}), "messages[1].weight", "'messages[1].weight' must be 0 or 1; got 0.5."),
        (chat(USER, {**ANSWER, "weight": True}), "messages[1].weight", "'messages[1].weight' must be 0 or 1; got true."),
        (
            chat(USER, {**ANSWER, "weight": 0}),
            "messages",
            "'messages' must have a message of the assistant without the weight 0; otherwise nothing is learned.",
        ),
        (
            chat(say("x", name="A b"), ANSWER),
            "messages[0].name",
            "'messages[0].name' must have 1 to 64 characters, without spaces and < | \\ / >; got 'A b'.",
        ),
        (
            chat(say("x", tool_call_id="a"), ANSWER),
            "messages[0].tool_call_id",
            "'messages[0].tool_call_id' is not a field of a message with the role 'user'; delete it.",
        ),
        (
            chat(USER, {**CALLS, "tool_calls": []}, ANSWER),
            "messages[1].content",
            "'messages[1].content' is required; write the text of the message.",
        ),
        (
            chat(USER, CALLS, ANSWER),
            "messages[1].tool_calls[0]",
            "'messages[1].tool_calls[0]' has no result; "
            "right after its message, add one with the role 'tool' and the call's 'id' as 'tool_call_id'.",
        ),
        (
            chat(USER, RESULT, ANSWER),
            "messages[1].tool_call_id",
            "'messages[1].tool_call_id' must be the 'id' of a call in the assistant's message before it that has no result yet; "
            "got 'call_1'.",
        ),
        (
            chat(USER, CALLS, RESULT, RESULT, ANSWER),
            "messages[3].tool_call_id",
            "'messages[3].tool_call_id' must be the 'id' of a call in the assistant's message before it that has no result yet; "
            "got 'call_1'.",
        ),
        (
            chat(USER, CALLS, {"role": "tool", "content": "K-17"}, ANSWER),
            "messages[2].tool_call_id",
            "'messages[2].tool_call_id' is required; write the 'id' of the call that this is the result of.",
        ),
        (
            chat(USER, {**CALLS, "tool_calls": [CALL, CALL]}),
            "messages[1].tool_calls[1].id",
            "'messages[1].tool_calls[1].id' must differ from the 'id' of every other call in the message; got 'call_1'.",
        ),
        (
            chat(USER, {**CALLS, "tool_calls": [CALL, {**CALL, "id": "call_2"}]}, tools=[TOOL], parallel_tool_calls=False),
            "messages[1].tool_calls",
            "'messages[1].tool_calls' must have only one call, because 'parallel_tool_calls' is false; got 2. "
            "Write a message for each call, or delete 'parallel_tool_calls'.",
        ),
        (
            chat(USER, CALLS),
            "messages[1].tool_calls[0].function.name",
            "'messages[1].tool_calls[0].function.name' must be the name of a function in 'tools'; got 'find'. Correct it or add "
            "the function.",
        ),
        (
            chat(USER, {**CALLS, "tool_calls": [{**CALL, "function": {"name": "fnd", "arguments": "{}"}}]}, tools=[TOOL]),
            "messages[1].tool_calls[0].function.name",
            "'messages[1].tool_calls[0].function.name' must be the name of a function in 'tools' ('find'); got 'fnd'. "
            "Correct it or add the function.",
        ),
        (
            chat(USER, ANSWER, tools=[TOOL, TOOL]),
            "tools",
            "'tools' must not list a function twice; rename or delete one of those named 'find'.",
        ),
        (
            chat(USER, ANSWER, tools=[{**TOOL, "function": {"name": "find", "description": 5}}]),
            "tools[0].function.description",
            "'tools[0].function.description' must be a string; got 5.",
        ),
        (
            chat(USER, ANSWER, tools=[{**TOOL, "function": {"name": "find", "parameters": {"type": "text"}}}]),
            "tools[0].function.parameters",
            "'tools[0].function.parameters' must be a JSON Schema (draft 2020-12): 'text' is not valid under any of the given schemas.",
        ),
        (
            chat(USER, {**ANSWER, "function_call": {"name": "find", "arguments": "{}"}}),
            "messages[1].function_call",
            "'messages[1].function_call' was replaced by 'tool_calls'; "
            'write [{"id": "call_1", "type": "function", "function": {…}}] there.',
        ),
        (
            chat(USER, {**CALLS, "tool_calls": [{**CALL, "function": {"name": "find", "arguments": "{"}}]}),
            "messages[1].tool_calls[0].function.arguments",
            "'messages[1].tool_calls[0].function.arguments' must be a string with a JSON object, such as \"{}\".",
        ),
        (chat(USER, ANSWER, tools={}), "tools", "'tools' must be a list; got an object."),
        (
            chat(USER, ANSWER, tools=[{**TOOL, "function": {"name": "a b"}}]),
            "tools[0].function.name",
            "'tools[0].function.name' must have 1 to 64 letters, digits, underscores or dashes.",
        ),
        (chat(USER, ANSWER, parallel_tool_calls=1), "parallel_tool_calls", "'parallel_tool_calls' must be true or false; got 1."),
        (
            chat(USER, ANSWER, functions=[]),
            "functions",
            '\'functions\' was replaced by \'tools\'; write each as {"type": "function", "function": {…}} there.',
        ),
    ],
)
def test_a_problem_is_named_with_its_field_and_its_remedy(row: Any, field: str, message: str) -> None:
    assert (field, message, "invalid_value") in problems(row)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (chat(USER, {**ANSWER, "refusal": "No."}), "messages[1].refusal"),
        (chat(say([{"type": "image_url", "image_url": {"url": "x"}}]), ANSWER), "messages[0].content[0]"),
    ],
)
def test_what_openai_accepts_but_cannot_be_trained_here_says_so(row: Any, field: str) -> None:
    [(found, message, code)] = problems(row)
    assert (found, code) == (field, "not_supported")
    assert message.startswith(f"'{field}' ")


def test_every_problem_of_a_line_is_named() -> None:
    row = chat({"role": "robot"}, say(""), {**ANSWER, "weight": 2, "x": 1}, y=1)
    assert [field for field, _, _ in problems(row)] == [
        "y",
        "messages[0].role",
        "messages[1].content",
        "messages[2].x",
        "messages[2].weight",
    ]


def test_what_openai_accepts_is_trained_as_the_engine_serves_it() -> None:
    parts = [{"type": "text", "text": "Which"}, {"type": "text", "text": "part?"}]
    row = chat(
        {"role": "developer", "content": "Be brief."},
        say(parts, name="anna"),
        {"role": "assistant", "content": "What?", "weight": 0, "refusal": None, "tool_calls": None},
        USER,
        {**ANSWER, "weight": 1},
        tools=[],
    )
    [entry] = entries(row)
    assert isinstance(entry.example, Example)
    assert [message.model_dump() for message in entry.example.messages] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Which\npart?"},
        {"role": "assistant", "content": "What?"},
        USER,
        ANSWER,
    ]
    assert [message.is_learned for message in entry.example.messages] == [False, False, False, False, True]
    assert entry.changes == ("developer", "name", "parts")


def test_calls_and_results_are_trained_as_openai_has_them() -> None:
    row = chat(
        USER,
        {**CALLS, "content": None, "weight": 0},
        {**RESULT, "content": [{"type": "text", "text": ""}]},
        {**CALLS, "content": "", "name": "anna", "tool_calls": [{**CALL, "index": 0}]},
        tools=[TOOL],
        parallel_tool_calls=True,
    )
    [entry] = entries(row)
    assert isinstance(entry.example, Example), entry.findings
    assert [message.model_dump() for message in entry.example.messages] == [
        USER,
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
        {"role": "tool", "content": "", "tool_call_id": "call_1"},
        {"role": "assistant", "content": "", "tool_calls": [CALL]},
    ]
    assert [message.is_learned for message in entry.example.messages] == [False, False, False, True]
    assert entry.example.tools == [TOOL]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("{}", "'part' is missing"),
        ('{"part": 5}', "'part' must have the type 'string'; got 5"),
        ('{"part": "K", "parts": 2}', "'parts' is not a parameter"),
    ],
)
def test_arguments_must_match_the_parameters_of_their_tool(arguments: str, problem: str) -> None:
    call = {**CALL, "function": {"name": "find", "arguments": arguments}}
    place = "messages[1].tool_calls[0].function.arguments"
    assert problems(chat(USER, {**CALLS, "tool_calls": [call]}, tools=[TOOL])) == [
        (place, f"'{place}' must match the 'parameters' of 'find': {problem}.", "invalid_value")
    ]

from typing import Any

import pytest

from shared.datasets import Example
from shared.datasets.examples.read import Entry, read_entries
from shared.errors import InvalidDataset
from tests.unit.shared.datasets.examples.lines import entries, problems


def chat_of(entry: Entry) -> list[tuple[str, str]]:
    assert isinstance(entry.example, Example), entry.findings
    return [(message.role, message.content) for message in entry.example.messages]


def read_csv(content: str) -> list[Entry]:
    return list(read_entries([content.encode()]))


@pytest.mark.parametrize(
    ("row", "format_name", "chat"),
    [
        ({"prompt": " Q ", "completion": " A\n"}, "prompt_completion", [("user", " Q "), ("assistant", " A\n")]),
        ({"instruction": "Sum up.", "input": "Long.", "output": "S."}, "alpaca", [("user", "Sum up.\n\nLong."), ("assistant", "S.")]),
        ({"instruction": "Say hi.", "input": "", "output": "Hi."}, "alpaca", [("user", "Say hi."), ("assistant", "Hi.")]),
        (
            {"instruction": "Q", "output": "A", "system": "Be brief."},
            "alpaca",
            [("system", "Be brief."), ("user", "Q"), ("assistant", "A")],
        ),
        (
            {"conversations": [{"from": "system", "value": ""}, {"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
            "sharegpt",
            [("user", "Q"), ("assistant", "A")],
        ),
    ],
)
def test_other_formats_become_chats(row: Any, format_name: str, chat: list[tuple[str, str]]) -> None:
    [entry] = entries(row)
    assert (entry.format, chat_of(entry)) == (format_name, chat)


def test_fields_that_are_not_used_are_named() -> None:
    [entry] = entries({"id": 3, "prompt": "Q", "completion": "A"})
    assert entry.changes == ("unused:id",)


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"prompt": "Q", "completion": " "}, "completion", "'completion' must not be blank; write its text, or delete the example."),
        ({"prompt": ["Q"], "completion": "A"}, "prompt", "'prompt' must be a string; got a list."),
        ({"instruction": "", "output": "A"}, "instruction", "'instruction' must not be blank; write its text, or delete the example."),
        ({"instruction": "Q", "input": 1, "output": "A"}, "input", "'input' must be a string; got 1."),
        ({"conversations": 1}, "conversations", "'conversations' must be a list of turns with 'from' and 'value'; got 1."),
        (
            {"conversations": [{"from": "human", "value": "Q"}]},
            "conversations",
            "the last of 'conversations' must be from 'gpt'; add the answer that the model should learn.",
        ),
        (
            {"conversations": [{"role": "user", "content": "Q"}]},
            "conversations[0].from",
            "'conversations[0].from' is required; if the turns have 'role' and 'content', rename 'conversations' to 'messages'.",
        ),
        (
            {"conversations": [{"from": "human"}]},
            "conversations[0].value",
            "'conversations[0].value' is required; write its text.",
        ),
    ],
)
def test_a_problem_is_named_as_the_caller_wrote_it(row: Any, field: str, message: str) -> None:
    assert problems(row) == [(field, message, "invalid_value")]


def test_turns_with_tools_are_not_supported() -> None:
    [(field, _, code)] = problems({"conversations": [{"from": "function_call", "value": "{}"}]})
    assert (field, code) == ("conversations[0].from", "not_supported")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_two_columns_are_a_prompt_and_an_answer_in_any_order(delimiter: str) -> None:
    found = read_csv(
        f'\ufeffText{delimiter}category\r\n"Where, {delimiter} is\nit?"{delimiter}card_arrival\r\n\r\nWhy?{delimiter}other\r\n'
    )
    assert [(entry.line, entry.format) for entry in found] == [(2, "csv"), (5, "csv")]
    assert chat_of(found[0]) == [("user", f"Where, {delimiter} is\nit?"), ("assistant", "card_arrival")]
    assert chat_of(read_csv("answer,question\nA,Q\n")[0]) == [("user", "Q"), ("assistant", "A")]


def test_a_row_with_a_problem_is_named() -> None:
    found = read_csv("prompt,completion\nQ,A,B\nQ\n,A\n")
    assert [(entry.line, entry.findings[0].field, entry.findings[0].message) for entry in found] == [
        (2, None, "the row must have 2 cells, like the first row; it has 3; put a cell that contains ',' in double quotes."),
        (3, None, "the row must have 2 cells, like the first row; it has 1; separate the cells with ','."),
        (4, "prompt", "'prompt' must not be blank; write its text, or delete the example."),
    ]


def test_a_quote_that_is_not_closed_ends_the_reading() -> None:
    with pytest.raises(InvalidDataset, match="Line 3: this row and those after it cannot be read"):
        read_csv('prompt,completion\nQ,A\n"Q,A\n')

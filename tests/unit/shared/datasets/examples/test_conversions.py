from typing import Any

import pytest

from deploy.errors.wording import faults
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


@pytest.mark.parametrize("first", ["Was ist das?,Ein Test", "id,question,answer", "frage;antwort", '"Who, and why?"\tAda', "Who?,Ada"])
def test_the_first_row_of_csv_must_name_a_prompt_and_an_answer(first: str) -> None:
    with pytest.raises(InvalidDataset, match="Line 1: the line must be a JSON object, or the names of the two columns") as caught:
        read_csv(f"\n{first}\nQ,A\n".removeprefix("\n"))
    assert "Write 'prompt,completion' as the first row of a CSV file" in caught.value.message
    assert faults(caught.value.message) == []


def test_many_columns_are_named_by_the_first_five() -> None:
    with pytest.raises(InvalidDataset, match="got 'c0', 'c1', 'c2', 'c3', 'c4' and 7 more"):
        read_csv(",".join(f"c{number}" for number in range(12)))


@pytest.mark.parametrize("row", ['{"prompt": "Q", "completion": "A"}', '{"messages": [{"role": "user", "content": "Q"}, {}]}'])
def test_a_json_line_in_a_csv_file_is_not_trained_as_cells(row: str) -> None:
    good, mixed = read_csv(f"prompt,completion\nQ,A\n{row}\n")
    assert (good.example is None, mixed.line, mixed.example) == (False, 3, None)
    assert mixed.findings[0].message.startswith("the line has a JSON object, but the file begins with columns of CSV in line 1")


def test_json_may_be_the_text_of_a_cell() -> None:
    [entry] = read_csv('text,label\n"{""a"": 1, ""b"": 2}",order\n')
    assert chat_of(entry) == [("user", '{"a": 1, "b": 2}'), ("assistant", "order")]


@pytest.mark.parametrize("text", ["日本語で、答えて。", "مرحبا، كيف؟", "Ünïcödé 🎉 \u2028 x", "x" * 1_000_000])
def test_text_in_any_language_and_length_is_kept(text: str) -> None:
    [entry] = read_csv(f'prompt,completion\r\n"{text}\r\n{text}",{text}\r\n')
    assert chat_of(entry) == [("user", f"{text}\n{text}"), ("assistant", text)]
    [entry] = entries({"instruction": text, "input": text, "output": text})
    assert chat_of(entry) == [("user", f"{text}\n\n{text}"), ("assistant", text)]


def test_the_conversion_names_what_becomes_what() -> None:
    [entry] = read_csv("label, Text\nA,Q\n")
    assert entry.conversion == (
        "rows of CSV, which are trained as chats: the column 'Text' becomes the user's message, and 'label' the assistant's."
    )
    [entry] = entries(
        {"conversations": [{"from": "human", "value": "Q", "weight": 0}, {"from": "gpt", "value": "A", "weight": 1}], "id": 1}
    )
    assert "turns from 'human' become the user's messages, and turns from 'gpt' the assistant's." in entry.conversion
    assert entry.changes == ("unused:id", "unused:conversations[].weight")


def test_a_quote_that_is_not_closed_ends_the_reading() -> None:
    with pytest.raises(InvalidDataset, match="Line 3: this row and those after it cannot be read"):
        read_csv('prompt,completion\nQ,A\n"Q,A\n')

import json
from typing import Any

import pytest

from shared.datasets import number_examples, read_examples
from shared.errors import InvalidDataset

ANSWER = {"role": "assistant", "content": "K-17"}
GOOD = {"messages": [{"role": "user", "content": "Which part?"}, ANSWER]}


def lines(*rows: Any) -> list[bytes]:
    return [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]


def problem(*rows: Any) -> InvalidDataset:
    with pytest.raises(InvalidDataset) as caught:
        list(read_examples(lines(*rows)))
    return caught.value


def test_every_example_is_read_and_blank_lines_are_skipped() -> None:
    examples = list(read_examples(lines(*[GOOD] * 10, b"", b"  \n")))
    assert len(examples) == 10
    assert examples[0].messages[-1].content == "K-17"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (b"{not json", "Line 2: the line is not valid JSON: "),
        (b'"\xff\xfe"', "Line 2: the line is not valid UTF-8."),
        (b"[" * 100_000, "Line 2: the JSON is nested too deeply."),
        ({"messages": []}, "Line 2: 'messages' must not be empty."),
        (["x"], "Line 2: the line must be an object; got a list."),
        (
            {"messages": [{"role": "user", "content": "\ud800"}, ANSWER]},
            "Line 2: 'messages[0].content' must not contain half of a surrogate",
        ),
        ({"prompt": "x"}, "Line 2: 'messages' is required."),
        (
            {"messages": [{"role": "robot", "content": "x"}, GOOD["messages"][1]]},
            "Line 2: 'messages[0].role' must be one of 'system', 'user', 'assistant'",
        ),
        ({"messages": list(reversed(GOOD["messages"]))}, "Line 2: the last of 'messages' must have the role 'assistant'"),
        (
            {"messages": [{"role": "system", "content": "x"}, GOOD["messages"][1]]},
            "Line 2: 'messages' must have a message with the role 'user'.",
        ),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_its_problem(row: Any, expected: str) -> None:
    error = problem(GOOD, row)
    assert error.message.startswith(expected)
    assert error.line == 2
    assert (error.status, error.param) == (400, "training_file")


def test_a_file_of_too_few_examples_is_refused_with_the_number_needed() -> None:
    assert problem(GOOD, GOOD, GOOD).message == "The file must have at least 10 examples; it has 3 examples."
    assert problem(GOOD).message.endswith("it has 1 example.")


def test_the_number_of_a_line_counts_empty_lines() -> None:
    assert [number for number, _ in number_examples(lines(GOOD, b"", GOOD, b" ", GOOD), minimum=3)] == [1, 3, 5]

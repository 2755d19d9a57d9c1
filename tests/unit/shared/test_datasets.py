import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.datasets import read_examples, read_questions
from shared.errors import InvalidDataset

ANSWER = {"role": "assistant", "content": "K-17"}
GOOD = {"messages": [{"role": "user", "content": "Which part?"}, ANSWER]}


def lines(*rows: Any) -> list[bytes]:
    return [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]


def problem(read: Callable[[list[bytes]], Any], *rows: Any) -> InvalidDataset:
    with pytest.raises(InvalidDataset) as caught:
        list(read(lines(*rows)))
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
    error = problem(read_examples, GOOD, row)
    assert error.message.startswith(expected)
    assert error.line == 2
    assert (error.status, error.param) == (400, "training_file")


def test_a_file_of_too_few_examples_is_refused_with_the_number_needed() -> None:
    assert problem(read_examples, GOOD, GOOD, GOOD).message == "The file must have at least 10 examples; it has 3 examples."
    assert problem(read_examples, GOOD).message.endswith("it has 1 example.")


def test_questions_keep_their_answers_and_ignore_other_fields() -> None:
    (question,) = read_questions(lines({"question": "Which?", "answers": ["K-17"], "source": "parts.md"}))
    assert question.answers == ["K-17"]


def test_a_question_without_answers_is_refused_with_its_line() -> None:
    good = {"question": "Which?", "answers": ["K-17"]}
    assert problem(read_questions, good, {"question": "Which?", "answers": []}).line == 2
    assert problem(read_questions, good, {"question": "Which?", "answers": [" "]}).param == "questions_file"
    assert problem(read_questions).message == "The file must have at least 1 question; it has none."

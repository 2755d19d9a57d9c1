import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.datasets import Question, read_questions
from shared.errors import InvalidDataset

GOOD = {"question": "Which?", "answers": ["K-17"]}


def read(content: str | bytes, filename: str = "questions.jsonl") -> list[Question]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_questions(io.BytesIO(raw), filename))


def rows(*values: Any) -> str:
    return "".join(f"{value if isinstance(value, str) else json.dumps(value)}\n" for value in values)


def problem(content: str | bytes, filename: str = "questions.jsonl") -> InvalidDataset:
    with pytest.raises(InvalidDataset) as caught:
        read(content, filename)
    return caught.value


def test_questions_are_read_in_order_and_blank_lines_are_skipped() -> None:
    questions = read(rows("", GOOD, "  ", {"question": "Wo, Größe?", "answers": ["8 µm", "8 um"], "id": 7}))
    assert [question.question for question in questions] == ["Which?", "Wo, Größe?"]
    assert (questions[1].answers, questions[1].id) == (["8 µm", "8 um"], "7")


def test_lines_without_their_ends_are_read_too() -> None:
    assert len(list(read_questions([json.dumps(GOOD).encode(), b"", json.dumps({**GOOD, "question": "Who?"})]))) == 2


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("{not json", "the line is not valid JSON: "),
        ("[" * 100_000, "the JSON is nested too deeply."),
        ('{"question": "x", "answers": [], "tree": ' + "[" * 5000 + "]" * 5000 + "}", "the JSON is nested too deeply."),
        ("[]", "the line must be an object; got a list."),
        ({"question": "x"}, "'answers' is required; write [] if the documents do not have the answer."),
        ({"question": "x", "answers": "K-17"}, "'answers' must be a list; got the string \"K-17\"; write a single answer as a list, too."),
        ({"question": "x", "answers": [17]}, "'answers[0]' must be a string; got the number 17."),
        ({"question": "x", "answers": ["a", " "]}, "'answers[1]' must not be blank."),
        ({"question": "x", "answers": [""]}, "'answers[0]' must not be empty."),
        ({"question": " \t", "answers": []}, "The question must not be blank."),
        ({"answers": []}, "Each line must have a 'question' or 'messages'."),
        ({"question": 3, "answers": []}, "'question' must be a string; got the number 3."),
        ({"messages": [], "answers": []}, "Each line must have a 'question' or 'messages'."),
        ({"messages": [{"role": "user", "content": " "}], "answers": []}, "The question must not be blank."),
        ({"messages": [{"role": "assistant", "content": "x"}], "answers": []}, "The last of 'messages' must have the role 'user'."),
        ({"messages": [{"role": "robot", "content": "x"}], "answers": []}, "'messages[0].role' must be one of"),
        (
            {"question": "y", "messages": [{"role": "user", "content": "x"}], "answers": []},
            "'question' must be left out, or equal the last of 'messages'.",
        ),
        ({**GOOD, "contexts": "x"}, "'contexts' must be a list; got the string \"x\"; write a single context as a list, too."),
        ({**GOOD, "contexts": [{}]}, "'contexts[0]' must have 'file_id', 'filename' or 'text'."),
        ({**GOOD, "contexts": [{"file": "x"}]}, "'contexts[0].file' "),
        ({**GOOD, "contexts": [7]}, "'contexts[0]' must be "),
        ({**GOOD, "tags": ["a", None]}, "'tags[1]' must be a string; got null."),
        ({**GOOD, "cluster": ["a"]}, "'cluster' must be a string; got a list."),
        ({**GOOD, "source": ["\ud800"]}, "'source[0]' must not contain half of a surrogate"),
        ({**GOOD, "answers": ["\0"]}, "'answers[0]' must not contain the NUL character"),
        ('{"question": "x", "answers": [], "weight": NaN}', "'weight' must be a finite number"),
        ({**GOOD, "question": "\ud800"}, "'question' must not contain half of a surrogate"),
        ({**GOOD, "\ud800": 1}, "'?' must not contain half of a surrogate"),
        ('{"question": "x", "answers": [], "n": ' + "9" * 5000 + "}", "the line has a number with too many digits"),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_what_to_do(row: Any, expected: str) -> None:
    error = problem(rows({**GOOD, "question": "First?"}, row))
    assert error.message.startswith(f"Line 2: {expected}")
    assert (error.line, error.status, error.param, error.code) == (2, 400, "questions_file", "invalid_file_format")


def test_all_wrong_lines_are_listed_at_once() -> None:
    error = problem(rows({"question": "a"}, GOOD, "{", {**GOOD, "question": " "}))
    assert error.message.splitlines() == [
        "Line 1: 'answers' is required; write [] if the documents do not have the answer.",
        "Line 3: the line is not valid JSON: a key in double quotes is missing (column 2).",
        "Line 4: The question must not be blank.",
    ]
    assert error.line == 1


def test_of_many_wrong_lines_the_first_ten_are_listed_and_all_are_counted() -> None:
    listed = problem(rows(*["{"] * 37, GOOD)).message.splitlines()
    assert len(listed) == 11
    assert listed[-1] == "The file has 37 wrong lines; these are the first 10."


def test_lines_that_are_not_utf8_are_named() -> None:
    content = json.dumps(GOOD).encode() + b'\n{"question": "Gr\xf6\xdfe?", "answers": []}\n'
    assert problem(content).message == "Line 2: the line is not valid UTF-8."


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff"])
@pytest.mark.parametrize("filename", ["questions.jsonl", "questions.csv", "questions"])
def test_a_file_without_questions_is_refused(content: str, filename: str) -> None:
    assert problem(content, filename).message == "The file must have at least 1 question; it has none."


def test_a_list_of_objects_is_not_jsonl() -> None:
    assert problem(json.dumps([GOOD, GOOD], indent=1)).message.startswith("Line 1: the file is a JSON list; write one object per line")


def test_a_line_that_is_too_long_is_refused() -> None:
    error = problem(rows(GOOD, {**GOOD, "question": "x" * (8 * 1024 * 1024)}))
    assert error.message.startswith("Line 2: the line is longer than 8 MiB; split it")


def test_an_id_and_a_question_may_be_used_once() -> None:
    first = {**GOOD, "id": "q1"}
    assert problem(rows(first, {**first, "question": "Who?"})).message.startswith("Line 2: line 1 already has the 'id' 'q1'; ")
    assert problem(rows(first, "", {**GOOD, "question": " which? "})).message == (
        "Line 3: line 1 already has this question; delete one of them, or write the same 'cluster' in both."
    )


def test_the_same_question_may_be_repeated_within_a_cluster() -> None:
    same = {**GOOD, "cluster": "a"}
    assert len(read(rows(same, same))) == 2
    assert problem(rows(same, {**GOOD, "cluster": "b"})).line == 2


def test_the_same_question_in_another_conversation_is_another_question() -> None:
    def chat(subject: str) -> dict[str, Any]:
        turns = [("user", f"Tell me about {subject}."), ("assistant", "Gladly."), ("user", "How old is it?")]
        return {"messages": [{"role": role, "content": content} for role, content in turns], "answers": ["5"]}

    first, second = read(rows(chat("K-17"), chat("K-18")))
    assert first.question == second.question == "How old is it?"
    assert [message.role for message in first.chat] == ["user", "assistant", "user"]


def test_questions_are_yielded_before_the_file_ends() -> None:
    def endless() -> Iterator[bytes]:
        number = 0
        while True:
            number += 1
            yield json.dumps({"question": f"Question {number}?", "answers": []}).encode()

    questions = read_questions(endless())
    assert [next(questions).question for _ in range(3)] == ["Question 1?", "Question 2?", "Question 3?"]

import codecs
import csv
import io
from typing import Any

import pytest

from shared.datasets import Question, read_questions
from shared.errors import InvalidDataset


def read(content: str | bytes, filename: str = "questions.csv") -> list[Question]:
    raw = content.encode() if isinstance(content, str) else content
    return list(read_questions(io.BytesIO(raw), filename))


def problem(content: str | bytes, filename: str = "questions.csv") -> str:
    with pytest.raises(InvalidDataset) as caught:
        read(content, filename)
    return caught.value.message


def written(rows: list[list[str]], **options: Any) -> str:
    stream = io.StringIO()
    csv.writer(stream, **options).writerows(rows)
    return stream.getvalue()


ROWS = [
    ["id", "question", "answers", "contexts", "tags", "cluster", "rubric"],
    ["1", 'What does "K-17" mean, exactly?', "a pump|the pump", "parts.md", "parts|names", "7", "Be strict; not vague"],
    ["2", "Wo ist\ndie Größe?", '["8 | 9", "8, 9"]', '["a, b.", {"filename": "x.md"}]', "", "", ""],
    ["3", "Who painted it?", "[]", "", "art", "", "x"],
]


@pytest.mark.parametrize("options", [{}, {"delimiter": ";"}, {"delimiter": "\t"}, {"lineterminator": "\n"}, {"quoting": csv.QUOTE_ALL}])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_what_spreadsheets_write_is_read(options: dict[str, Any], encoding: str) -> None:
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    first, second, third = read(mark + written(ROWS, **options).encode(encoding))
    assert first.question == 'What does "K-17" mean, exactly?'
    assert (first.answers, first.tags, first.cluster, first.id) == (["a pump", "the pump"], ["parts", "names"], "7", "1")
    assert first.contexts[0].filename == "parts.md"
    assert first.item()["rubric"] == "Be strict; not vague"
    assert second.question.split() == ["Wo", "ist", "die", "Größe?"]
    assert (second.answers, second.tags, second.cluster) == (["8 | 9", "8, 9"], [], None)
    assert [context.written for context in second.contexts] == ["a, b.", "x.md"]
    assert third.must_abstain


def test_a_column_in_the_singular_keeps_its_value_as_it_is() -> None:
    (question,) = read('question,answer,context,tag\nWhat is |x|?,|x| = [0],"a, b",p|q\n')
    assert (question.answers, question.tags, question.contexts[0].text) == (["|x| = [0]"], ["p|q"], "a, b")


def test_a_column_may_have_a_conversation() -> None:
    chat = '[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": "Which?"}]'
    (question,) = read(written([["messages", "answer"], [chat, "K-17"]]))
    assert (question.question, len(question.chat)) == ("Which?", 3)


def test_names_of_columns_may_have_capitals_and_spaces() -> None:
    assert read(" Question ;ANSWER\nWhich?;K-17\n")[0].answers == ["K-17"]


def test_columns_without_a_name_and_empty_rows_are_skipped() -> None:
    assert [each.question for each in read("question,answer,,\n,,,\n\nWhich?,K-17,,note\n")] == ["Which?"]


@pytest.mark.parametrize(("filename", "count"), [("questions.txt", 1), ("questions", 1), ("questions.tsv", 1), ("questions.CSV", 1)])
def test_a_name_that_says_nothing_is_decided_by_the_first_line(filename: str, count: int) -> None:
    assert len(read("question,answer\nWhich?,K-17\n", filename)) == count
    assert len(read('{"question": "Which?", "answers": []}\n', "questions.txt")) == count


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,2\n", "Line 1: the first row must have the names of the columns, including 'question' and 'answers'; got 'a', 'b'."),
        ("question,answers,answer\nx,y,z\n", "Line 1: two columns are named 'answers'; rename or delete one."),
        ("question,answers\nx,\n", "Line 2: the cell of 'answers' is empty; write [] in a column 'answers' if the documents"),
        ("question\nx\n", "Line 1: the first row must have the names of the columns, including 'question' and 'answers'; got 'question'."),
        ("question,answers\nx,a,b\n", "Line 2: the row must have 2 cells, like the first row; it has 3; put a cell that contains ','"),
        ("question\tanswers\nx y\n", "Line 2: the row must have 2 cells, like the first row; it has 1; separate the cells with a tab."),
        ('question,answers\nx,"[1, 2]"\n', "Line 2: 'answers[0]' must be a string; got the number 1."),
        ("question,answers\nx,[redacted]\n", "Line 2: the cell of 'answers' begins like JSON but is not valid; "),
        ("question,answers\nx,a||b\n", "Line 2: 'answers[1]' must not be empty."),
        ('question,answers\n"x\ny",a\n"z,b\nw,c\n', "Line 4: this row and those after it cannot be read: a cell begins with a quote"),
        ('question,answers\n"x" y,a\n', "Line 2: this row and those after it cannot be read: a quoted cell has text after"),
        ("question,answers\rx,a\r", "Line 1: this row and those after it cannot be read: save the file with a line feed"),
        ("question,answers\n,a\n", "Line 2: Each line must have a 'question' or 'messages'."),
        ('question,answers\n"a\n\nb",x\nc,\n', "Line 5: the cell of 'answers' is empty"),
        ("\n\nquestion,answers\nx,\n", "Line 4: the cell of 'answers' is empty"),
    ],
)
def test_a_wrong_row_is_named_with_the_line_it_begins_in(content: str, expected: str) -> None:
    assert problem(content).startswith(expected)


def test_a_file_of_another_encoding_says_how_to_save_it() -> None:
    content = "question,answers\nx,a\nGröße?,b\n".encode("windows-1252")
    assert problem(content) == "Line 3: the line is not valid UTF-8; save the file as UTF-8 (in Excel, as 'CSV UTF-8')."


def test_all_wrong_rows_are_listed() -> None:
    assert len(problem("question,answers\nx,\ny\nz,ok\nz,ok\n").splitlines()) == 3


def test_a_long_cell_is_read() -> None:
    assert len(read(written([["question", "answer"], ["x" * 300_000, "a"]]))[0].question) == 300_000


def test_a_long_first_line_without_names_is_not_csv() -> None:
    assert problem("x" * 300_000, "").startswith("Line 1: the line is not valid JSON")

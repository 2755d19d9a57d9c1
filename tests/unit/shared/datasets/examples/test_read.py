import codecs
import json
import time
from typing import Any

import pytest

from deploy.errors.wording import faults
from shared.datasets import number_examples, number_preferences, read_examples
from shared.datasets.examples.read import MAX_FINDINGS, TOO_FEW_CODE, read_entries
from shared.datasets.text_lines import MAX_LINE_BYTES
from shared.errors import InvalidDataset
from tests.unit.shared.datasets.examples.lines import ANSWER, GOOD, entries, lines, problems

PAIR = {"prompt": "Which part?", "completion": "K-17"}
DEEP = b'{"messages": ' + b"[" * 100_000


def refuse(*rows: Any) -> InvalidDataset:
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
        (b'{"a": "\xff\xfe"}', "Line 2: the line is not valid UTF-8; save the file as UTF-8."),
        (DEEP, "Line 2: the JSON is nested too deeply."),
        ({"messages": []}, "Line 2: 'messages' must not be empty; it needs a message from the user and one from the assistant."),
        (["x"], "Line 2: the line must be an object; got a list."),
        (
            {"messages": [{"role": "user", "content": "\ud800"}, ANSWER]},
            "Line 2: 'messages[0].content' must not contain half of a surrogate",
        ),
        ({"messages": [{"role": "user", "content": "a\0"}, ANSWER]}, "Line 2: 'messages[0].content' must not contain the NUL character"),
        (b'{"messages": NaN}', "Line 2: 'messages' must be a list of messages; got NaN."),
        (b'{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi", "weight": Infinity}]}', "Line 2: "),
        (
            b'{"prompt": "Hi", "completion": "Ho", "x": NaN}',
            "Line 2: the line has 'prompt' and 'completion', but the file begins with 'messages' in line 1",
        ),
        (b'{"messages": [], "messages": []}', "Line 2: the key 'messages' is written twice in the same object; delete one."),
        (b"\0{\0}\0", "Line 2: the line has NUL characters, as text in UTF-16 does; save the file as UTF-8."),
        (b'{"messages": [],}', "Line 2: the line is not valid JSON: "),
        (b"\r".join(lines(GOOD, GOOD)), "Line 2: the line is not valid JSON: it has carriage returns; end each line with a line feed."),
        (
            lines(GOOD)[0] + b",",
            "Line 2: the line is not valid JSON: there is a comma after the object. Delete it, and those after other objects: lines are "
            "not separated by commas.",
        ),
        (lines(GOOD)[0] + b" x", "Line 2: the line is not valid JSON: there is more text after the end of the value (column "),
        (lines(GOOD)[0] * 2, "Line 2: the line is not valid JSON: there are two objects. Write each on a line of its own."),
        (lines(GOOD)[0] + b", {}", "Line 2: the line is not valid JSON: there are two objects. Write each on a line of its own."),
    ],
)
def test_a_wrong_line_is_named_with_its_number_and_its_problem(row: Any, expected: str) -> None:
    error = refuse(GOOD, row)
    assert error.message.startswith(expected)
    assert error.line == 2
    assert (error.status, error.param) == (400, "training_file")


def test_numbers_that_are_not_finite_are_refused_where_anything_may_stand() -> None:
    tools = [{"type": "function", "function": {"name": "f", "parameters": {"default": float("nan")}}}]
    [(field, message, _)] = problems({**GOOD, "tools": tools})
    assert field == "tools[0].function.parameters.default"
    assert message.endswith("must be a finite number; JSON has no NaN or Infinity.")


def test_commas_at_the_ends_of_lines_are_told_once_and_other_problems_too() -> None:
    rows = [each + b"," for each in lines(GOOD, GOOD, {"messages": []}, GOOD)]
    found = entries(*rows, GOOD)
    assert [entry.line for entry in found if entry.findings] == [1, 3]
    assert "there is a comma after the object" in found[0].findings[0].message
    assert found[2].findings[0].field == "messages"


@pytest.mark.parametrize(
    "content",
    [
        "\n".join(json.dumps(GOOD, indent=2) for _ in range(12)),
        "\n\n".join(json.dumps(GOOD, indent=0) for _ in range(12)),
        json.dumps(GOOD).replace("[{", "[\n{").replace("}, {", "},\n{"),
        json.dumps(GOOD).replace("[{", "[\n{").replace("}, {", "}\n,{"),
    ],
)
def test_objects_of_several_lines_are_told_once(content: str) -> None:
    assert refuse(content.encode()).message == "Line 1: an object spans several lines; write each example on one line."


def test_what_python_prints_is_told_as_such() -> None:
    [entry] = entries(str(GOOD).encode())
    assert entry.findings[0].message.startswith("the line is not valid JSON: a key or string is in single quotes; JSON needs double quotes")
    for word, right in (("True", "true"), ("False", "false"), ("None", "null")):
        [entry] = entries(f'{{"a": {word}}}'.encode())
        assert entry.findings[0].message == f"the line is not valid JSON: {word} is not JSON; write {right} (column 7)."


def test_a_line_that_was_cut_off_is_a_problem_of_that_line() -> None:
    assert [len(entry.findings) for entry in entries(lines(GOOD)[0][:-20], GOOD, GOOD)] == [1, 0, 0]
    assert [len(entry.findings) for entry in entries(b"{")] == [1]


def test_excels_line_that_names_the_separator_is_left_out() -> None:
    for separator in (";", ","):
        found = entries(f"sep={separator}".encode(), f"prompt{separator}completion".encode(), f"Hi{separator}Ho".encode())
        assert [(entry.line, entry.format, entry.example is None) for entry in found] == [(3, "csv", False)]


def test_cells_that_are_separated_by_pipes_are_told_once() -> None:
    assert refuse(b"prompt|completion", b"Hi|Ho").message == (
        "Line 1: the cells are separated by '|'; separate them with commas, semicolons or tabs, and put a cell that contains one in double "
        "quotes."
    )


def test_what_is_wrong_before_the_line_that_ends_the_reading_is_told_too() -> None:
    error = refuse(GOOD, {"messages": []}, b"x" * (MAX_LINE_BYTES + 1))
    assert (error.line, [text.partition(":")[0] for text in error.message.split("\n")]) == (2, ["Line 2", "Line 3"])


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (GOOD, "chats"),
        (PAIR, "'prompt' and 'completion'"),
        ({"instruction": "Q", "output": "A"}, "'instruction' and 'output'"),
        (b"prompt,completion\nQ,A", "rows of CSV"),
    ],
)
def test_a_file_without_pairs_is_refused_for_dpo_with_what_it_has(row: Any, found: str) -> None:
    with pytest.raises(InvalidDataset) as caught:
        list(number_preferences(lines(row)))
    assert caught.value.problem == (
        f"the file has {found}, but the method 'dpo' needs lines with 'input', 'preferred_output' and 'non_preferred_output'."
    )


def test_all_wrong_lines_are_named_in_one_error() -> None:
    error = refuse(GOOD, {"messages": []}, *[GOOD] * 10, b"x", *[b"{"] * 20)
    assert error.message.startswith("Line 2: 'messages' must not be empty")
    assert "\nLine 13: the line is not valid JSON" in error.message
    assert error.message.endswith("The file has 22 wrong lines; these are the first 10.")


def test_a_file_of_too_few_examples_is_refused_with_the_number_needed() -> None:
    assert refuse(GOOD, GOOD, GOOD).message == "The file must have at least 10 examples; it has 3 examples."
    assert refuse(GOOD).message.endswith("it has 1 example.")
    assert (refuse(GOOD).code, refuse().code) == (TOO_FEW_CODE, TOO_FEW_CODE)


def test_the_number_of_a_line_counts_empty_lines() -> None:
    assert [number for number, _ in number_examples(lines(GOOD, b"", GOOD, b" ", GOOD), minimum=3)] == [1, 3, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_utf_16_and_windows_line_ends_are_read(encoding: str) -> None:
    row = {"messages": [{"role": "user", "content": "Wie groß? \u2028 ਊ"}, ANSWER]}
    content = "\r\n".join([json.dumps(row, ensure_ascii=False)] * 3).encode(encoding)
    examples = list(read_examples([content], minimum=3))
    assert [each.messages[0].content for each in examples] == ["Wie groß? \u2028 ਊ"] * 3
    assert content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, b"{"))


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_a_json_list_is_read_like_lines(indent: int | None) -> None:
    rows = [{"instruction": f'Say "{{[{number}]}}"\n\\', "output": "Ünï, ]}"} for number in range(12)]
    content = "\ufeff\r\n" + json.dumps(rows, indent=indent, ensure_ascii=False).replace("\n", "\r\n") + "\r\n"
    found = list(read_entries([content.encode()]))
    expected = entries(*rows)
    assert [entry.example for entry in found] == [entry.example for entry in expected]
    assert [entry.line for entry in found] == ([2] * 12 if indent is None else [3 + 4 * number for number in range(12)])
    assert found[0].conversion.startswith("a JSON list that has Alpaca's 'instruction' and 'output', which are trained as chats: ")


def test_a_wrong_element_of_a_json_list_is_named_by_the_line_it_begins_in() -> None:
    text = json.dumps([GOOD, {"messages": []}, GOOD], indent=1).replace('"assistant",', '"assistant"', 1)
    first, second, third = read_entries([text.encode()])
    assert (first.line, first.findings[0].message) == (
        2,
        "the line is not valid JSON: a comma or a closing bracket is missing (line 9 of the object, column 5).",
    )
    assert (second.findings[0].field, third.example is None, third.conversion) == (
        "messages",
        False,
        "a JSON list of chats, which are trained like lines.",
    )


def test_a_wrong_element_is_counted_if_it_shares_its_line() -> None:
    found = read_entries([json.dumps([GOOD, {"messages": []}]).encode()])
    assert [entry.findings[0].message.partition(";")[0] for entry in found if entry.findings] == ["element 2: 'messages' must not be empty"]
    error = refuse(json.dumps([GOOD] * 16 + [{}]).encode())
    assert error.message.startswith("Line 1: element 17: 'messages' is required")
    wrong = "Line {}: 'messages' is required"
    assert refuse(b"[", b"{},", b"{}]").message.split("\n")[1].startswith(wrong.format(3))


@pytest.mark.parametrize("first", [b"\r".join(lines(GOOD, GOOD)), lines({"messages": "x" * 200_000})[0]])
def test_any_first_line_can_be_looked_at(first: bytes) -> None:
    assert [entry.example is None for entry in entries(first, GOOD)] == [True, False]


def test_a_line_that_is_too_long_ends_the_reading() -> None:
    read = read_entries([*lines(GOOD), b"x" * (MAX_LINE_BYTES + 1), *lines(GOOD)])
    assert next(read).example is not None
    with pytest.raises(InvalidDataset, match="Line 2: the line is longer than 8 MiB; split it"):
        next(read)


def test_the_first_object_decides_about_the_format_of_the_file() -> None:
    wrong, unknown, first, second, other = entries(b"{", {"id": 1}, PAIR, GOOD, PAIR)
    assert [each.format for each in (wrong, unknown, first, second, other)] == ["chat", "chat", *["prompt_completion"] * 3]
    assert [finding.field for finding in unknown.findings] == ["messages"]
    assert [example is None for example in (first.example, second.example, other.example)] == [False, True, False]


CONVERSATION = {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]}
INSTRUCTION = {"instruction": "Q", "output": "A"}


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            GOOD,
            PAIR,
            "the line has 'prompt' and 'completion', but the file begins with 'messages' in line 2, and a file has one format; write the "
            "line with 'messages', or move it to another file.",
        ),
        (
            INSTRUCTION,
            CONVERSATION,
            "the line has 'conversations', but the file begins with 'instruction' and 'output' in line 2, and a file has one format; write "
            "the line with 'instruction' and 'output', or move it to another file.",
        ),
    ],
)
def test_a_line_in_another_format_than_the_first_is_refused_with_both(first: Any, second: Any, message: str) -> None:
    _, mixed = entries(b"", first, second)
    assert (mixed.line, [(finding.field, finding.message) for finding in mixed.findings]) == (3, [(None, message)])
    assert faults(message.capitalize()) == []


def test_every_pair_of_formats_is_a_mix_in_either_order() -> None:
    preference = {
        "input": {"messages": GOOD["messages"][:1]},
        "preferred_output": [ANSWER],
        "non_preferred_output": [{**ANSWER, "content": "?"}],
    }
    rows = [GOOD, preference, CONVERSATION, PAIR, INSTRUCTION]
    mixes = [entries(first, second) for first in rows for second in rows if first is not second]
    assert all(own.example is not None and "a file has one format" in other.findings[0].message for own, other in mixes)


def test_an_extra_field_of_another_format_does_not_make_a_mix() -> None:
    row = {**PAIR, "instruction": "Q", "output": "A"}
    assert [each.changes for each in entries(row, row)] == [("unused:instruction", "unused:output")] * 2


def test_preference_pairs_are_refused_if_chats_are_needed() -> None:
    pair = {"input": {"messages": GOOD["messages"][:1]}, "preferred_output": [ANSWER], "non_preferred_output": [{**ANSWER, "content": "?"}]}
    assert (
        refuse(pair).message
        == "Line 1: the file has preference pairs, which only the method 'dpo' takes; use that method, or write chats with 'messages'."
    )


def test_a_line_of_no_format_is_told_which_there_are() -> None:
    [(field, message, code)] = problems({"prompt": "x"})
    assert (field, code) == ("messages", "invalid_value")
    assert message.startswith("'messages' is required: a list of messages with 'role' and 'content'. Other formats have 'prompt'")


def test_many_tiny_wrong_lines_are_counted_but_not_kept() -> None:
    assert refuse(b"{x\n" * 100_000).message.endswith("The file has 100000 wrong lines; these are the first 10.")


@pytest.mark.parametrize(
    "row",
    [
        b'{"messages": [' + b",".join([b"1"] * 1_000_000) + b"]}",
        b'{"messages": [' + b",".join([b"{}"] * 500_000) + b"]}",
        b"{" + b",".join(b'"k%d": 1' % number for number in range(300_000)) + b', "messages": []}',
        b'{"prompt": "Q", "completion": "A", ' + b",".join(b'"k%d": 1' % number for number in range(300_000)) + b"}",
        b"{" + b",".join(b'"k%d": 1' % number for number in range(300_000)) + b', "k299999": 1}',
    ],
    ids=["numbers", "objects", "keys", "unused", "repeated"],
)
def test_a_line_with_a_million_mistakes_has_a_few_findings_and_is_read_in_seconds(row: bytes) -> None:
    started = time.process_time()
    [entry] = entries(row)
    assert len(entry.findings) + len(entry.changes) in (1, MAX_FINDINGS)
    assert time.process_time() - started < 10

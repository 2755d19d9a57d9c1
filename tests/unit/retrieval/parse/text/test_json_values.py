import json

import pytest

from services.retrieval.parse import InvalidFile
from tests.unit.retrieval.parse.files import Read


def test_json_is_lines_with_paths_and_lists_of_records_are_tables(read: Read) -> None:
    nested = {"pump": {"name": "P-7", "parts": [{"no": 7, "tags": ["a", "b"]}], "on": None}}
    assert read("a.json", json.dumps(nested)).text == "pump.name: P-7\npump.parts[1].no: 7\npump.parts[1].tags: a, b\npump.on: null"
    assert read("a.json", '[{"a": 1}, {"a": 2, "b": "ü"}]').text == "| a | b |\n| --- | --- |\n| 1 |\n| 2 | ü |"
    assert read("a.jsonl", '{"a": 1}\n{"a": 2}\n').text == "a: 1\n\na: 2"
    assert read("a.json", '{"n": [0.10, 1E400, ' + "9" * 9000 + "]}").text == "n: 0.10, 1E400, " + "9" * 9000
    with pytest.raises(InvalidFile, match="line 2, column 7"):
        read("a.json", '{\n "a": }')
    with pytest.raises(InvalidFile, match="nested too deeply"):
        read("a.json", "[" * 100_000)


def test_lines_that_are_not_valid_are_named_and_the_others_are_read(read: Read) -> None:
    document = read("a.jsonl", '{"a": 1}\n\n{"a": 2\n{"a": "x\ty"}\r\n{"a": 3},\n{"b": 4}\n')
    assert document.text == "a: 1\n\nb: 4"
    assert document.problem == (
        "Line 3 is not valid JSON: a comma or a closing bracket is missing (column 8). "
        "Line 4 is not valid JSON: a string contains a line break or another control character; escape it, for example as \\n (column 9). "
        "Line 5 is not valid JSON: there is more text after the end of the value (column 9)."
    )


def test_a_line_that_is_nested_too_deeply_is_named_and_the_others_are_read(read: Read) -> None:
    for first in ('{"a": 1}\n', ""):
        document = read("a.jsonl", first + "[" * 100_000 + "]" * 100_000 + '\n{"a": 2}\n')
        number = 2 if first else 1
        assert document.problem == f"Line {number} is nested too deeply to be read."
        assert document.text == ("a: 1\n\na: 2" if first else "a: 2")


def test_only_the_first_ten_lines_that_are_not_valid_are_named(read: Read) -> None:
    problem = str(read("a.ndjson", "{}\n" * 3 + '{"a": 1}\n' + "no\n" * 30).problem)
    assert problem.count("is not valid JSON") == 10 and problem.endswith("20 more lines are not valid.")


def test_json_lines_are_recognized_in_a_json_file_and_a_json_value_in_a_file_of_json_lines(read: Read) -> None:
    assert read("a.json", '{"a": 1}\n{"a": 2}\n').text == "a: 1\n\na: 2"
    assert read("a.jsonl", '[\n{"a": 1},\n{"a": 2}\n]').text == "| a |\n| --- |\n| 1 |\n| 2 |"
    assert read("a.json", '{"a": 1}\n{"a": 2\n').problem is not None


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    ("content", "explanation"),
    [
        ("{'a': 1}", "a key or string is in single quotes; .*column 2"),
        ('{"a" 1}', "a colon is missing after a key .*column 6"),
        ('{"a": "x}', "a string is not closed with a double quote .*column 7"),
        ('{"a": "\\x"}', "a backslash does not begin a valid escape"),
        ("nothing", "a value is missing or is not valid"),
        ('{"a": 1,}', "double quotes is missing|comma before a closing bracket"),
    ],
)
def test_a_file_without_a_valid_value_fails_with_an_explanation(read: Read, name: str, content: str, explanation: str) -> None:
    with pytest.raises(InvalidFile, match=explanation):
        read(name, content)


def test_a_long_file_of_json_lines_is_read_line_by_line(read: Read) -> None:
    document = read("a.jsonl", '{"text": "' + "word " * 100_000 + '"}\n' + '{"a": [1, {"b": 2}]}\n' * 40_000)
    assert len(document.body) > 1_000_000
    assert document.body[-30:].endswith("a[1]: 1\na[2].b: 2")

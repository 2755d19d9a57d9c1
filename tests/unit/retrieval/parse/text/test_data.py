import json

import pytest

from services.retrieval.parse import InvalidFile, long_text
from tests.unit.retrieval.parse.files import Read


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_is_a_table_whatever_the_delimiter(read: Read, mark: str) -> None:
    rows = [["Part", "No."], ['"the, seal; new\nline"', "7"]]
    assert read("a.csv", "\n".join(mark.join(row) for row in rows)).text == "| Part | No. |\n| --- | --- |\n| the, seal; new line | 7 |"


def test_a_csv_file_may_declare_its_delimiter(read: Read) -> None:
    assert read("a.csv", "sep=,\na;b,c\n").text == "| a;b | c |\n| --- | --- |"


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


def test_a_csv_file_is_read_row_by_row(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "SLICE_LENGTH", 64)
    rows = "".join(f'{i};"the, seal;\n new {i}"\n;\n' for i in range(50))
    body = "\n".join(f"| {i} | the, seal; new {i} |" for i in range(50))
    text = read("a.csv", f"No.;Part\n{rows};;late".encode()).text
    assert text == f"| No. | Part |  |\n| --- | --- | --- |\n{body}\n|  |  | late |"


def test_a_field_that_is_too_long_is_named(read: Read) -> None:
    with pytest.raises(InvalidFile, match=r"more than 131072 characters.*end in .txt"):
        read("a.csv", "a,b\n" + "x" * 200_000)

import pytest

from services.retrieval.parse import InvalidFile, long_text
from tests.unit.retrieval.parse.files import Read


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_is_a_table_whatever_the_delimiter(read: Read, mark: str) -> None:
    rows = [["Part", "No."], ['"the, seal; new\nline"', "7"]]
    assert read("a.csv", "\n".join(mark.join(row) for row in rows)).text == "| Part | No. |\n| --- | --- |\n| the, seal; new line | 7 |"


def test_a_csv_file_may_declare_its_delimiter(read: Read) -> None:
    assert read("a.csv", "sep=,\na;b,c\n").text == "| a;b | c |\n| --- | --- |"


def test_a_csv_file_is_read_row_by_row(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_text, "SLICE_LENGTH", 64)
    rows = "".join(f'{i};"the, seal;\n new {i}"\n;\n' for i in range(50))
    body = "\n".join(f"| {i} | the, seal; new {i} |" for i in range(50))
    text = read("a.csv", f"No.;Part\n{rows};;late".encode()).text
    assert text == f"| No. | Part |  |\n| --- | --- | --- |\n{body}\n|  |  | late |"


def test_a_field_that_is_too_long_is_named(read: Read) -> None:
    with pytest.raises(InvalidFile, match=r"line 2 has more than 131072 characters.*extension to .txt"):
        read("a.csv", "a,b\n" + "x" * 200_000)


def test_the_line_with_a_quotation_mark_that_is_not_closed_is_named(read: Read) -> None:
    document = read("a.csv", 'a,b\n"one\ntwo",1\n\n"three,2\nfour,3\n')
    assert "four" in document.text
    assert document.note is not None and document.note.startswith("Line 5 has a quotation mark that is not closed")
    for closed in ('a,b\n"one\ntwo",1\n', 'a,b\n1,"2 "" 3"', 'sep=;\na;"b\nc"\n', ""):
        assert read("a.csv", closed + "\nx").note is None


def test_rows_of_different_lengths_are_read(read: Read) -> None:
    assert read("a.csv", "a,b\n1\n1,2,3\n,,\n,2").text == "| a | b |  |\n| --- | --- | --- |\n| 1 |\n| 1 | 2 | 3 |\n|  | 2 |"

from services.retrieval.parse.tables import table


def test_a_column_without_text_is_left_out_and_a_row_ends_with_its_last_text() -> None:
    rows = [["Part", "", "No.", "Remark", ""], ["Seal", " ", "7", "", "\n"], ["", "", "", "", ""], ["", "", "", "late|r", ""]]
    assert table(rows) == "| Part | No. | Remark |\n| --- | --- | --- |\n| Seal | 7 |\n|  |  | late\\|r |"


def test_a_table_without_text_is_empty() -> None:
    assert table([]) == table([[]]) == table([["", " "], ["\n"]]) == ""


def test_a_row_that_is_almost_empty_has_the_names_of_its_columns() -> None:
    names = [f"Name {number}" for number in range(100)]
    last = table([names, ["first", *[""] * 97, "before", "last"], ["full"] * 100]).split("\n")[2:]
    assert last == ["| Name 0: first | Name 98: before | Name 99: last |", "| " + " | ".join(["full"] * 100) + " |"]
    assert table([[*names, "", ""], [*[""] * 101, "unnamed"]]).endswith("\n| unnamed |")


def test_a_table_takes_little_more_than_its_text_however_its_cells_are_arranged() -> None:
    diagonal = [[""] * number + ["x"] for number in range(500)]
    assert len(table(diagonal)) < 10 * 500
    wide = [["x"] * 20_000]
    assert len(table(wide)) < 5 * 20_000

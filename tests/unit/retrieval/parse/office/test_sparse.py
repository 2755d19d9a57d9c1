from datetime import datetime
from pathlib import Path

import xlsxwriter

from tests.hostile import sheet
from tests.spreadsheets import make_ods, make_xlsx, ods_cell, ods_row
from tests.unit.retrieval.parse.files import Read


def test_cells_in_far_corners_take_no_more_space_than_adjacent_cells(read: Read, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    first, second = book.add_worksheet("Far"), book.add_worksheet("Near")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    first.write(0, 0, "first")
    first.write(1, 2, "below")
    first.write(500_000, 701, "middle")
    first.write_datetime(1_048_575, 16_383, datetime(2024, 5, 1), day)
    second.write_row(0, 0, ["Seal", 7])
    book.close()
    document = read("a.xlsx", (tmp_path / "book.xlsx").read_bytes())
    upper = "| first |  |\n| --- | --- |\n|  | below |"
    lower = "| middle |\n| --- |\n\n| 2024-05-01 |\n| --- |"
    assert document.text == f"Far\n\n{upper}\n\n{lower}\n\nNear\n\n| Seal | 7 |\n| --- | --- |"


EMPTY = '<table:table-cell table:number-columns-repeated="16383"/>'


def test_cells_in_far_corners_of_an_opendocument_sheet_take_no_more_space_than_adjacent_cells(read: Read) -> None:
    far = ods_row(ods_cell("first")) + ods_row(EMPTY, 1_048_570) + ods_row(EMPTY + ods_cell("last"))
    assert read("a.ods", make_ods(far)).text == "S\n\n| first |\n| --- |\n\n| last |\n| --- |"


def test_a_row_of_an_opendocument_sheet_that_is_repeated_a_million_times_is_read_a_few_times(read: Read) -> None:
    text = read("a.ods", make_ods(ods_row(ods_cell("word", 'table:number-columns-repeated="16384"'), 1_048_576))).text
    assert 10 < text.count("word") < 10_000


def test_a_merged_range_takes_no_more_space_than_its_text(read: Read) -> None:
    title = make_xlsx({(0, 0): "Title"}, ["A1:XFD1048576"])
    assert read("a.xlsx", title).text == "Sheet1\n\n| Title |\n| --- |"
    group = make_xlsx({(0, 0): "Group", **{(row, 1): f"part {row}" for row in range(3)}}, ["A1:A1048576", "B1:XFD1"])
    assert read("a.xlsx", group).text == "Sheet1\n\n| Group | part 0 |\n| --- | --- |\n| Group | part 1 |\n| Group | part 2 |"


def test_a_sheet_with_a_cell_in_each_row_and_column_takes_little_more_than_its_text(read: Read) -> None:
    text = read("a.xlsx", sheet({(number, number): "word" for number in range(1000)})).text
    assert text.count("word") == 1000 and len(text) < 20 * 1000

from datetime import datetime
from pathlib import Path

import xlsxwriter

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

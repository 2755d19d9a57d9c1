from datetime import datetime
from pathlib import Path

import xlsxwriter

from tests.unit.retrieval.parse.files import Read, headings_of


def test_each_visible_sheet_is_a_page_and_each_region_a_table(read: Read, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "book.xlsx"))
    first, second, hidden = (book.add_worksheet(name) for name in ("Parts", "Years", "Secret"))
    first.write_row(0, 0, ["Part", "No."])
    first.write_row(1, 0, ["Seal", 7])
    first.write_row(4, 3, ["Apart", 0.5])
    second.write_datetime(0, 0, datetime(2024, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    hidden.write(0, 0, "unseen")
    hidden.hide()
    book.close()
    document = read("a.xlsx", (tmp_path / "book.xlsx").read_bytes())
    table = "| Part | No. |\n| --- | --- |\n| Seal | 7 |"
    assert document.text == f"Parts\n\n{table}\n\n| Apart | 0.5 |\n| --- | --- |\n\nYears\n\n| 2024-05-01 |\n| --- |"
    assert headings_of(document) == [(1, "Parts"), (1, "Years")]
    assert document.page_at(document.text.index("2024")) == 2

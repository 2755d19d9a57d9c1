from pathlib import Path

import docx
import pptx
import pytest
import xlsxwriter
from pptx.util import Inches

from services.retrieval.parse.spans import Cell, expand_spans
from services.retrieval.parse.tables import sparse_table
from tests.unit.retrieval.parse.files import Read, make_odf

EXPECTED = "| Prices |  |  |\n| --- | --- | --- |\n| Seal | Seal | 7 |\n| of rubber | small | 1 |\n| of rubber | large | 2 |"
TEXTS = {(0, 0): "Prices", (1, 0): "Seal", (1, 2): "7", (2, 0): "of rubber", (2, 1): "small", (2, 2): "1", (3, 1): "large", (3, 2): "2"}


def test_a_cell_of_a_page_that_spans_positions_is_repeated(read: Read) -> None:
    page = "<table><tr><th colspan=3>Prices<tr><td colspan=2>Seal<td>7<tr><td rowspan=2>of rubber<td>small<td>1<tr><td>large<td>2</table>"
    assert read("a.html", page).text == EXPECTED


def test_a_cell_of_a_word_document_that_spans_positions_is_repeated(read: Read, tmp_path: Path) -> None:
    source = docx.Document()
    grid = source.add_table(4, 3)
    for (row, column), text in TEXTS.items():
        grid.cell(row, column).text = text
    grid.cell(0, 0).merge(grid.cell(0, 2))
    grid.cell(1, 0).merge(grid.cell(1, 1))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == EXPECTED


def test_a_cell_of_a_presentation_that_spans_positions_is_repeated(read: Read, tmp_path: Path) -> None:
    source = pptx.Presentation()
    slide = source.slides.add_slide(source.slide_layouts[6])
    grid = slide.shapes.add_table(4, 3, Inches(1), Inches(1), Inches(5), Inches(2)).table
    for (row, column), text in TEXTS.items():
        grid.cell(row, column).text = text
    grid.cell(0, 0).merge(grid.cell(0, 2))
    grid.cell(1, 0).merge(grid.cell(1, 1))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    source.save(str(tmp_path / "a.pptx"))
    assert read("a.pptx", (tmp_path / "a.pptx").read_bytes()).text == EXPECTED


def test_a_cell_of_a_workbook_that_spans_positions_is_repeated(read: Read, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("Parts")
        for (row, column), text in TEXTS.items():
            sheet.write(row + 5, column + 2, text)
        sheet.merge_range(5, 2, 5, 4, "Prices")
        sheet.merge_range(6, 2, 6, 3, "Seal")
        sheet.merge_range(7, 2, 8, 2, "of rubber")
    assert read("a.xlsx", (tmp_path / "a.xlsx").read_bytes()).text == f"Parts\n\n{EXPECTED}"


def test_a_cell_of_an_opendocument_file_that_spans_positions_is_repeated(read: Read) -> None:
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    rows = [
        cell.format('table:number-columns-spanned="3"', "Prices") + "<table:covered-table-cell/>" * 2,
        cell.format('table:number-columns-spanned="2"', "Seal") + "<table:covered-table-cell/>" + cell.format("", "7"),
        cell.format('table:number-rows-spanned="2"', "of rubber") + cell.format("", "small") + cell.format("", "1"),
        "<table:covered-table-cell/>" + cell.format("", "large") + cell.format("", "2"),
    ]
    table = "<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>"
    assert read("a.odt", make_odf("text", f"<office:text>{table}</office:text>")).text == EXPECTED


def test_columns_in_which_no_cell_begins_do_not_exist() -> None:
    rows = [[Cell("", 1_000_000), Cell("a", 1_000_000), Cell("b")], [Cell("", 1_000_000, 1_000_000), Cell("c", 1_000_000)], [Cell("d")]]
    assert sparse_table(expand_spans(rows)) == "| a | b |\n| --- | --- |\n| c |\n| d |"


def test_a_long_text_is_not_repeated() -> None:
    long = "word " * 50
    assert expand_spans([[Cell(long, 2, 2), Cell("a")], [Cell("b")], [Cell("c"), Cell("d")]])[1] == {2: "b"}


@pytest.mark.parametrize(
    "rows",
    [
        [[Cell("", 1_000_000)] * 1000 + [Cell("x")]],
        [[Cell("y" * 200, 1, 60_000)] * 200, *[[Cell("x")]] * 2000],
        [[Cell("y", 1000, 60_000), Cell("x")]] * 1000,
        [[Cell("", 1, 60_000), Cell("x", number)] for number in range(1000)],
        [[Cell("", 1, 2_000)] for _ in range(2000)],
    ],
)
def test_spans_cannot_make_a_table_much_larger_than_its_text(rows: list[list[Cell]]) -> None:
    characters = sum(len(cell.text) + 1 for row in rows for cell in row)
    assert len(sparse_table(expand_spans(rows))) < 10 * characters + 20_000

from pathlib import Path

import docx

from tests.unit.retrieval.parse.files import Read, make_odf


def test_a_cell_that_spans_positions_is_repeated_so_that_every_row_can_be_read_by_itself(read: Read, tmp_path: Path) -> None:
    expected = "| Prices |  |  |\n| --- | --- | --- |\n| Seal | Seal | 7 |\n| of rubber | small | 1 |\n| of rubber | large | 2 |"
    page = "<table><tr><th colspan=3>Prices<tr><td colspan=2>Seal<td>7<tr><td rowspan=2>of rubber<td>small<td>1<tr><td>large<td>2</table>"
    assert read("a.html", page).text == expected
    source = docx.Document()
    grid = source.add_table(4, 3)
    for (row, column), text in {(0, 0): "Prices", (1, 0): "Seal", (1, 2): "7", (2, 0): "of rubber", (2, 1): "small", (2, 2): "1"}.items():
        grid.cell(row, column).text = text
    grid.cell(3, 1).text, grid.cell(3, 2).text = "large", "2"
    grid.cell(0, 0).merge(grid.cell(0, 2))
    grid.cell(1, 0).merge(grid.cell(1, 1))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    source.save(str(tmp_path / "a.docx"))
    assert read("a.docx", (tmp_path / "a.docx").read_bytes()).text == expected
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    rows = [
        cell.format('table:number-columns-spanned="3"', "Prices") + "<table:covered-table-cell/>" * 2,
        cell.format('table:number-columns-spanned="2"', "Seal") + "<table:covered-table-cell/>" + cell.format("", "7"),
        cell.format('table:number-rows-spanned="2"', "of rubber") + cell.format("", "small") + cell.format("", "1"),
        "<table:covered-table-cell/>" + cell.format("", "large") + cell.format("", "2"),
    ]
    table = "<table:table>" + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + "</table:table>"
    assert read("a.odt", make_odf("text", f"<office:text>{table}</office:text>")).text == expected

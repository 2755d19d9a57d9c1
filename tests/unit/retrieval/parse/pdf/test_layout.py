"""Tables and columns in PDFs, as other programs write them."""

from collections.abc import Callable
from pathlib import Path

import fpdf
import pytest

from services.retrieval.parse import Document
from services.retrieval.parse.read import read_document

ROWS = [["Part", "No.", "Price"], ["Seal", "7", "0.50"], ["Valve", "12", "8.25"], ["Long spring", "3", "1.75"]]
TABLE = "| Part | No. | Price |\n| --- | --- | --- |\n| Seal | 7 | 0.50 |\n| Valve | 12 | 8.25 |\n| Long spring | 3 | 1.75 |"
PROSE = "The quick pump turns over the water again and again until it is quiet"

Draw = Callable[[fpdf.FPDF], None]


@pytest.fixture
def read_drawn(tmp_path: Path) -> Callable[[Draw], Document]:
    def draw_and_parse(draw: Draw) -> Document:
        pdf = fpdf.FPDF()
        pdf.set_font("Helvetica", size=10)
        pdf.add_page()
        draw(pdf)
        pdf.output(str(tmp_path / "file.pdf"))
        return read_document(tmp_path / "file.pdf", "file.pdf")

    return draw_and_parse


Read = Callable[[Draw], Document]


def draw_table(pdf: fpdf.FPDF, rows: list[list[str]] = ROWS, borders: str = "ALL") -> None:
    with pdf.table(borders_layout=borders, first_row_as_headings=False) as table:
        for row in rows:
            cells = table.row()
            for cell in row:
                cells.cell(cell)


@pytest.mark.parametrize("borders", ["ALL", "INTERNAL", "HORIZONTAL_LINES", "MINIMAL", "SINGLE_TOP_LINE", "NO_HORIZONTAL_LINES", "NONE"])
def test_a_table_is_a_markdown_table_whatever_lines_are_drawn(read_drawn: Read, borders: str) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        pdf.multi_cell(0, text="Before it.", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(10)
        draw_table(pdf, borders=borders)
        pdf.ln(10)
        pdf.multi_cell(0, text="After it.")

    assert read_drawn(draw).text == f"Before it.\n\n{TABLE}\n\nAfter it."


def test_a_damaged_page_is_a_note_and_the_others_are_read(read_drawn: Read, tmp_path: Path) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        pdf.write(text="One")
        pdf.add_page()
        pdf.write(text="Two")

    read_drawn(draw)
    whole = (tmp_path / "file.pdf").read_bytes()
    page = whole.rindex(b"/Type /Page\n")
    (tmp_path / "file.pdf").write_bytes(whole[:page] + b"/Type /Oops\n" + whole[page + 12 :])
    document = read_document(tmp_path / "file.pdf", "file.pdf")
    assert document.text == "One"
    assert document.note == "Page 2: damaged, not read."


def test_tables_of_several_pages_are_on_their_pages(read_drawn: Read) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        for number in range(1, 4):
            pdf.write(text=f"Page {number}")
            pdf.ln(10)
            draw_table(pdf, [["Name", "Value"], [f"n{number}", f"v{number}"], ["x", "y"]])
            if number < 3:
                pdf.add_page()

    document = read_drawn(draw)
    assert [document.page_at(document.text.index(f"| n{number} | v{number} |")) for number in (1, 2, 3)] == [1, 2, 3]
    assert document.text.count("| Name | Value |\n| --- | --- |\n") == 3


def test_a_cell_of_several_lines_is_one_cell_and_one_that_spans_a_row_is_in_the_first_column(read_drawn: Read) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        with pdf.table(first_row_as_headings=False, col_widths=(1, 1, 1)) as table:
            table.row().cell("Everything that is sold", colspan=3)
            for row in [["Seal", "7", "of rubber, which is changed every year and not later than in May"], ["Valve", "12", "of steel"]]:
                cells = table.row()
                for cell in row:
                    cells.cell(cell)

    long = "of rubber, which is changed every year and not later than in May"
    rows = ["| Everything that is sold |  |  |", "| --- | --- | --- |", f"| Seal | 7 | {long} |", "| Valve | 12 | of steel |"]
    assert read_drawn(draw).text == "\n".join(rows)


def test_a_cell_that_spans_rows_or_columns_is_repeated_in_each(read_drawn: Read) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        with pdf.table(first_row_as_headings=False) as table:
            top, middle, bottom = table.row(), table.row(), table.row()
            top.cell("Part")
            top.cell("Price", colspan=2)
            middle.cell("Seal", rowspan=2)
            for row, texts in ((middle, "ab"), (bottom, "cd")):
                for text in texts:
                    row.cell(text)

    assert read_drawn(draw).text == "| Part | Price | Price |\n| --- | --- | --- |\n| Seal | a | b |\n| Seal | c | d |"


def test_a_table_on_a_rotated_page_is_read_as_it_is_displayed(tmp_path: Path) -> None:
    pdf = fpdf.FPDF()
    pdf.set_font("Helvetica", size=10)
    pdf.add_page()
    with pdf.rotation(90, x=100, y=100):
        draw_table(pdf)
    level = bytes(pdf.output())
    rotated = level.replace(b"/Type /Page\n", b"/Type /Page /Rotate 90\n")
    assert rotated != level
    (tmp_path / "file.pdf").write_bytes(rotated)
    assert read_document(tmp_path / "file.pdf", "file.pdf").text == TABLE


def test_a_table_whose_text_comes_last_in_the_file_is_where_it_is_displayed(read_drawn: Read) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        pdf.text(15, 20, "Above the table.")
        pdf.text(15, 100, "Below the table.")
        pdf.set_xy(10, 30)
        draw_table(pdf)

    assert read_drawn(draw).text == f"Above the table.\n\n{TABLE}\n\nBelow the table."


def write_columns(pdf: fpdf.FPDF, xs: list[int], by_line: bool) -> None:
    """Write a title and thirty lines of prose in each column, line by line across the page or column after column."""
    pdf.text(xs[0], 15, "A title that goes over the whole width of the page, from the first of the columns to the last")
    cells = [(line, column) for line in range(30) for column in range(len(xs))]
    for line, column in cells if by_line else sorted(cells, key=lambda each: each[1]):
        pdf.text(xs[column], 25 + 5 * line, f"{'ABC'[column]}{line} {PROSE[: 25 + line % 5]}")


@pytest.mark.parametrize("xs", [[15, 110], [15, 78, 141]])
@pytest.mark.parametrize("by_line", [True, False])
def test_columns_are_read_one_after_the_other_whatever_order_they_are_written_in(read_drawn: Read, xs: list[int], by_line: bool) -> None:
    text = read_drawn(lambda pdf: write_columns(pdf, xs, by_line)).text
    expected = [f"{'ABC'[column]}{line}" for column in range(len(xs)) for line in range(30)]
    assert [line.split()[0] for line in text.splitlines()] == ["A", *expected]


def test_prose_between_lines_and_text_in_a_frame_are_no_tables(read_drawn: Read) -> None:
    def draw(pdf: fpdf.FPDF) -> None:
        for y in (20, 60, 250):
            pdf.line(10, y, 200, y)
        for line in range(8):
            pdf.text(15, 25 + 4 * line, f"F{line} {PROSE}")
        write_columns(pdf, [15, 110], by_line=True)
        pdf.rect(10, 260, 100, 20)
        pdf.text(15, 270, "In a frame")

    assert "|" not in read_drawn(draw).text

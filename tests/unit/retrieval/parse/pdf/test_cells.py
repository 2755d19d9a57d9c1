from services.retrieval.parse.pdf.cells import read_table
from services.retrieval.parse.pdf.grid import Grid
from services.retrieval.parse.pdf.page import Box, Line, Word


def test_columns_of_a_right_to_left_script_are_reversed() -> None:
    def word(text: str, x: float, y: float) -> Word:
        return Word(" ", text, Box(x, y, x + 20, y + 8))

    words = [word("20300", 10, 30), word("شماره", 60, 30), word("7", 10, 10), word("نام", 60, 10)]
    across, down = (Line(25, 0, 100),), (Line(50, 0, 50),)
    assert read_table(Grid((0, 50, 100), (50, 25, 0), across, down), words) == [["شماره", "20300"], ["نام", "7"]]

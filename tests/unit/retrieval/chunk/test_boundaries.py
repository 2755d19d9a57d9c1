import pytest

from services.retrieval.parse import Heading
from tests.unit.retrieval.chunk.chunking import cut

TABLE = "| part | price |\n| --- | --- |\n" + "\n".join(f"| bolt {i} | {i} |" for i in range(6))


CODE = "```sh\n# not a heading\n\nmake all\n\nmake test\n```"


@pytest.mark.parametrize("overlap", [0, 30])
@pytest.mark.parametrize("before", range(0, 60, 7))
def test_tables_and_code_that_fit_stay_whole(before: int, overlap: int) -> None:
    text = f"{'one two three. ' * before}\n\n{TABLE}\n\nA note. Another.\n\n{CODE}\n\n{'four five. ' * 30}"
    chunks = cut(text, "markdown", max_chunk_size_tokens=80, chunk_overlap_tokens=overlap)
    for whole in (TABLE, CODE):
        assert any(whole in each.text for each in chunks)


def test_a_long_table_is_cut_between_rows() -> None:
    rows = "\n".join(f"| cell {i} | value. And more {i} |" for i in range(50))
    for each in cut(rows, "markdown", max_chunk_size_tokens=40, chunk_overlap_tokens=0):
        assert all(line.startswith("|") and line.endswith("|") for line in each.text.split("\n"))


def test_markdown_is_cut_before_headings_and_no_heading_is_left_alone() -> None:
    text = "# Guide\n\n## One\n\n" + "first part. " * 20 + "\n\n## Two\n\n" + "second part. " * 20
    headings = (Heading(0, 1, "Guide"), Heading(text.index("## One"), 2, "One"), Heading(text.index("## Two"), 2, "Two"))
    chunks = cut(text, "markdown", headings, max_chunk_size_tokens=80, chunk_overlap_tokens=20)
    assert [each.text.split("\n")[0] for each in chunks] == ["# Guide", "## Two"]
    assert [each.heading_path for each in chunks] == [["Guide"], ["Guide", "Two"]]


def test_headings_without_markup_in_the_text_count_too() -> None:
    text = "One\n\n" + "first part. " * 20 + "\n\nTwo\n\n" + "second part. " * 20
    headings = (Heading(0, 1, "One"), Heading(text.index("Two"), 1, "Two"))
    assert [each.text[:3] for each in cut(text, "markdown", headings, max_chunk_size_tokens=90, chunk_overlap_tokens=0)] == ["One", "Two"]

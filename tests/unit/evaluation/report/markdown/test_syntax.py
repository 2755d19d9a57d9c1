"""Escaped text shows as it is, whatever it has."""

import re

import pytest
from markdown_it import MarkdownIt

from services.evaluation.report.markdown.syntax import escape, write_table


def show(markdown: str) -> str:
    """Return the text that a reader sees, or the HTML if anything was read as markup."""
    html = MarkdownIt("gfm-like", {"linkify": False}).render(markdown).strip()
    match = re.fullmatch(r"<p>([^<]*)</p>", html)
    assert match, html
    return match[1].replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "*bold* _italic_ ~~struck~~ `code`",
        "# heading",
        "- item",
        "+ item",
        "1. item",
        "12) item",
        "> quote",
        "<script>alert(1)</script> <!-- x -->",
        "[link](https://example.com) ![image](x)",
        "a | b",
        "&lt; &amp; &",
        "6.5 Nm",
        "---",
        "===",
        "C:\\path \\* $x$",
        "القاهرة ✓",
    ],
)
def test_text_shows_as_it_is(text: str) -> None:
    assert show(escape(text)) == text


def test_lines_become_one() -> None:
    assert escape("one\n\n# two\r\n| three |\0") == "one \\# two \\| three \\|\N{REPLACEMENT CHARACTER}"


def test_a_table_has_a_column_for_each_cell_even_if_a_cell_has_a_bar() -> None:
    html = MarkdownIt("gfm-like", {"linkify": False}).render(write_table(["Arm", "F1"], [[escape("a|b"), "0.5"]]))
    assert html.count("<td") == 2
    assert "a|b" in html

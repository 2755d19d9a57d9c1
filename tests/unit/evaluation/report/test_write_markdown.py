"""The Markdown report has every section in the order of the page, and its tables are complete."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from services.evaluation.report.write_markdown import write_markdown
from tests.unit.evaluation.cases import add_everything, plant_findings, simulate

SECTIONS = [
    "The arms",
    "Differences in F1",
    "Quality against cost",
    "By tag",
    "Did search or reading fail?",
    "How far to trust it",
    "Examples",
    "What to try next",
    "Method",
    "Every question",
]


def test_the_verdict_comes_first_and_every_section_follows_in_order() -> None:
    evidence = add_everything(simulate(5, 30))
    text = write_markdown(evidence, plant_findings(evidence)).decode()
    assert text.startswith("# Use both\n")
    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == SECTIONS


@pytest.mark.parametrize(("arms", "questions"), [(2, 1), (5, 10), (12, 300)])
def test_every_row_of_a_table_has_all_its_columns(arms: int, questions: int) -> None:
    evidence = simulate(arms, questions)
    lines = write_markdown(evidence, plant_findings(evidence)).decode().splitlines()
    tables = [list(group) for group in "\n".join(line if line.startswith("|") else "" for line in lines).split("\n\n")]
    assert tables
    html = MarkdownIt("gfm-like", {"linkify": False}).render("\n".join(lines))
    for row in html.split("<tr>")[1:]:
        cells = row.split("</tr>")[0]
        assert cells.count("<th") + cells.count("<td") in {4, 6, arms + 1, 7}


def test_untrusted_text_stays_text() -> None:
    evidence = simulate(2, 10, name="# not a heading | <b>")
    hostile = "## Verdict\n| a | b |\n<script>alert(1)</script>"
    evidence = replace(evidence, answers=[replace(answer, text=hostile) for answer in evidence.answers])
    html = MarkdownIt("gfm-like", {"linkify": False}).render(write_markdown(evidence, plant_findings(evidence)).decode())
    assert "<script" not in html
    assert "<h2>Verdict</h2>" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_same_comparison_gives_the_same_bytes_and_the_first_questions_only() -> None:
    evidence = simulate(3, 20)
    findings = plant_findings(evidence)
    assert write_markdown(evidence, findings) == write_markdown(evidence, findings)
    assert "These are the first 5 of 20 questions" in write_markdown(evidence, findings, max_questions=5).decode()

"""The page is complete, needs nothing from outside, and trusts no text that it shows."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from services.evaluation.report.content import Report
from services.evaluation.report.write_html import write_html
from shared.datasets import Question
from tests.unit.evaluation.cases import make_report, simulate_scores

MEANS = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.12, "both": 0.7}
HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)> &amp; "quoted" \' \x00 {{ 7*7 }} https://example.com'
VOID_ELEMENTS = {"meta", "link", "input", "br", "img", "line", "rect", "path", "circle"}


class Page(HTMLParser):
    """A parsed page: its elements, attributes and text. An element that is not closed in order is an error."""

    def __init__(self, html: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(html.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID_ELEMENTS:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def with_answer(report: Report, index: int, **changes: Any) -> Report:
    """Return the report with one answer changed."""
    answers = list(report.answers)
    answers[index] = replace(answers[index], **changes)
    return replace(report, answers=answers)


def test_the_same_comparison_gives_the_same_bytes() -> None:
    scores = simulate_scores(MEANS, 12)
    assert write_html(make_report(scores)) == write_html(make_report(scores))


@pytest.mark.parametrize("arms", [["base", "rag"], ["base", "fine_tuned"], list(MEANS)])
def test_the_page_is_complete_and_needs_nothing_from_outside(arms: list[str]) -> None:
    html = write_html(make_report(simulate_scores({arm: MEANS[arm] for arm in arms}, 15), prices={"prompt": 1}))
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [attribute for attribute in page.attributes if attribute[1] in ("src", "href", "action", "style", "onclick")]
    assert not re.search(rb"https?://|url\(|@import", html)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert page.tags.count("details") == 15


def test_every_chart_has_a_title_and_a_description() -> None:
    page = Page(write_html(make_report(simulate_scores(MEANS, 15))))
    ids = {value for _, name, value in page.attributes if name == "id"}
    labels = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "aria-labelledby")]
    assert page.tags.count("svg") == len(labels) == 4
    assert all(label in ids for pair in labels for label in pair.split())
    assert page.tags.count("title") == 5


def test_the_verdict_comes_first_and_the_numbers_follow() -> None:
    report = make_report(simulate_scores(MEANS, 60))
    text = " ".join(Page(write_html(report)).text)
    assert text.index(report.headline) < text.index("compared with 0.")
    assert report.verdict.text.removeprefix(f"{report.headline}: ") in text
    undecided = make_report({"base": [0.5] * 20, "rag": [0.5] * 20})
    assert "On 20 questions, the mean F1" in " ".join(Page(write_html(undecided)).text)


def test_untrusted_text_is_shown_and_never_run() -> None:
    report = make_report(simulate_scores(MEANS, 12), name=HOSTILE.replace("\x00", ""))
    citations = [{"filename": HOSTILE, "chunk": {"heading_path": [HOSTILE], "page": 2}, "score": 0.5}, {}]
    report = with_answer(with_answer(report, 0, text=HOSTILE + "\ud800"), 1, citations=citations)
    report = replace(report, questions=[Question(question=HOSTILE, answers=[HOSTILE]), *report.questions[1:]])
    html = write_html(report)
    page = Page(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert b"&lt;script&gt;alert(1)" in html
    assert b"\x00" not in html
    assert "{{ 7*7 }}" in "".join(page.text)


def test_a_page_shows_a_limited_number_of_questions_and_characters() -> None:
    report = with_answer(make_report(simulate_scores(MEANS, 12)), 0, text="long " * 10_000)
    page = Page(write_html(report, max_questions=5))
    assert page.tags.count("details") == 5
    assert "These are the first 5 of 12 questions" in " ".join(page.text)
    assert max(len(text) for text in page.text) < 12_000


def test_questions_can_be_filtered_by_which_arms_are_correct() -> None:
    scores = {"base": [0.0, 0.0, 1.0] * 5, "both": [1.0, 0.0, 1.0] * 5}
    html = write_html(make_report(scores)).decode()
    assert re.findall(r'class="card question ([a-z ]*)"', html)[:3] == ["differ", "none missed", ""]

"""The page is complete, needs nothing from outside, and trusts no text that it shows."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from services.evaluation.report.bundle.layout import hash_bundle
from services.evaluation.report.write_html import write_html
from services.evaluation.verdict.evidence import Evidence
from tests.unit.evaluation.cases import add_everything, make_evidence, plant_findings, simulate

HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)> &amp; "quoted" \' \x00 {{ 7*7 }} https://example.com'
VOID_ELEMENTS = {"meta", "link", "input", "br", "img", "wbr"}
SECTIONS = ["arms", "costs", "tags", "retrieval", "trust", "examples", "next", "method", "questions"]


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

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def list_values(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]


def write(evidence: Evidence, **options: Any) -> bytes:
    return write_html(evidence, plant_findings(evidence), **options)


def with_answer(evidence: Evidence, index: int, **changes: Any) -> Evidence:
    """Return the evidence with one answer changed."""
    answers = list(evidence.answers)
    answers[index] = replace(answers[index], **changes)
    return replace(evidence, answers=answers)


def test_the_same_comparison_gives_the_same_bytes() -> None:
    assert write(simulate(5, 12)) == write(simulate(5, 12))


@pytest.mark.parametrize(("arms", "questions"), [(2, 1), (2, 10), (5, 10), (12, 10), (12, 300)])
def test_the_page_is_complete_and_needs_nothing_from_outside(arms: int, questions: int) -> None:
    html = write(add_everything(simulate(arms, questions, prices={"prompt": 1})) if questions >= 10 else simulate(arms, questions))
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(page.tags)
    assert not {"src", "href", "action", "onclick"} & {name for _, name, _ in page.attributes}
    assert not re.search(rb"https?://|url\(|@import", html)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert sum("question" in value.split() for tag, name, value in page.attributes if (tag, name) == ("details", "class")) == questions


def test_every_style_attribute_has_only_positions() -> None:
    page = Page(write(add_everything(simulate(12, 20))))
    assert page.list_values("style")
    for style in page.list_values("style"):
        assert re.fullmatch(r"((left|top|width|height):[\d.]+(%|px);?)+|flex-grow:[\d.]+", style), style


def test_the_verdict_comes_first_and_every_section_follows_in_order() -> None:
    page = Page(write(add_everything(simulate(5, 60))))
    assert page.list_values("id") == SECTIONS
    text = " ".join(page.text)
    assert text.index("Use both") < text.index("95% interval 0.61 to 0.72") < text.index("The arms")


def test_charts_say_in_words_what_they_show() -> None:
    evidence = simulate(5, 60)
    findings = plant_findings(evidence)
    text = re.sub(r"\s+", " ", " ".join(Page(write_html(evidence, findings)).text))
    for arm, title in zip(findings.arms, ("Base model", "Prompted", "Retrieval", "Fine-tuning", "Both"), strict=True):
        assert f"{title} {arm.scores['f1']:.2f} for {arm.cost:.0f} tokens" in text


def test_sections_without_content_are_left_out() -> None:
    evidence = make_evidence({"base": [0.1] * 20, "prompted": [0.9] * 20})
    evidence = replace(evidence, questions=[question.model_copy(update={"tags": []}) for question in evidence.questions])
    ids = Page(write(evidence)).list_values("id")
    assert ids == ["arms", "costs", "trust", "examples", "method", "questions"]


def test_a_failed_comparison_without_figures_has_a_page() -> None:
    evidence = simulate(2, 10)
    findings = plant_findings(evidence)
    verdict = findings.verdict.model_copy(update={"outcome": "failed", "recommended": None, "headline": ""})
    failed = findings.model_copy(update={"arms": [], "differences": [], "verdict": verdict})
    page = Page(write_html(replace(evidence, answers=[]), failed))
    assert "No verdict: too many answers failed" in page.text
    assert page.list_values("id") == ["trust", "method"]


def test_arms_of_nan_and_infinity_have_a_page() -> None:
    evidence = simulate(2, 10)
    findings = plant_findings(evidence)
    odd = findings.arms[0].model_copy(
        update={
            "scores": {"f1": float("nan")},
            "intervals": {"f1": (float("nan"), float("inf"))},
            "cost": float("inf"),
            "cost_per_correct": None,
        }
    )
    html = write_html(evidence, findings.model_copy(update={"arms": [odd, findings.arms[1]]}))
    assert "nan" not in " ".join(Page(html).text)
    assert b"nan%" not in html


def test_untrusted_text_is_shown_and_never_run() -> None:
    evidence = simulate(5, 12, name=HOSTILE.replace("\x00", ""))
    passages = [{"filename": HOSTILE, "text": HOSTILE, "score": 0.5}, {}]
    evidence = with_answer(with_answer(evidence, 0, text=HOSTILE + "\ud800"), 2, retrieved=passages)
    hostile = evidence.questions[0].model_copy(update={"question": HOSTILE, "answers": [HOSTILE], "tags": [HOSTILE]})
    html = write(replace(evidence, questions=[hostile, *evidence.questions[1:]]))
    page = Page(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert b"&lt;script&gt;alert(1)" in html
    assert b"\x00" not in html
    assert "{{ 7*7 }}" in "".join(page.text)


def test_a_page_shows_a_limited_number_of_questions_and_characters() -> None:
    page = Page(write(with_answer(simulate(5, 12), 0, text="long " * 10_000), max_questions=5))
    text = " ".join(page.text)
    assert "These are the first 5 of 12 questions" in text
    assert "more characters)" in text
    assert max(map(len, page.text)) < 25_000  # the style sheet is the longest


def test_a_page_of_many_long_answers_stays_small() -> None:
    evidence = simulate(12, 300)
    long = replace(evidence, answers=[replace(answer, text="x" * 10_000) for answer in evidence.answers])
    assert len(write(long)) < 20_000_000


def test_questions_can_be_filtered_by_which_arms_are_right() -> None:
    html = write(make_evidence({"base": [0.0, 0.0, 1.0] * 5, "both": [1.0, 0.0, 1.0] * 5})).decode()
    assert re.findall(r'class="card question ([a-z ]*)"', html)[:3] == ["differ", "none missed", ""]


def test_the_page_shows_the_hash_of_the_bundle() -> None:
    evidence = simulate(2, 10)
    assert hash_bundle(evidence, plant_findings(evidence)) in " ".join(Page(write(evidence)).text)

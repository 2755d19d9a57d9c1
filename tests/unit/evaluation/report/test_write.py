"""The report holds everything, needs nothing else, and trusts no text it shows."""

import json
import re
from html.parser import HTMLParser

import pytest

from services.evaluation.report import write as reports
from services.evaluation.report.write import write_html, write_json
from shared.contracts.comparisons import ComparisonResult
from tests.unit.evaluation.cases import draw_scores, make_report

MEANS = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.12, "both": 0.7}
NASTY = '<script>alert(1)</script><img src=x onerror=alert(2)> &amp; "quoted" \' \x00 {{ 7*7 }} https://example.com'
WITHOUT_END = {"meta", "link", "input", "br", "img", "line", "rect", "path", "circle"}


class Page(HTMLParser):
    """Reads a page: its elements, attributes and text; whatever is not closed in order is an error."""

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
        if tag not in WITHOUT_END:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_json_has_every_answer_with_scores_citations_settings_and_versions() -> None:
    report = make_report(draw_scores(MEANS, 12), seed=5, name="mine")
    report.answers[3].citations = [{"filename": "a.md", "text": "a passage"}]
    document = json.loads(write_json(report))
    assert (document["comparison"], document["name"], document["settings"]["seed"]) == ("cmp_abc", "mine", 5)
    assert document["headline"] == "Use both retrieval and fine-tuning"
    assert len(document["questions"]) == 12
    first = document["questions"][0]
    assert (first["number"], first["question"], first["answers"]) == (1, "What is 0?", ["answer 0"])
    assert set(first["arms"]) == set(MEANS)
    assert first["arms"]["both"]["citations"] == [{"filename": "a.md", "text": "a passage"}]
    assert set(first["arms"]["base"]["scores"]) == {"exact_match", "f1"}
    assert (document["settings"]["concurrency"], document["settings"]["resamples"]) == (8, 10_000)
    assert {"python", "numpy"} <= set(document["versions"])


def test_the_result_names_the_two_files_and_fits_the_contract() -> None:
    result = make_report(draw_scores(MEANS, 12)).result("file-j", "file-h")
    assert ComparisonResult.model_validate(result.model_dump(mode="json")) == result
    assert (result.questions, result.report_json, result.report_html) == (12, "file-j", "file-h")


def test_the_same_comparison_gives_the_same_bytes() -> None:
    scores = draw_scores(MEANS, 12)
    assert write_json(make_report(scores)) == write_json(make_report(scores))
    assert write_html(make_report(scores)) == write_html(make_report(scores))


@pytest.mark.parametrize("arms", [["base", "rag"], ["base", "fine_tuned"], list(MEANS)])
def test_the_page_is_whole_and_needs_nothing_from_outside(arms: list[str]) -> None:
    html = write_html(make_report(draw_scores({arm: MEANS[arm] for arm in arms}, 15), prices={"prompt": 1}))
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [attribute for attribute in page.attributes if attribute[1] in ("src", "href", "action", "style", "onclick")]
    assert not re.search(rb"https?://|url\(|@import", html)
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert page.tags.count("details") == 15


def test_every_chart_has_a_title_and_says_in_words_what_it_shows() -> None:
    page = Page(write_html(make_report(draw_scores(MEANS, 15))))
    ids = {value for _, name, value in page.attributes if name == "id"}
    labels = [value for tag, name, value in page.attributes if (tag, name) == ("svg", "aria-labelledby")]
    assert page.tags.count("svg") == len(labels) == 4
    assert all(label in ids for pair in labels for label in pair.split())
    assert page.tags.count("title") == 5


def test_the_verdict_stands_first_and_the_numbers_follow() -> None:
    report = make_report(draw_scores(MEANS, 60))
    text = " ".join(Page(write_html(report)).text)
    assert text.index(report.headline) < text.index("against 0.")
    assert report.verdict.text.removeprefix(f"{report.headline}: ") in text
    open_ended = make_report({"base": [0.5] * 20, "rag": [0.5] * 20})
    assert "On 20 questions the mean F1" in " ".join(Page(write_html(open_ended)).text)


def test_text_that_nobody_vouches_for_is_shown_and_never_run() -> None:
    report = make_report(draw_scores(MEANS, 12), name=NASTY.replace("\x00", ""))
    report.questions[0].question = NASTY
    report.questions[0].answers = [NASTY]
    report.answers[0].text = NASTY + "\ud800"
    report.answers[1].citations = [{"filename": NASTY, "chunk": {"heading_path": [NASTY], "page": 2}, "score": 0.5}, {}]
    html = write_html(report)
    page = Page(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert b"&lt;script&gt;alert(1)" in html
    assert b"\x00" not in html
    assert "{{ 7*7 }}" in "".join(page.text)
    assert json.loads(write_json(report))["questions"][0]["arms"]["base"]["text"].startswith("<script>")


def test_a_page_of_very_many_questions_stays_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "MOST_QUESTIONS", 5)
    report = make_report(draw_scores(MEANS, 12))
    report.answers[0].text = "long " * 10_000
    page = Page(write_html(report))
    assert page.tags.count("details") == 5
    assert "The first 5 questions of 12" in " ".join(page.text)
    assert max(len(text) for text in page.text) < 12_000


def test_questions_can_be_filtered_by_how_the_arms_did() -> None:
    scores = {"base": [0.0, 0.0, 1.0] * 5, "both": [1.0, 0.0, 1.0] * 5}
    html = write_html(make_report(scores)).decode()
    assert re.findall(r'class="card question ([a-z ]*)"', html)[:3] == ["differ", "none missed", ""]

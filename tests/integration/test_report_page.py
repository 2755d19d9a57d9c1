"""The report in a real browser, on every width and in every form: nothing is cut, covered, too small or hard to read.

Needs Debian's `chromium` (or one that TANDEM_TEST_CHROMIUM names). TANDEM_TEST_SCREENSHOTS names a folder that keeps the pictures.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.evaluation.report.write_html import write_html
from services.evaluation.verdict.evidence import Evidence
from tests.unit.evaluation.cases import add_everything, plant_findings, simulate

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]")
CHROMIUM = os.environ.get("TANDEM_TEST_CHROMIUM") or shutil.which("chromium")
LAYOUT = (Path(__file__).parent / "page_layout.js").read_text(encoding="utf-8")
WIDTHS = (1280, 900, 768, 390, 320)
PICTURED = (1280, 768, 390)
SCHEMES = ("light", "dark")
PAPER = 703  # the width of A4 without its margins, in CSS pixels
COLORS_ON_PAPER = """[...new Set([...document.querySelectorAll('.chip, .dot, .whisker, .point, .split span')]
    .map(element => getComputedStyle(element).printColorAdjust))]"""
OPEN_ALL = "document.querySelectorAll('details').forEach(details => { details.open = true })"
LONG = "https://example.com/" + "a-very-long-path-without-a-space" * 40
HOSTILE = "<h1 style='font-size:1px'>SHOUT</h1><script>document.title = 'run'</script>" + LONG
ARABIC = "ما عزم الدوران الذي تحتاجه المضخة رقم سبعة عند درجة حرارة منخفضة؟ " * 4

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("TANDEM_TEST_SCREENSHOTS") or tmp_path / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_difficult(evidence: Evidence) -> Evidence:
    """Return the evidence with texts that break pages: right to left, HTML, 10,000 characters, a word that does not end."""
    texts = [HOSTILE, ARABIC, "word " * 2000, "x" * 10_000, ""]
    answers = [replace(answer, text=texts[number % len(texts)]) for number, answer in enumerate(evidence.answers)]
    questions = [
        question.model_copy(update={"question": texts[number % 4][:2000], "answers": [texts[(number + 1) % 4][:800]], "tags": ["t" * 60]})
        for number, question in enumerate(evidence.questions)
    ]
    return replace(evidence, questions=questions, answers=answers)


CASES = {
    "two-arms": simulate(2, 12),
    "five-arms": add_everything(simulate(5, 40, name="Pump handbook, week 48")),
    "twelve-arms": add_everything(simulate(12, 12, prices={"prompt": 0.2, "completion": 0.8})),
    "one-question": simulate(5, 1),
    "difficult-texts": make_difficult(add_everything(simulate(12, 10, name=f"{ARABIC} {LONG}"[:256]))),
}


def open_page(browser: Any, evidence: Evidence, folder: Path, width: int) -> Any:
    """Return a tab of this width with the report, which must not load anything else or report an error."""
    path = folder / "report.html"
    path.write_bytes(write_html(evidence, plant_findings(evidence)))
    page = browser.new_page(viewport={"width": width, "height": 900})
    loaded: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    page.goto(path.as_uri())
    assert loaded == [path.as_uri()]
    assert errors == []
    return page


def find_problems(page: Any) -> list[str]:
    found = page.evaluate(LAYOUT)
    assert found["texts"] > 100  # the script has seen the page
    return list(found["problems"])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CASES)
def test_nothing_is_cut_covered_too_small_or_hard_to_read(browser: Any, tmp_path: Path, screenshots: Path, name: str, width: int) -> None:
    page = open_page(browser, CASES[name], tmp_path, width)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert find_problems(page) == []
        if width in PICTURED:
            page.screenshot(path=screenshots / f"{name}-{width}-{scheme}.jpg", full_page=True, type="jpeg", quality=80)
    page.evaluate(OPEN_ALL)
    assert find_problems(page) == []
    page.close()


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_cut_on_paper(browser: Any, tmp_path: Path, screenshots: Path, name: str) -> None:
    page = open_page(browser, CASES[name], tmp_path, PAPER)
    page.emulate_media(media="print", color_scheme="dark")
    assert find_problems(page) == []
    assert page.evaluate(COLORS_ON_PAPER) == ["exact"]
    page.screenshot(path=screenshots / f"{name}-print.jpg", full_page=True, type="jpeg", quality=80)
    pdf = page.pdf(path=screenshots / f"{name}.pdf", format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "12mm"))
    assert pdf.startswith(b"%PDF")
    page.close()


def test_the_filters_select_questions_without_a_script(browser: Any, tmp_path: Path) -> None:
    page = open_page(browser, CASES["five-arms"], tmp_path, 1280)
    shown = "[...document.querySelectorAll('.question')].filter(question => question.checkVisibility()).length"
    assert page.evaluate(shown) == 40
    page.check("input[value=differ]", force=True)
    assert 0 < page.evaluate(shown) < 40
    assert page.title() != "run"
    page.close()


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<p style='font-size:10px'>small</p>", '"small" has 10 px'),
        ("<p style='color:#999'>pale</p>", '"pale" has a contrast of 2.85'),
        ("<p>under</p><p style='position:absolute;top:0;margin-top:16px'>over</p>", '"under" and "over" overlap'),
        ("<p style='width:30px;overflow:hidden'>unbreakable</p>", '"unbreakable" is cut by the box around it'),
        ("<p style='position:absolute;left:-20px'>outside</p>", '"outside" reaches from -20'),
        ("<svg width='100' viewBox='0 0 200 20'><text y='15' font-size='16'>scaled</text></svg>", '"scaled" has 8 px'),
    ],
)
def test_the_check_finds_a_planted_problem(browser: Any, html: str, problem: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.set_content(f"<!doctype html><body style='background:#fff'>{html}")
    assert any(found.startswith(problem) for found in page.evaluate(LAYOUT)["problems"]), page.evaluate(LAYOUT)["problems"]
    page.close()

"""The loss curve in a real browser: its plot fills the width, and no text is cut, in light and in dark.

Needs Debian's `chromium` (or one that TANDEM_TEST_CHROMIUM names).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.generation.jobs.curve.draw import draw_curve
from services.generation.jobs.curve.read_curve import Curve, Point

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]")
CHROMIUM = os.environ.get("TANDEM_TEST_CHROMIUM") or shutil.which("chromium")
WIDTHS = (320, 599, 600, 999, 1000, 1280)
CURVE = Curve(
    job_id="ftjob-7e3a1c5d9b20AbCdEfGhIjKl",
    model="tiny",
    status="running",
    has_ended=False,
    step=90_000,
    total_steps=100_000,
    training=[Point(step, 1e5 / step) for step in range(500, 90_001, 500)],
    validation=[Point(45_000, 3.0), Point(90_000, 2.0)],
)
# The boxes of what is shown, in CSS pixels: [left, right, top, bottom].
TEXTS = """[...document.querySelectorAll('text')].filter(text => text.getClientRects().length).map(text => {
    const box = text.getBoundingClientRect(); return [box.left, box.right, box.top, box.bottom] })"""
LINES = """[...document.querySelectorAll('polyline')].filter(line => line.getClientRects().length).map(line => {
    const box = line.getBoundingClientRect(); return box.width })"""
BACKGROUND = "getComputedStyle(document.querySelector('.page')).fill"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


def open_curve(browser: Any, folder: Path, width: int, scheme: str = "light") -> Any:
    path = folder / "curve.svg"
    path.write_text(draw_curve(CURVE), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 440}, color_scheme=scheme)
    page.goto(path.as_uri())
    return page


def overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] + 2 < other[3] and other[2] + 2 < one[3]


@pytest.mark.parametrize("width", WIDTHS)
def test_at_every_width_one_plot_is_shown_and_no_text_is_cut_or_covered(browser: Any, tmp_path: Path, width: int) -> None:
    page = open_curve(browser, tmp_path, width)
    texts = page.evaluate(TEXTS)
    assert all(0 <= left < right <= width and 0 <= top < bottom <= 440 for left, right, top, bottom in texts)
    assert not any(overlap(one, other) for index, one in enumerate(texts) for other in texts[index + 1 :])
    lines = page.evaluate(LINES)
    assert len(lines) == 2
    assert max(lines) > 0.6 * width


def test_the_colors_follow_the_scheme_of_the_reader(browser: Any, tmp_path: Path) -> None:
    colors = {scheme: open_curve(browser, tmp_path, 390, scheme).evaluate(BACKGROUND) for scheme in ("light", "dark")}
    assert colors == {"light": "rgb(255, 255, 255)", "dark": "rgb(25, 28, 32)"}

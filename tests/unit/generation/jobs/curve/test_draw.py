"""The picture of a curve says everything in text, escapes all of it, and keeps every mark inside the plot."""

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from services.generation.jobs.curve.draw import draw_curve, fit_steps, format_loss, lay_out
from services.generation.jobs.curve.read_curve import Curve, Point

SVG = "{http://www.w3.org/2000/svg}"
CURVE = Curve(
    job_id="ftjob-1",
    model="tiny",
    status="running",
    has_ended=False,
    step=24,
    total_steps=40,
    training=[Point(step, 2 - step / 20) for step in range(1, 25)],
    validation=[Point(10, 1.6), Point(20, 1.2)],
)
EMPTY = replace(CURVE, status="queued", step=0, total_steps=0, training=[], validation=[])


def parse(curve: Curve) -> ElementTree.Element:
    return ElementTree.fromstring(draw_curve(curve))


def texts(curve: Curve) -> list[str]:
    return [element.text or "" for element in parse(curve).iter(f"{SVG}text")]


def describe(curve: Curve) -> str:
    return parse(curve).findtext(f"{SVG}desc") or ""


def test_title_status_units_and_legend_are_text() -> None:
    written = texts(CURVE)
    assert written[:5] == [
        "Loss curve",
        "ftjob-1",
        "Running, step 24 of 40",
        "Training loss: 0.80 at step 24",
        "Validation loss: 1.20 at step 20",
    ]
    assert {"Loss (nats per token)", "Training step"} <= set(written)


def test_the_picture_is_described_for_those_who_do_not_see_it() -> None:
    root = parse(CURVE)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{root[0].get('id')} {root[1].get('id')}"
    assert root.findtext(f"{SVG}title") == "Loss curve of ftjob-1"
    assert describe(CURVE) == (
        "Loss by training step of a fine-tuning job of the model tiny. Running, step 24 of 40. "
        "Training loss, in nats per token: 1.95 at step 1, 0.80 at step 24; the lowest is 0.80 at step 24. "
        "Validation loss, in nats per token: 1.60 at step 10, 1.20 at step 20; the lowest is 1.20 at step 20."
    )


def test_the_lines_differ_in_their_strokes_and_marks_and_not_only_in_color() -> None:
    picture = draw_curve(CURVE)
    assert re.search(r"\.line\.validation \{[^}]*stroke-dasharray", picture)
    assert not re.search(r"\.line\.training \{[^}]*stroke-dasharray", picture)
    assert '<circle class="mark training"' in picture
    assert '<rect class="mark validation"' in picture


def test_the_picture_has_colors_for_light_and_dark() -> None:
    assert "@media (prefers-color-scheme: dark)" in draw_curve(CURVE)


def test_a_job_without_a_validation_file_has_one_line() -> None:
    assert [line.style for line in lay_out(replace(CURVE, validation=[])).lines] == ["training"]
    assert "Validation" not in describe(replace(CURVE, validation=[]))


@pytest.mark.parametrize(
    ("curve", "text"),
    [
        (EMPTY, "No loss has been recorded yet."),
        (replace(EMPTY, status="failed", has_ended=True), "The job ended without a recorded loss."),
    ],
)
def test_a_job_without_steps_says_so(curve: Curve, text: str) -> None:
    assert text in texts(curve)
    assert text in describe(curve)
    assert list(parse(curve).iter(f"{SVG}polyline")) == []


def test_the_status_is_written_in_american_english() -> None:
    assert texts(replace(EMPTY, status="cancelled", has_ended=True))[2] == "Canceled"


def test_every_text_is_escaped() -> None:
    hostile = "<script>alert(1)</script>&\"'"
    curve = replace(CURVE, job_id=hostile, model=hostile, status=hostile)
    assert list(parse(curve).iter(f"{SVG}script")) == []
    assert texts(curve)[1] == hostile
    assert hostile in describe(curve)


def test_the_same_curve_gives_the_same_bytes() -> None:
    assert draw_curve(CURVE) == draw_curve(replace(CURVE))


def test_a_single_point_has_a_mark() -> None:
    chart = lay_out(replace(CURVE, step=1, training=[Point(1, 2.5)], validation=[]))
    assert [len(line.marks) for line in chart.lines] == [1]
    assert chart.losses[0].label == "0"


@pytest.mark.parametrize("losses", [[2.0, 1.0], [0.0, 0.0], [1e-9], [1e-4, 2e-4], [1e27, 1e3], [-0.5, 3], [1.0001, 1.0002]])
@pytest.mark.parametrize("total", [1, 7, 40, 3_000_000])
def test_every_point_is_inside_the_plot_and_every_label_is_short(losses: list[float], total: int) -> None:
    points = [Point(min(index, total), loss) for index, loss in enumerate(losses, 1)]
    chart = lay_out(replace(CURVE, step=points[-1].step, total_steps=total, training=points))
    places = [float(place) for line in chart.lines for pair in line.path.split() for place in pair.split(",")]
    assert all(0 <= place <= 100 for place in places)
    assert all(len(tick.label) <= 8 for tick in (*chart.steps, *chart.losses))
    assert len({tick.label for tick in chart.steps}) == len(chart.steps)


def test_a_lower_loss_is_further_down() -> None:
    path = lay_out(CURVE).lines[0].path
    heights = [float(pair.split(",")[1]) for pair in path.split()]
    assert heights == sorted(heights)


@pytest.mark.parametrize(
    ("total", "high", "step"), [(0, 1, 1), (1, 1, 1), (3, 3, 1), (6, 6, 2), (10, 10, 2), (24, 25, 5), (1234, 1500, 500)]
)
def test_the_axis_of_steps_has_whole_numbers(total: int, high: int, step: int) -> None:
    axis = fit_steps(total)
    assert (axis.low, axis.high, axis.step) == (0, high, step)


def test_the_axis_of_steps_has_few_ticks_for_any_number_of_steps() -> None:
    assert all(2 <= len(fit_steps(total).ticks) <= 6 for total in itertools.chain(range(500), (10**7, 10**9)))


@pytest.mark.parametrize(
    ("loss", "text"), [(0, "0.00"), (2.134, "2.13"), (0.005, "0.01"), (0.0004, "4.0e\N{MINUS SIGN}04"), (1e27, "1.0e+27")]
)
def test_a_loss_keeps_its_size(loss: float, text: str) -> None:
    assert format_loss(loss) == text

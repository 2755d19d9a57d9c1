"""Charts put things where their numbers say."""

import pytest

from services.evaluation.report.charts import RIGHT, draw_charts, draw_differences, draw_scores, fit_axis
from tests.unit.evaluation.cases import draw_scores as made_up
from tests.unit.evaluation.cases import summarize_scores

MEANS = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.12, "both": 0.7}


@pytest.mark.parametrize(
    ("values", "low", "high", "step"),
    [
        ([0.72], 0, 0.8, 0.2),
        ([0.13], 0, 0.15, 0.05),
        ([0.0], 0, 1, 0.2),
        ([-0.06, 0.12], -0.1, 0.15, 0.05),
        ([1.0], 0, 1, 0.2),
        ([570], 0, 600, 200),
    ],
)
def test_an_axis_has_round_ticks_and_holds_zero_and_every_value(values: list[float], low: float, high: float, step: float) -> None:
    axis = fit_axis(values, left=100)
    assert (axis.low, axis.high, axis.step) == pytest.approx((low, high, step))
    places = [place for place, _ in axis.ticks()]
    assert (places[0], places[-1]) == (100, RIGHT)


def test_bars_start_at_zero_and_whiskers_hold_their_ends() -> None:
    summary = summarize_scores(made_up(MEANS, 60))
    chart = draw_scores(summary)
    for arm, row in zip(summary.arms, chart.rows, strict=True):
        assert row.bars[0].x == chart.axis.place(0)
        assert row.bars[0].x + row.bars[0].width == pytest.approx(chart.axis.place(arm.scores["f1"]), abs=0.02)
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.bars[0].x + row.bars[0].width <= row.high <= RIGHT


def test_differences_are_sorted_and_marked_as_shown_or_not() -> None:
    scores = made_up(MEANS, 60)
    scores["fine_tuned"] = scores["base"]
    rows = draw_differences(summarize_scores(scores)).rows
    assert len(rows) == 6
    assert [row.style for row in rows] == ["shown"] * 5 + ["unshown"]
    assert rows[0].dot
    assert rows[-1].dot
    assert rows[0].dot > rows[-1].dot


def test_scores_and_differences_are_equally_tall() -> None:
    for arms in (["base", "rag"], ["base", "rag", "fine_tuned"], list(MEANS)):
        scores, differences, *_ = draw_charts(summarize_scores(made_up({arm: MEANS[arm] for arm in arms}, 20)), priced=False)
        assert scores.height == pytest.approx(differences.height)


def test_every_chart_says_its_numbers_in_words() -> None:
    for chart in draw_charts(summarize_scores(made_up(MEANS, 20), prices={"prompt": 1, "completion": 2}), priced=True):
        assert all(row.label in chart.description and row.value in chart.description for row in chart.rows)
    assert chart.title == "Cost of a thousand questions"

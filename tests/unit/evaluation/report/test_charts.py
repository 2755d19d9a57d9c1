"""Bars, whiskers and dots are where their numbers say."""

import pytest

from services.evaluation.report.axis import RIGHT
from services.evaluation.report.charts import build_charts, build_differences_chart, build_scores_chart
from tests.unit.evaluation.cases import simulate_scores, summarize_scores

MEANS = {"base": 0.1, "rag": 0.3, "fine_tuned": 0.12, "both": 0.7}


def test_bars_start_at_zero_and_end_inside_their_whiskers() -> None:
    summary = summarize_scores(simulate_scores(MEANS, 60))
    chart = build_scores_chart(summary)
    for arm, row in zip(summary.arms, chart.rows, strict=True):
        assert row.bars[0].x == chart.axis.locate(0)
        assert row.bars[0].x + row.bars[0].width == pytest.approx(chart.axis.locate(arm.scores["f1"]), abs=0.02)
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.bars[0].x + row.bars[0].width <= row.high <= RIGHT


def test_differences_are_sorted_and_marked_as_shown_or_not() -> None:
    scores = simulate_scores(MEANS, 60)
    scores["fine_tuned"] = scores["base"]
    rows = build_differences_chart(summarize_scores(scores)).rows
    assert len(rows) == 6
    assert [row.style for row in rows] == ["shown"] * 5 + ["unshown"]
    assert rows[0].dot
    assert rows[-1].dot
    assert rows[0].dot > rows[-1].dot


def test_scores_and_differences_are_equally_tall() -> None:
    for arms in (["base", "rag"], ["base", "rag", "fine_tuned"], list(MEANS)):
        scores, differences, *_ = build_charts(summarize_scores(simulate_scores({arm: MEANS[arm] for arm in arms}, 20)), has_prices=False)
        assert scores.height == pytest.approx(differences.height)


def test_every_chart_has_its_numbers_in_words() -> None:
    for chart in build_charts(summarize_scores(simulate_scores(MEANS, 20), prices={"prompt": 1, "completion": 2}), has_prices=True):
        assert all(row.label in chart.description and row.value in chart.description for row in chart.rows)
    assert chart.title == "Cost per 1,000 questions"

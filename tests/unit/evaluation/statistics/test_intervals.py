"""Intervals of an arm's own mean."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from services.evaluation.statistics.intervals import measure_arms
from tests.unit.evaluation.statistics.trials import draw_binary, make_trial


def test_binary_scores_have_wilsons_interval() -> None:
    scores = draw_binary(1, 40, [0.2, 1.0])
    first, second = measure_arms(make_trial(scores * 10, high=10))
    low, high = proportion_confint(int(scores[:, 0].sum()), 40, method="wilson")
    assert (first.low, first.high) == pytest.approx((10 * low, 10 * high))
    assert (second.mean, second.high) == pytest.approx((10, 10))


def test_clusters_widen_the_interval() -> None:
    scores = np.repeat(draw_binary(2, 20, [0.5, 0.5]), 5, axis=0)
    alone, together = measure_arms(make_trial(scores))[0], measure_arms(make_trial(scores, clusters=np.arange(100) // 5))[0]
    assert together.high - together.low > 1.8 * (alone.high - alone.low)


def test_an_arm_whose_scores_are_all_zero_may_still_be_right_at_times() -> None:
    interval = measure_arms(make_trial(np.zeros((40, 2)), clusters=np.arange(40) // 2))[0]
    assert (interval.mean, interval.low) == (0.0, 0.0)
    assert 0.1 < interval.high < 0.2


def test_arms_with_opposite_scores_have_mirrored_intervals() -> None:
    scores = np.random.default_rng(3).random(25)
    first, second = measure_arms(make_trial(np.column_stack([scores, 1 - scores])))
    assert (first.low, first.high) == pytest.approx((1 - second.high, 1 - second.low))


@pytest.mark.parametrize("values", [[], [0.4], [1.0], [0.0, 1.0]])
def test_a_few_scores_have_an_interval_within_the_range(values: list[float]) -> None:
    for interval in measure_arms(make_trial(np.column_stack([values, values]))):
        assert 0 <= interval.low <= interval.mean <= interval.high <= 1

"""Which of several runs over the same items is better."""

import numpy as np
import pytest

from shared.statistics.pass_rates import MIN_ITEMS, compare_pass_rates
from shared.statistics.tango import lower_limit


def make_runs(both: int, only_first: int, only_second: int, neither: int) -> np.ndarray:
    rows = [(True, True)] * both + [(True, False)] * only_first + [(False, True)] * only_second + [(False, False)] * neither
    return np.array(rows, dtype=np.bool_)


def test_the_limits_of_two_runs_are_tangos_95_percent_limits() -> None:
    (pair,) = compare_pass_rates(make_runs(60, 24, 8, 8))
    assert (pair.first, pair.second, pair.only_first, pair.only_second, pair.shown) == (0, 1, 24, 8, True)
    assert pair.difference == pytest.approx(0.16)
    assert pair.low == pytest.approx(float(lower_limit(24, 8, 100, 0.025)))
    assert pair.high == pytest.approx(-float(lower_limit(8, 24, 100, 0.025)))


def test_a_difference_that_may_be_luck_is_not_shown() -> None:
    (pair,) = compare_pass_rates(make_runs(60, 12, 8, 20))
    assert not pair.shown
    assert pair.low < 0 < pair.difference < pair.high


def test_the_intervals_are_wider_if_more_runs_are_compared() -> None:
    two = make_runs(60, 24, 8, 8)
    (alone,) = compare_pass_rates(two)
    together = compare_pass_rates(np.hstack([two, two[:, :1], two[:, :1]]))
    assert [(pair.first, pair.second) for pair in together] == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert together[0].low < alone.low
    assert together[0].high > alone.high


def test_runs_with_the_same_results_do_not_differ() -> None:
    (pair,) = compare_pass_rates(make_runs(50, 0, 0, 50))
    assert (pair.difference, pair.shown) == (0.0, False)
    assert pair.low < 0 < pair.high


@pytest.mark.parametrize(("items", "shown"), [(MIN_ITEMS - 1, False), (MIN_ITEMS, True)])
def test_few_items_show_nothing(items: int, shown: bool) -> None:
    (pair,) = compare_pass_rates(make_runs(0, items, 0, 0))
    assert pair.shown is shown


@pytest.mark.parametrize(("items", "discordant"), [(30, 0.4), (100, 0.3), (400, 0.05)])
def test_of_equal_runs_one_is_called_better_in_at_most_five_percent_of_comparisons(items: int, discordant: float) -> None:
    random, repetitions = np.random.default_rng(7), 400
    wrong = 0
    for _ in range(repetitions):
        answers = random.random((items, 1)) < 0.6
        flipped = random.random((items, 3)) < discordant / 2
        wrong += any(pair.shown for pair in compare_pass_rates(answers ^ flipped))
    assert wrong <= 0.05 * repetitions + 3 * (0.05 * 0.95 * repetitions) ** 0.5

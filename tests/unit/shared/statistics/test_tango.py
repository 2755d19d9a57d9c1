"""Tango's score statistic and limits, against published examples and against the definition."""

import numpy as np
import pytest
from scipy import special

from shared.statistics.tango import PairedCounts, lower_limit, statistic

# Wins, losses, questions, the level of the two-sided interval, the published limits.
PUBLISHED = {
    "Tango 1998, section 6.1, disinfecting of contact lenses": (0, 1, 44, 0.90, -0.096, 0.037),
    "Tango 1998, section 6.2, difficulties in sleeping": (9, 3, 32, 0.95, -0.027, 0.390),
    "Agresti and Min 2005, section 2": (16, 8, 86, 0.95, -0.020, 0.207),
    "Fagerland, Lydersen, Laake 2014, airways before and after transplantation": (1, 7, 21, 0.95, -0.517, -0.026),
    "Fagerland, Lydersen, Laake 2017, response before and after therapy": (6, 16, 161, 0.95, -0.124, -0.005),
}


@pytest.mark.parametrize("example", PUBLISHED)
def test_the_limits_are_those_of_published_examples(example: str) -> None:
    wins, losses, questions, level, low, high = PUBLISHED[example]
    assert float(lower_limit(wins, losses, questions, (1 - level) / 2)) == pytest.approx(low, abs=6e-4)
    assert -float(lower_limit(losses, wins, questions, (1 - level) / 2)) == pytest.approx(high, abs=6e-4)


def test_the_statistic_is_that_of_tangos_own_test_of_equivalence() -> None:
    assert float(statistic(0, 1, 44, -0.1)) == pytest.approx(1.709, abs=5e-4)


def test_a_difference_of_zero_is_tested_as_by_mcnemar() -> None:
    assert float(statistic(9, 3, 32, 0.0)) == pytest.approx((9 - 3) / np.sqrt(9 + 3))


def test_the_estimate_of_losses_maximizes_the_likelihood() -> None:
    wins, losses, questions, difference = 13, 9, 60, -0.08
    grid = np.linspace(1e-6, 1 - 1e-6, 2_000_001)
    grid = grid[(grid + difference > 0) & (2 * grid + difference < 1)]
    likelihood = wins * np.log(grid + difference) + losses * np.log(grid) + (questions - wins - losses) * np.log(1 - 2 * grid - difference)
    best = grid[np.argmax(likelihood)]
    expected = (wins - losses - questions * difference) / np.sqrt(questions * (2 * best + difference - difference**2))
    assert float(statistic(wins, losses, questions, difference)) == pytest.approx(expected, abs=1e-4)


def test_the_statistic_decreases_with_the_difference_for_all_counts() -> None:
    differences = np.linspace(-1, 1, 401)
    for questions in (1, 2, 7, 23):
        wins, losses = np.meshgrid(np.arange(questions + 1), np.arange(questions + 1))
        possible = wins + losses <= questions
        z = statistic(wins[possible][:, None], losses[possible][:, None], questions, differences)
        assert not np.isnan(z).any()
        assert (z[:, 1:] <= z[:, :-1] + 1e-7).all()


def test_a_limit_exceeds_a_difference_exactly_if_the_statistic_exceeds_the_quantile() -> None:
    wins, losses = np.meshgrid(np.arange(21), np.arange(21))
    possible = wins + losses <= 20
    wins, losses = wins[possible], losses[possible]
    limits = lower_limit(wins, losses, 20, 0.025 / 3)
    for difference in (-0.5, -0.05, 0.0, 0.2):
        exceeds = statistic(wins, losses, 20, difference) > special.ndtri(1 - 0.025 / 3)
        assert np.array_equal(limits > difference, exceeds)


def test_equal_answers_have_limits_around_zero() -> None:
    z2 = float(special.ndtri(0.975)) ** 2
    assert float(lower_limit(0, 0, 20, 0.025)) == pytest.approx(-z2 / (20 + z2))


def test_extreme_counts_have_limits_within_the_range() -> None:
    assert float(lower_limit(0, 20, 20, 0.025)) == -1.0
    z2 = float(special.ndtri(0.975)) ** 2
    assert float(lower_limit(20, 0, 20, 0.025)) == pytest.approx((20 - z2) / (20 + z2))
    assert float(lower_limit(0, 0, 0, 0.025)) == -1.0
    assert float(lower_limit(3, 1, 100_000, 0.025)) == pytest.approx(2e-5, abs=5e-5)


def test_counts_of_all_pairs_are_compared_row_minus_column() -> None:
    scores = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1]], dtype=float)
    counts = PairedCounts(np.asarray(3.0), scores.T @ scores)
    assert counts.wins.tolist() == [[0, 2, 2], [0, 0, 1], [0, 1, 0]]
    assert counts.lower_limits(0.025)[0, 1] == lower_limit(2, 0, 3, 0.025)

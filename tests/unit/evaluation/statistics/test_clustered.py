"""The clustered t, against statsmodels and against the definition."""

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm

from services.evaluation.statistics.clustered import Totals, estimate, lower_limit

Values = npt.NDArray[np.float64]


def total(values: Values, clusters: npt.NDArray[np.int64]) -> Totals:
    sums, sizes = np.bincount(clusters, values), np.bincount(clusters).astype(np.float64)
    parts = (np.ones_like(sizes), sizes, sizes**2, sums, sums**2, sums * sizes)
    return Totals(*(np.asarray(part.sum()) for part in parts))


def draw(sizes: list[int]) -> tuple[Values, npt.NDArray[np.int64]]:
    random = np.random.default_rng(5)
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    values = 0.1 + 0.2 * random.standard_normal(len(sizes))[clusters] + 0.2 * random.standard_normal(len(clusters))
    return np.clip(values, -1, 1), clusters


@pytest.mark.parametrize("sizes", [[1] * 30, [5] * 12, [1, 2, 9, 4, 4, 1, 1, 3, 3, 7, 2, 5], [3, 1]])
def test_mean_and_error_are_those_of_a_regression_with_clustered_covariance(sizes: list[int]) -> None:
    values, clusters = draw(sizes)
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    mean, error = estimate(total(values, clusters))
    assert float(mean) == pytest.approx(float(fit.params[0]))
    assert float(error) == pytest.approx(float(fit.bse[0]))


@pytest.mark.parametrize("sizes", [[1] * 30, [5] * 12, [2, 4, 3, 3, 1, 5]])
def test_the_limit_is_that_of_a_regression_with_one_more_cluster_of_the_worst_values(sizes: list[int]) -> None:
    values, clusters = draw(sizes)
    size = len(values) // len(sizes)
    guarded = np.concatenate([values, np.full(size, -1.0)])
    groups = np.concatenate([clusters, np.full(size, len(sizes))])
    fit = sm.OLS(guarded, np.ones(len(guarded))).fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    assert float(lower_limit(total(values, clusters), -1.0, 0.025)) == pytest.approx(float(fit.conf_int(0.05)[0, 0]))


def test_repeating_each_question_within_its_cluster_changes_nothing() -> None:
    values, clusters = draw([1] * 25)
    once = lower_limit(total(values, clusters), -1.0, 0.01)
    assert float(lower_limit(total(np.repeat(values, 5), np.repeat(clusters, 5)), -1.0, 0.01)) == pytest.approx(float(once), abs=1e-12)


def test_repeating_each_question_as_a_cluster_of_its_own_would_pretend_more_certainty() -> None:
    values, clusters = draw([1] * 25)
    repeated = lower_limit(total(np.repeat(values, 5), np.arange(125)), -1.0, 0.01)
    assert float(repeated) > float(lower_limit(total(values, clusters), -1.0, 0.01)) + 0.05


def test_differences_that_are_all_zero_leave_room_for_losses() -> None:
    assert float(lower_limit(total(np.zeros(20), np.arange(20)), -1.0, 0.025)) == pytest.approx(-1 / 21 - 2.0859634 / 21)


@pytest.mark.parametrize("values", [[], [0.3], [-1.0], [1.0], [-1.0] * 12, [1.0] * 12])
def test_a_limit_is_a_number_within_the_range_whatever_the_values(values: list[float]) -> None:
    limit = float(lower_limit(total(np.asarray(values, dtype=float), np.arange(len(values))), -1.0, 0.025))
    assert -1 <= limit < 1

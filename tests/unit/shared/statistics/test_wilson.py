import pytest
from statsmodels.stats.proportion import proportion_confint

from shared.statistics.wilson import wilson_interval


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (1, 1), (0, 20), (7, 20), (19, 20), (20, 20), (1, 100_000), (50_001, 100_000)])
def test_the_limits_are_those_of_statsmodels(successes: int, trials: int) -> None:
    assert wilson_interval(successes, trials) == pytest.approx(proportion_confint(successes, trials, method="wilson"), abs=1e-12)


def test_the_limits_stay_within_0_and_1_and_are_exact_at_the_ends() -> None:
    assert wilson_interval(0, 8)[0] == 0.0
    assert wilson_interval(8, 8)[1] == 1.0
    assert wilson_interval(0, 0) == (0.0, 1.0)

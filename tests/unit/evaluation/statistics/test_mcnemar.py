"""McNemar's tests, against statsmodels and published values."""

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from services.evaluation.statistics.mcnemar import exact_p, mid_p


@pytest.mark.parametrize(("wins", "losses"), [(0, 0), (3, 3), (9, 3), (0, 7), (40, 21)])
def test_the_exact_test_is_that_of_statsmodels(wins: int, losses: int) -> None:
    assert float(exact_p(wins, losses)) == pytest.approx(mcnemar(np.array([[5, wins], [losses, 5]]), exact=True).pvalue)


def test_the_values_are_those_of_a_published_example() -> None:
    assert float(mid_p(6, 16)) == pytest.approx(0.034690, abs=1e-6)  # Fagerland, Lydersen, Laake 2017, response to therapy
    assert float(exact_p(6, 16)) == pytest.approx(0.052479, abs=1e-6)


def test_equal_counts_show_nothing() -> None:
    assert mid_p([0, 1, 50], [0, 1, 50]).tolist() == pytest.approx([1.0, 1.0, 1.0])

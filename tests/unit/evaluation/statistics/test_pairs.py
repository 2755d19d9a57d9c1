"""The table of pairs: the intervals that are printed decide."""

import numpy as np
import pytest

from services.evaluation.statistics.pairs import compare_pairs
from shared.statistics.tango import lower_limit
from tests.unit.evaluation.statistics.trials import draw_binary, make_trial


def test_every_pair_is_compared_once_in_the_order_of_the_arms() -> None:
    pairs = compare_pairs(make_trial(draw_binary(1, 30, [0.2, 0.5, 0.9])))
    assert [(pair.first, pair.second) for pair in pairs] == [("arm 0", "arm 1"), ("arm 0", "arm 2"), ("arm 1", "arm 2")]


def test_an_interval_is_corrected_for_all_pairs_and_the_look() -> None:
    scores = draw_binary(2, 40, [0.2, 0.5, 0.6, 0.9])
    pair = compare_pairs(make_trial(scores, look=2))[2]
    wins, losses = int((scores[:, 0] > scores[:, 3]).sum()), int((scores[:, 0] < scores[:, 3]).sum())
    assert pair.low == pytest.approx(float(lower_limit(wins, losses, 40, 0.0125 / 6)))
    assert pair.high == pytest.approx(-float(lower_limit(losses, wins, 40, 0.0125 / 6)))
    assert pair.mean == pytest.approx((wins - losses) / 40)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("clustered", [True, False])
def test_a_pair_is_shown_exactly_if_its_interval_excludes_zero(seed: int, clustered: bool) -> None:
    clusters = np.arange(60) // 3 if clustered else None
    for pair in compare_pairs(make_trial(draw_binary(seed, 60, [0.3, 0.5, 0.6]), clusters=clusters)):
        assert pair.shown == (pair.low > 0 or pair.high < 0)
        assert pair.low <= pair.mean <= pair.high


def test_intervals_are_in_scores() -> None:
    scores = draw_binary(3, 50, [0.4, 0.6])
    plain, scaled = compare_pairs(make_trial(scores))[0], compare_pairs(make_trial(scores * 4 + 1, low=1, high=5))[0]
    assert (scaled.mean, scaled.low, scaled.high) == pytest.approx((4 * plain.mean, 4 * plain.low, 4 * plain.high))


def test_p_values_are_given_for_single_binary_answers_only() -> None:
    scores = np.zeros((40, 2))
    scores[:6, 0], scores[6:22, 1] = 1, 1
    pair = compare_pairs(make_trial(scores))[0]
    assert (pair.mid_p, pair.exact_p) == pytest.approx((0.034690, 0.052479), abs=1e-6)
    for other in (make_trial(scores * 0.5), make_trial(scores, clusters=np.arange(40) // 2)):
        assert (compare_pairs(other)[0].mid_p, compare_pairs(other)[0].exact_p) == (None, None)

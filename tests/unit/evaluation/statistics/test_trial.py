"""A trial: what it derives from the scores, and what it refuses."""

import numpy as np
import pytest

from tests.unit.evaluation.statistics.trials import make_trial


def test_scores_become_shares_of_the_range() -> None:
    trial = make_trial([[-1.0, 3.0], [1.0, -1.0]], low=-1.0, high=3.0)
    assert trial.units.tolist() == [[0.0, 1.0], [0.5, 0.0]]
    assert trial.margin_in_units == pytest.approx(0.05)
    assert trial.means.tolist() == [0.0, 1.0]


def test_the_noise_of_floats_does_not_make_binary_scores_continuous() -> None:
    assert make_trial([[0.1 + 0.2, 0.0], [0.0, 0.3 + 1e-12]], high=0.3).binary


def test_a_score_between_the_ends_makes_a_trial_continuous() -> None:
    assert not make_trial([[1.0, 0.0], [0.001, 1.0]]).binary


def test_questions_with_one_cluster_number_belong_together() -> None:
    trial = make_trial(np.zeros((4, 2)), clusters=[7, -3, 7, 10])
    assert trial.clustered
    assert trial.cluster_sizes.tolist() == [1, 2, 1]
    assert trial.largest_cluster == 0.5


def test_fewer_than_ten_clusters_are_too_few_even_with_many_questions() -> None:
    assert make_trial(np.zeros((90, 2)), clusters=np.arange(90) % 9).too_few
    assert not make_trial(np.zeros((90, 2)), clusters=np.arange(90) % 10).too_few


def test_of_two_arms_with_one_cost_the_first_is_the_cheaper() -> None:
    assert make_trial(np.zeros((2, 3)), costs=[2.0, 1.0, 1.0]).by_cost.tolist() == [1, 2, 0]


def test_a_selection_keeps_the_clusters_of_its_questions() -> None:
    trial = make_trial(np.arange(8).reshape(4, 2) / 10, clusters=[5, 5, 6, 6])
    assert trial.select(np.array([True, True, True, False])).cluster_sizes.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scores": np.zeros((3, 1))}, "at least two arms; got 1"),
        ({"scores": [[0.0, 1.5]]}, r"'scores' must be between 0.0 and 1.0; got 1.5"),
        ({"scores": [[0.0, np.nan]]}, "'scores' must be between 0.0 and 1.0; got nan"),
        ({"clusters": [1, 2, 3]}, r"'scores' must have shape \(3, 2\); got \(2, 2\)"),
        ({"costs": [1.0]}, r"'costs' must have shape \(2,\)"),
        ({"costs": [1.0, np.inf]}, "'costs' must be finite"),
        ({"low": 1.0, "high": 1.0, "margin": 0.1}, "'low' must be below 'high'"),
        ({"margin": 0.0}, "'margin' must be between 0 and the range"),
        ({"look": 0}, "'look' must be at least 1; got 0"),
        ({"base": 2}, "'base' must be the index of an arm; got 2"),
    ],
)
def test_an_impossible_trial_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_trial(**({"scores": [[0.0, 1.0], [1.0, 0.0]]} | change))  # type: ignore[arg-type]
